"""Plans: what is to be paid, before it is."""

import pytest

from rindoku.explain import explain_document, plan, save_explanation
from rindoku.explain.plan import USUAL_TOKENS
from rindoku.run import Run
from rindoku.sample.content import SAMPLE_WEEK
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from tests.queries import find_document_id


def counted(standin: StandIn) -> int:
    return sum(a.target.endswith("count_tokens") for a in standin.log)


def test_a_plan_counts_what_is_pending_and_pays_nothing(
    standin: StandIn, read_already: Settings
) -> None:
    found = plan(Run("plan"), SAMPLE_WEEK)
    assert (len(found.papers), counted(standin)) == (10, 10)
    assert all(p.counted and p.tokens > 900 for p in found.papers)
    assert found.usd is not None
    assert found.batch_usd is not None
    assert 0.4 < found.batch_usd / found.usd < 0.5, (
        "half the price, and nothing written to a cache"
    )
    assert not [a for a in standin.log if a.target.endswith("/v1/messages")]


def test_what_is_done_is_not_in_the_plan_and_the_estimate_was_honest(
    standin: StandIn, read_already: Settings
) -> None:
    document = find_document_id("arxiv:2404.02060")
    before = {p.paper_id: p for p in plan(Run("plan"), None).papers}
    generation = explain_document(Run("r"), document)
    save_explanation(Run("r"), generation)
    after = plan(Run("plan"), None)
    assert len(after.papers) == 9
    with Run("r").archive.write() as con:
        [paid] = con.execute(
            "SELECT input_tokens + cache_write_tokens, cost_usd FROM model_calls"
        ).fetchall()
    planned = before["arxiv:2404.02060"]
    assert abs(paid[0] - planned.tokens) <= 1, (
        "the service rounds the cached part by itself"
    )
    assert paid[1] <= planned.usd


def test_an_unknown_week_counts_with_usual_papers_and_an_unknown_price_is_unknown(
    standin: StandIn, read_already: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = plan(Run("plan"), "2024-W20")
    assert (len(found.papers), {p.tokens for p in found.papers}) == (
        10,
        {USUAL_TOKENS},
    )
    monkeypatch.setenv("RINDOKU_MODEL", "some-local-model")
    assert plan(Run("plan"), SAMPLE_WEEK).usd is None


def test_without_a_key_nothing_is_to_be_paid_but_tokens_are_estimated(
    standin: StandIn, read_already: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "")
    found = plan(Run("plan"), SAMPLE_WEEK)
    assert {p.counted for p in found.papers} == {False}
    assert counted(standin) == 0
