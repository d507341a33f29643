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
from rindoku.sample.content import SAMPLE_WEEK
from rindoku.sample.faults import Fault
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from tests.queries import count_rows, find_document_id, select_rows

BATCHES = "/v1/messages/batches"


def posted(standin: StandIn) -> int:
    return sum(a.method == "POST" and a.target.endswith(BATCHES) for a in standin.log)


def no_pause(seconds: float, awaited: int) -> None:
    assert seconds <= batches.LONGEST_PAUSE_S
    assert awaited > 0


@pytest.fixture
def documents(read_already: Settings) -> list[str]:
    """Documents of three papers that were read; two explanations need a repair."""
    return [
        find_document_id(f"arxiv:{a}")
        for a in ("2404.02258", "2403.17887", "2404.03626")
    ]


def work(
    run: Run, documents: list[str], pause: Callable[[float, int], None] = no_pause
) -> list[str]:
    """Explains, repairs and saves in batches; why some of it failed."""
    explained = explain_in_batches(run, documents, pause)
    repaired = repair_in_batches(run, explained.generation_ids, pause)
    for generation_id in repaired.generation_ids:
        save_explanation(run, generation_id)
    return [*explained.failures, *repaired.failures]


def test_a_stage_is_one_batch_at_half_the_price(
    standin: StandIn, documents: list[str]
) -> None:
    run = Run("batched")
    assert work(run, documents) == []
    assert posted(standin) == 2, "one for the explanations, one for the repairs"
    assert not [a for a in standin.log if a.target.endswith("/v1/messages")]
    calls = select_rows(
        "SELECT kind, status, cost_usd, input_tokens, output_tokens, "
        "cache_write_tokens FROM model_calls ORDER BY kind"
    )
    assert [(c["kind"], c["status"]) for c in calls] == [
        ("explain", "answered")
    ] * 3 + [("repair", "answered")] * 2
    for call in calls:
        assert call["cache_write_tokens"] == 0, "nothing reads a cache hours later"
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
    assert posted(standin) == 2


class Killed(BaseException):
    pass


def test_killed_while_waiting_the_batch_is_picked_up_again(
    standin: StandIn, documents: list[str]
) -> None:
    standin.batches.patience = 3

    def killed(seconds: float, awaited: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        work(Run("first"), documents, killed)
    assert [r["status"] for r in select_rows("FROM model_calls")] == ["asked"] * 3
    waits: list[float] = []
    assert (
        work(Run("second"), documents, lambda seconds, _: waits.append(seconds)) == []
    )
    assert posted(standin) == 2
    assert waits[:2] == [2.0, 4.0], "ever longer"
    assert {
        r["run_id"]
        for r in select_rows("SELECT run_id FROM model_calls WHERE kind = 'explain'")
    } == {"first"}


@pytest.mark.parametrize(
    "moment", ["before the courier", "before the confirmation is saved"]
)
def test_killed_while_submitting_nothing_is_submitted_twice(
    standin: StandIn, documents: list[str], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if moment == "before the courier":
            patch.setattr(courier, "submit_batch", killed)
        else:
            patch.setattr(batches, "confirm_batch", killed)
        with pytest.raises(Killed):
            work(Run("first"), documents)
    assert select_rows("SELECT batch_id FROM batches") == [{"batch_id": None}]
    assert work(Run("second"), documents) == []
    assert posted(standin) == 2
    assert len(select_rows("FROM batches")) == 2


def test_a_confirmation_lost_on_the_way_is_found_at_the_service(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("answer-lost", BATCHES))
    with pytest.raises(SourceUnavailable):
        work(Run("first"), documents)
    assert select_rows("SELECT batch_id FROM batches") == [{"batch_id": None}], (
        "it may have been taken"
    )
    assert work(Run("second"), documents) == []
    assert posted(standin) == 2, (
        "the first was taken, and is known by its time and size"
    )


@pytest.mark.parametrize("kind", ["batch-expired", "batch-errored", "batch-canceled"])
def test_what_came_back_unanswered_is_submitted_again(
    standin: StandIn, documents: list[str], kind: str
) -> None:
    standin.faults.order(Fault(kind, BATCHES))  # type: ignore[arg-type]
    assert work(Run("r"), documents) == []
    assert posted(standin) == 3
    calls = select_rows(
        "SELECT status, count(*) AS n FROM model_calls WHERE kind = 'explain' "
        "GROUP BY ALL ORDER BY status"
    )
    assert calls == [{"status": "answered", "n": 3}, {"status": "failed", "n": 1}]


def test_what_the_service_calls_wrong_is_not_submitted_again(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("batch-invalid", BATCHES))
    failures = work(Run("r"), documents)
    assert len(failures) == 1
    assert "rejected the request" in failures[0]
    assert posted(standin) == 2
    assert count_rows("generations WHERE kind = 'explain'") == 2


def test_a_repair_that_could_not_be_bought_leaves_its_paper_for_the_next_run(
    standin: StandIn, documents: list[str]
) -> None:
    explained = explain_in_batches(Run("r"), documents, no_pause).generation_ids
    standin.faults.order(Fault("batch-invalid", BATCHES))
    repaired = repair_in_batches(Run("r"), explained, no_pause)
    counts = (len(explained), len(repaired.generation_ids), len(repaired.failures))
    assert counts == (3, 2, 1)


def test_what_expires_every_time_is_said(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("batch-expired", BATCHES, times=9))
    failures = work(Run("r"), documents[:1])
    assert failures == ["The batch returned no answer. Run again."]
    assert posted(standin) == batches.SUBMISSIONS


def test_a_model_that_declines_is_followed_by_the_fallback_in_the_next_batch(
    standin: StandIn, documents: list[str]
) -> None:
    def decline(message: dict, request: dict) -> dict:
        if "opus" in request["model"] or "Depths" not in json.dumps(request):
            return message
        return message | {"content": [], "stop_reason": "refusal"}

    standin.model.edit_message = decline
    explained = explain_in_batches(Run("r"), documents, no_pause)
    assert (len(explained.generation_ids), explained.failures) == (3, [])
    assert posted(standin) == 2
    found = select_rows("SELECT model, status FROM generations ORDER BY model, status")
    assert [(r["model"], r["status"]) for r in found].count(
        ("claude-opus-5-5", "good")
    ) == 1


def test_the_ceiling_holds_for_a_batch(standin: StandIn, documents: list[str]) -> None:
    explained = explain_in_batches(Run("r", max_usd=0.03), documents, no_pause)
    assert (len(explained.generation_ids), posted(standin)) == (1, 1)
    [failure] = explained.failures
    assert "higher --max-usd" in failure
    more = explain_in_batches(Run("more"), documents, no_pause)
    assert (len(more.generation_ids), more.failures, posted(standin)) == (3, [], 2)


def test_an_account_that_has_run_dry_stops_the_batch(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("429-spend-limit", BATCHES))
    with pytest.raises(OutOfCredit):
        work(Run("r"), documents)
    assert {(c["status"], c["error"]) for c in select_rows("FROM model_calls")} == {
        ("failed", "OutOfCredit")
    }
    assert work(Run("paid up"), documents) == []


def test_a_torn_answer_among_the_results_costs_itself_alone(
    standin: StandIn, documents: list[str]
) -> None:
    torn = [{"id": "msg_torn"}]
    standin.model.edit_message = lambda message, _: torn.pop() if torn else message
    assert work(Run("r"), documents) == []
    calls = select_rows(
        "SELECT status, count(*) AS n FROM model_calls WHERE kind = 'explain' "
        "GROUP BY ALL ORDER BY status"
    )
    assert calls == [{"status": "answered", "n": 3}, {"status": "failed", "n": 1}]


def test_a_service_without_batches_says_so(
    standin: StandIn, documents: list[str]
) -> None:
    standin.faults.order(Fault("404", BATCHES))
    with pytest.raises(BadInput, match="without --batch"):
        work(Run("r"), documents)
    assert {c["status"] for c in select_rows("FROM model_calls")} == {"failed"}
    explain_document(Run("r"), documents[0])


def test_what_is_awaited_is_not_asked_for_by_a_call_of_its_own(
    standin: StandIn, documents: list[str]
) -> None:
    standin.batches.patience = 99

    def killed(*_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        work(Run("first"), documents, killed)
    with pytest.raises(InBatch, match="msgbatch_sample"):
        explain_document(Run("impatient"), documents[0])
    assert not [a for a in standin.log if a.target.endswith("/v1/messages")]


def test_a_batch_the_service_has_forgotten_is_submitted_again(
    standin: StandIn, documents: list[str]
) -> None:
    standin.batches.patience = 99

    def killed(*_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        work(Run("first"), documents, killed)
    standin.batches.forget()
    standin.batches.patience = 0
    assert work(Run("second"), documents) == []


def test_a_broken_answer_while_waiting_loses_nothing(
    standin: StandIn, documents: list[str]
) -> None:
    standin.batches.patience = 1
    seen = []

    def pause(seconds: float, awaited: int) -> None:
        seen.append(awaited)
        standin.faults.order(Fault("503-html", "msgbatch"))

    with pytest.raises(SourceUnavailable):
        work(Run("first"), documents, pause)
    standin.faults.clear()
    assert work(Run("second"), documents) == []
    assert (seen[0], posted(standin)) == (3, 2)
    assert outcome_of(Run("r"), SAMPLE_WEEK) == Outcome.PARTIAL, (
        "seven papers were never asked about"
    )
