"""Plans: what the pending papers will cost."""

import pytest

from rindoku.errors import AccessDenied
from rindoku.explain import explain_document, plan, save_explanation
from rindoku.explain.plan import USUAL_TOKENS
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, Fault, StandIn
from rindoku.sample.faults import Kind
from rindoku.settings import Settings
from tests.queries import count_model_calls, find_document_id, select_rows


def count_token_counts(standin: StandIn) -> int:
    return sum(access.target.endswith("count_tokens") for access in standin.log)


def test_the_tokens_of_pending_papers_are_counted_for_free(
    standin: StandIn, read_already: Settings
) -> None:
    found = plan(Run("plan"), SAMPLE_WEEK)
    assert (len(found.papers), count_token_counts(standin)) == (10, 10)
    assert all(p.counted and p.tokens > 900 for p in found.papers)
    assert found.usd is not None
    assert found.batch_usd is not None
    # A batch costs half, and writes nothing to the cache.
    assert 0.4 < found.batch_usd / found.usd < 0.5
    assert count_model_calls(standin) == 0


def test_an_explained_paper_is_not_planned_and_cost_what_was_estimated(
    standin: StandIn, read_already: Settings
) -> None:
    document = find_document_id("arxiv:2404.02060")
    before = {p.paper_id: p for p in plan(Run("plan"), None).papers}
    generation = explain_document(Run("r"), document)
    save_explanation(Run("r"), generation)
    after = plan(Run("plan"), None)
    assert len(after.papers) == 9
    [call] = select_rows(
        "SELECT input_tokens + cache_write_tokens AS tokens, cost_usd FROM model_calls"
    )
    planned = before["arxiv:2404.02060"]
    # The service rounds the cached part separately.
    assert abs(call["tokens"] - planned.tokens) <= 1
    assert call["cost_usd"] <= planned.usd


def test_thinking_and_long_replies_count_in_the_plan(
    standin: StandIn, read_already: Settings
) -> None:
    run = Run("plan")
    before = plan(run, SAMPLE_WEEK).papers[0]
    assert before.usd is not None
    assert before.usd_at_most is not None
    assert before.usd_at_most > before.usd
    document = find_document_id("arxiv:2404.02060")
    save_explanation(run, explain_document(run, document))
    with run.archive.write() as con:
        con.execute("UPDATE call_ends SET output_tokens = 14_000")
    after = {p.paper_id: p for p in plan(run, SAMPLE_WEEK).papers}
    now = after[before.paper_id]
    assert now.usd is not None
    assert now.usd_at_most == before.usd_at_most
    # Replies of this archive are longer than is usual, mostly by thinking.
    assert before.usd < now.usd < now.usd_at_most


def test_a_week_without_a_list_is_planned_with_papers_of_the_usual_length(
    standin: StandIn, read_already: Settings
) -> None:
    found = plan(Run("plan"), "2024-W20")
    assert [paper.tokens for paper in found.papers] == [USUAL_TOKENS] * 10


def test_a_model_without_a_price_has_no_estimate(
    standin: StandIn, read_already: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINDOKU_MODEL", "some-local-model")
    assert plan(Run("plan"), SAMPLE_WEEK).usd is None


def test_without_a_key_tokens_are_estimated(
    standin: StandIn, read_already: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "")
    found = plan(Run("plan"), SAMPLE_WEEK)
    assert {p.counted for p in found.papers} == {False}
    assert count_token_counts(standin) == 0


@pytest.mark.parametrize("fault", ["404", "429", "503-html"])
def test_tokens_that_the_service_cannot_count_are_estimated(
    standin: StandIn, read_already: Settings, fault: Kind
) -> None:
    standin.faults.order(Fault(fault, "count_tokens", times=10))
    found = plan(Run("plan"), SAMPLE_WEEK)
    assert {paper.counted for paper in found.papers} == {False}
    assert found.usd is not None


def test_a_rejected_key_is_no_reason_to_estimate(
    standin: StandIn, read_already: Settings
) -> None:
    standin.faults.order(Fault("401", "count_tokens"))
    with pytest.raises(AccessDenied):
        plan(Run("plan"), SAMPLE_WEEK)
