"""Batches: half the price, resumed after a kill, nothing paid twice, nothing lost."""

import json
from collections.abc import Callable

import pytest

from rindoku.errors import BadInput, InBatch, OutOfCredit, SourceUnavailable
from rindoku.explain import (
    explain_document,
    explain_in_batches,
    repair_in_batches,
    save_explanation,
)
from rindoku.llm import batches, courier
from rindoku.models import Outcome
from rindoku.publish import outcome_of
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, Fault, StandIn
from rindoku.sample.faults import Kind
from rindoku.settings import Settings
from tests.edits import Json
from tests.queries import count_model_calls, count_rows, find_document_id, select_rows

BATCHES = "/v1/messages/batches"


def count_batches(standin: StandIn) -> int:
    """How many batches were submitted."""
    posts = [access for access in standin.log if access.method == "POST"]
    return sum(access.target.endswith(BATCHES) for access in posts)


class Killed(BaseException):
    """What ends a run in place of a kill -9."""


def kill(*_: object) -> None:
    raise Killed


def no_pause(seconds: float, awaited: int) -> None:
    assert seconds <= batches.LONGEST_PAUSE_S
    assert awaited > 0


@pytest.fixture
def documents(read_already: Settings) -> list[str]:
    """Documents of three papers that were read; two explanations need a repair."""
    papers = ("arxiv:2404.02258", "arxiv:2403.17887", "arxiv:2404.03626")
    return [find_document_id(paper_id) for paper_id in papers]


def work(
    run: Run, documents: list[str], pause: Callable[[float, int], None] = no_pause
) -> list[str]:
    """Explains, repairs and saves in batches; returns why some of them failed."""
    explained = explain_in_batches(run, documents, pause)
    repaired = repair_in_batches(run, explained.generation_ids, pause)
    for generation_id in repaired.generation_ids:
        save_explanation(run, generation_id)
    return [*explained.failures.values(), *repaired.failures.values()]


def wait_until_killed(standin: StandIn, documents: list[str]) -> None:
    """A run that is killed while it waits for its batch, which has not ended."""
    standin.batches.patience = 99
    with pytest.raises(Killed):
        work(Run("first"), documents, kill)


def test_a_stage_is_one_batch_at_half_the_price(
    standin: StandIn, documents: list[str]
) -> None:
    run = Run("batched")
    assert work(run, documents) == []
    assert count_batches(standin) == 2, "one for the explanations, one for the repairs"
    assert count_model_calls(standin) == 0
    calls = select_rows(
        "SELECT kind, status, cost_usd, input_tokens, output_tokens, "
        "cache_write_tokens FROM model_calls ORDER BY kind"
    )
    assert [(c["kind"], c["status"]) for c in calls] == [
        ("explain", "answered")
    ] * 3 + [("repair", "answered")] * 2
    for call in calls:
        assert call["cache_write_tokens"] == 0, "a cache would expire before it is read"
        assert call["cost_usd"] == pytest.approx(
            (call["input_tokens"] * 2 + call["output_tokens"] * 10) / 1e6 / 2
        )
    assert count_rows("batches WHERE ended_at IS NOT NULL") == 2
    assert count_rows("questions WHERE status = 'verified'") >= 28
    assert count_rows("questions WHERE repaired") == 1
    assert not list((run.settings.home_path / "inbox").glob("b2-*")), (
        "nothing is left waiting"
    )
    assert work(Run("again"), documents) == []
    assert count_batches(standin) == 2


def test_after_a_kill_while_waiting_the_next_run_collects_the_batch(
    standin: StandIn, documents: list[str]
) -> None:
    standin.batches.patience = 3

    with pytest.raises(Killed):
        work(Run("first"), documents, kill)
    assert [r["status"] for r in select_rows("FROM model_calls")] == ["asked"] * 3
    waits: list[float] = []
    failures = work(Run("second"), documents, lambda seconds, _: waits.append(seconds))
    assert failures == []
    assert count_batches(standin) == 2
    assert waits[:2] == [2.0, 4.0], "each wait is longer"
    calls = select_rows("SELECT run_id FROM model_calls WHERE kind = 'explain'")
    assert {call["run_id"] for call in calls} == {"first"}


@pytest.mark.parametrize(
    "moment", ["before the courier", "before the confirmation is saved"]
)
def test_after_a_kill_while_submitting_nothing_is_submitted_twice(
    standin: StandIn, documents: list[str], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    with monkeypatch.context() as patch:
        if moment == "before the courier":
            patch.setattr(courier, "submit_batch", kill)
        else:
            patch.setattr(batches, "confirm_batch", kill)
        with pytest.raises(Killed):
            work(Run("first"), documents)
    assert select_rows("SELECT batch_id FROM batches") == [{"batch_id": None}]
    assert work(Run("second"), documents) == []
    assert count_batches(standin) == 2
    assert len(select_rows("FROM batches")) == 2


def test_a_batch_whose_confirmation_was_lost_is_found_at_the_service(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("response-lost", BATCHES))
    with pytest.raises(SourceUnavailable):
        work(Run("first"), documents)
    # The service may have accepted the batch or not.
    assert select_rows("SELECT batch_id FROM batches") == [{"batch_id": None}]
    # It had accepted it; the batch is identified by its time and size.
    assert work(Run("second"), documents) == []
    assert count_batches(standin) == 2


@pytest.mark.parametrize("kind", ["batch-expired", "batch-errored", "batch-canceled"])
def test_a_request_that_was_not_answered_is_submitted_again(
    standin: StandIn, documents: list[str], kind: Kind
) -> None:
    standin.faults.order(Fault(kind, BATCHES))
    assert work(Run("r"), documents) == []
    assert count_batches(standin) == 3
    calls = select_rows(
        "SELECT status, count(*) AS n FROM model_calls WHERE kind = 'explain' "
        "GROUP BY ALL ORDER BY status"
    )
    assert calls == [{"status": "answered", "n": 3}, {"status": "failed", "n": 1}]


def test_a_request_that_is_invalid_is_not_submitted_again(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("batch-invalid", BATCHES))
    failures = work(Run("r"), documents)
    assert len(failures) == 1
    assert "rejected the request" in failures[0]
    assert count_batches(standin) == 2
    assert count_rows("generations WHERE kind = 'explain'") == 2


def test_a_paper_whose_repair_failed_is_left_for_the_next_run(
    standin: StandIn, documents: list[str]
) -> None:
    explained = explain_in_batches(Run("r"), documents, no_pause).generation_ids
    standin.faults.order(Fault("batch-invalid", BATCHES))
    repaired = repair_in_batches(Run("r"), explained, no_pause)
    counts = (len(explained), len(repaired.generation_ids), len(repaired.failures))
    assert counts == (3, 2, 1)


def test_a_request_that_expires_every_time_is_reported(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("batch-expired", BATCHES, times=99))
    failures = work(Run("r"), documents[:1])
    assert failures == ["The batch returned no reply. Run again."]
    assert count_batches(standin) == batches.SUBMISSIONS


def test_the_fallback_model_is_asked_in_the_next_batch_after_a_refusal(
    standin: StandIn, documents: list[str]
) -> None:
    def refuse(message: Json, request: Json) -> Json:
        if "opus" in request["model"] or "Depths" not in json.dumps(request):
            return message
        return message | {"content": [], "stop_reason": "refusal"}

    standin.model.edit_message = refuse
    explained = explain_in_batches(Run("r"), documents, no_pause)
    assert (len(explained.generation_ids), explained.failures) == (3, {})
    assert count_batches(standin) == 2
    found = select_rows("SELECT model, status FROM generations ORDER BY model, status")
    assert found.count({"model": "claude-opus-5-5", "status": "good"}) == 1


def test_a_batch_stays_below_the_ceiling(
    standin: StandIn, documents: list[str]
) -> None:
    explained = explain_in_batches(Run("r", max_usd=0.10), documents, no_pause)
    assert (len(explained.generation_ids), count_batches(standin)) == (1, 1)
    [failure] = set(explained.failures.values())
    assert len(explained.failures) == 2, "one cause, with the papers it concerns"
    assert "2 more calls may cost up to $0.1" in failure
    assert "the rest needs at least 0.1" in failure, "for all of them, not for the next"
    more = explain_in_batches(Run("more"), documents, no_pause)
    assert (len(more.generation_ids), more.failures, count_batches(standin)) == (
        3,
        {},
        2,
    )


def test_an_account_without_credit_is_an_error(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("400-spend-limit", BATCHES))
    with pytest.raises(OutOfCredit):
        work(Run("r"), documents)
    calls = select_rows("SELECT DISTINCT status, error FROM model_calls")
    assert calls == [{"status": "failed", "error": "OutOfCredit"}]
    assert work(Run("topped up"), documents) == []


def test_a_broken_result_affects_no_other_result(
    standin: StandIn, documents: list[str]
) -> None:
    broken: list[Json] = [{"id": "msg_broken"}]
    standin.model.edit_message = lambda message, _: broken.pop() if broken else message
    assert work(Run("r"), documents) == []
    calls = select_rows(
        "SELECT status, count(*) AS n FROM model_calls WHERE kind = 'explain' "
        "GROUP BY ALL ORDER BY status"
    )
    assert calls == [{"status": "answered", "n": 3}, {"status": "failed", "n": 1}]


def test_the_error_for_a_service_without_batches_names_the_remedy(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("404", BATCHES))
    with pytest.raises(BadInput, match="without --batch"):
        work(Run("r"), documents)
    assert {c["status"] for c in select_rows("FROM model_calls")} == {"failed"}
    explain_document(Run("r"), documents[0])


def test_a_paper_in_a_batch_is_not_explained_by_a_single_call(
    standin: StandIn, documents: list[str]
) -> None:
    wait_until_killed(standin, documents)
    with pytest.raises(InBatch, match="msgbatch_sample"):
        explain_document(Run("impatient"), documents[0])
    assert count_model_calls(standin) == 0


def test_a_single_call_takes_the_reply_of_a_batch_that_has_ended(
    standin: StandIn, documents: list[str]
) -> None:
    wait_until_killed(standin, documents)
    standin.batches.patience = 0
    assert explain_document(Run("second"), documents[0])
    assert count_model_calls(standin) == 0


def test_a_single_call_is_made_for_a_batch_that_was_archived(
    standin: StandIn, documents: list[str]
) -> None:
    wait_until_killed(standin, documents)
    standin.batches.forget()
    assert explain_document(Run("second"), documents[0])
    assert count_model_calls(standin) == 1


def test_a_batch_that_the_service_does_not_know_is_submitted_again(
    standin: StandIn, documents: list[str]
) -> None:
    wait_until_killed(standin, documents)
    standin.batches.forget()
    standin.batches.patience = 0
    assert work(Run("second"), documents) == []
    lost = select_rows("SELECT run_id, error FROM model_calls WHERE status = 'failed'")
    assert lost == [{"run_id": "first", "error": "ReplyLost"}] * 3, "may be billed"


def test_an_error_while_waiting_loses_nothing(
    standin: StandIn, documents: list[str]
) -> None:
    standin.batches.patience = 1
    counts: list[int] = []

    def pause(seconds: float, awaited: int) -> None:
        counts.append(awaited)
        standin.faults.order(Fault("503-html", "msgbatch"))

    with pytest.raises(SourceUnavailable):
        work(Run("first"), documents, pause)
    standin.faults.clear()
    assert work(Run("second"), documents) == []
    assert (counts[0], count_batches(standin)) == (3, 2)
    # The other seven papers are not explained.
    assert outcome_of(Run("r"), SAMPLE_WEEK) == Outcome.PARTIAL


def test_results_that_were_archived_are_given_up_and_bought_anew(
    standin: StandIn, documents: list[str]
) -> None:
    wait_until_killed(standin, documents)
    standin.batches.patience = 0
    standin.batches.archive()
    assert work(Run("second"), documents) == []
    lost = select_rows(
        "SELECT DISTINCT message FROM model_calls WHERE error = 'ReplyLost'"
    )
    assert [("29 days" in row["message"]) for row in lost] == [True]


@pytest.mark.parametrize("cut", ["inside a line", "between lines"])
def test_a_torn_body_of_results_loses_and_repeats_nothing(
    standin: StandIn, documents: list[str], monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    results = standin.batches.results

    def torn(batch_id: str) -> str | None:
        lines = results(batch_id)
        assert lines is not None
        if cut == "inside a line":
            return lines[: len(lines) - 40]
        return "".join(lines.splitlines(keepends=True)[:-1])

    with monkeypatch.context() as patch:
        patch.setattr(standin.batches, "results", torn)
        with pytest.raises(SourceUnavailable, match=r"torn|2 of 3"):
            work(Run("first"), documents)
    assert {r["status"] for r in select_rows("FROM model_calls")} == {"asked"}
    assert work(Run("second"), documents) == []
    assert count_batches(standin) == 2


def test_a_batch_is_found_behind_a_hundred_others(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("response-lost", BATCHES))
    with pytest.raises(SourceUnavailable):
        work(Run("first"), documents)
    other = {"custom_id": "x", "params": {"messages": [], "max_tokens": 1}}
    for _ in range(120):
        standin.batches.create({"requests": [other]}, "")
    assert work(Run("second"), documents) == []
    assert count_batches(standin) == 2


NO_BATCHES = ["200-html", "200-binary", "200-empty", "truncated-json", "torn-gzip"]


@pytest.mark.parametrize("kind", NO_BATCHES)
def test_an_answer_that_is_no_batch_loses_and_repeats_nothing(
    standin: StandIn, documents: list[str], kind: Kind
) -> None:
    standin.faults.order(Fault(kind, f"{BATCHES}/"))
    with pytest.raises(SourceUnavailable):
        work(Run("first"), documents)
    assert work(Run("second"), documents) == []
    assert count_batches(standin) == 2


@pytest.mark.parametrize("kind", NO_BATCHES)
def test_a_list_of_batches_that_is_none_does_not_hide_a_batch(
    standin: StandIn, documents: list[str], kind: Kind
) -> None:
    standin.faults.order(Fault("response-lost", BATCHES))
    standin.faults.order(Fault(kind, f"{BATCHES}?"))
    for name in ("lost", "hidden"):
        with pytest.raises(SourceUnavailable):
            work(Run(name), documents)
    assert work(Run("last"), documents) == []
    assert count_batches(standin) == 2
