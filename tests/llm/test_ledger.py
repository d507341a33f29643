"""The ledger of calls: what was paid for, and what the ceiling still allows."""

import sys
from datetime import UTC, datetime

import pytest

from rindoku.archive.overview import find_costs
from rindoku.archive.rows import fetch_rows
from rindoku.archive.run_log import begin_run, spent_usd
from rindoku.errors import CeilingReached, RindokuError, SourceUnavailable
from rindoku.explain import explain_document
from rindoku.llm import courier, ledger
from rindoku.llm.inbox import RawReply
from rindoku.llm.message import Prompt
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, Fault, StandIn
from rindoku.sample.faults import Kind
from rindoku.settings import Settings
from tests.queries import count_model_calls, select_rows


def test_a_reply_received_before_a_kill_is_found_by_the_next_run(
    standin: StandIn, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "parse_usage", killed)
        with pytest.raises(KeyboardInterrupt):
            explain_document(Run("first"), document_id)
    assert select_rows("FROM generations") == []
    assert [r["status"] for r in select_rows("FROM model_calls")] == ["asked"]
    explain_document(Run("second"), document_id)
    assert count_model_calls(standin) == 1
    [call] = select_rows("FROM model_calls")
    assert (call["status"], call["run_id"]) == ("answered", "first")


def test_a_call_that_the_courier_of_a_killed_run_had_made_is_not_unanswered(
    standin: StandIn, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = courier.call

    def call(prompt: Prompt, _call_id: str, settings: Settings) -> RawReply:
        with Run("query").archive.read_latest() as con:
            [first] = fetch_rows(con, "FROM model_calls WHERE run_id = 'killed'")
        return made(prompt, first["call_id"], settings)

    with monkeypatch.context() as patch:
        patch.setattr(courier, "call", lambda *_: sys.exit("killed"))
        with pytest.raises(SystemExit):
            explain_document(Run("killed"), document_id)
    monkeypatch.setattr(courier, "call", call)
    explain_document(Run("next"), document_id)
    assert count_model_calls(standin) == 1
    calls = {call["run_id"]: call for call in select_rows("FROM model_calls")}
    assert calls["killed"]["status"] == "answered"
    assert (calls["next"]["status"], calls["next"]["error"]) == (
        "failed",
        "SourceUnavailable",
    )
    assert spent("next") == 0


def test_the_ceiling_is_checked_before_the_call(
    standin: StandIn, document_id: str
) -> None:
    with pytest.raises(CeilingReached, match="higher --max-usd"):
        explain_document(Run("r", max_usd=0.01), document_id)
    assert count_model_calls(standin) == 0
    explain_document(Run("r", max_usd=1.0), document_id)


def test_a_call_is_reserved_with_all_that_its_reply_may_cost(
    standin: StandIn, document_id: str
) -> None:
    # The usual 5,000 tokens of output would fit.
    with pytest.raises(CeilingReached, match=r"needs at least 0\.1[6-9]"):
        explain_document(Run("r", max_usd=0.15), document_id)
    assert count_model_calls(standin) == 0
    explain_document(Run("r", max_usd=0.20), document_id)
    [call] = select_rows("FROM model_calls")
    assert call["estimated_usd"] > 0.16 > call["cost_usd"]
    assert spent("r") == call["cost_usd"], "what was not used is free again"


@pytest.mark.parametrize(
    ("kind", "is_held"),
    [
        ("response-lost", True),
        ("dropped", True),
        ("truncated-json", True),
        ("200-html", True),
        ("529", False),
        ("429", False),
        ("401", False),
    ],
)
def test_a_call_that_may_be_billed_keeps_its_reservation(
    standin: StandIn, document_id: str, kind: Kind, is_held: bool
) -> None:
    standin.faults.order(Fault(kind, "/v1/messages"))
    with pytest.raises(RindokuError):
        explain_document(Run("r", max_usd=0.25), document_id)
    [call] = select_rows("FROM model_calls")
    assert spent("r") == (call["estimated_usd"] if is_held else 0)
    if is_held:
        with pytest.raises(CeilingReached):
            explain_document(Run("r", max_usd=0.25), document_id)
        assert count_model_calls(standin) == 1


def test_costs_list_the_calls_that_may_be_billed_without_a_reply(
    standin: StandIn, document_id: str
) -> None:
    run, now = Run("r"), datetime.now(UTC)
    with run.archive.write() as con:
        begin_run(con, "r", flow="weekly", week=SAMPLE_WEEK, as_of=now, source="x")
    kinds: tuple[Kind, ...] = ("529", "response-lost", "truncated-json")
    for kind in kinds:
        standin.faults.order(Fault(kind, "/v1/messages"))
        with pytest.raises(SourceUnavailable):
            explain_document(run, document_id)
    explain_document(run, document_id)
    [estimate] = select_rows("SELECT DISTINCT estimated_usd FROM model_calls")
    with run.archive.read_latest() as con:
        [row] = [row for row in find_costs(con, None) if row.kind == "explain"]
    assert (row.calls, row.unanswered) == (4, 2)
    assert row.unanswered_usd == pytest.approx(2 * estimate["estimated_usd"])
    assert 0 < (row.cost_usd or 0) < estimate["estimated_usd"]


def test_a_call_that_was_never_sent_is_free(
    settings: Settings, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    with pytest.raises(SourceUnavailable):
        explain_document(Run("r"), document_id)
    assert spent("r") == 0


def spent(run_id: str) -> float:
    with Run("query").archive.read_latest() as con:
        return spent_usd(con, run_id)


def test_a_model_without_a_price_cannot_run_under_a_ceiling(
    standin: StandIn, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINDOKU_MODEL", "some-local-model")
    with pytest.raises(CeilingReached, match="is unknown"):
        explain_document(Run("r", max_usd=1.0), document_id)
    explain_document(Run("r"), document_id)
    assert select_rows("SELECT cost_usd FROM model_calls") == [{"cost_usd": None}]


def test_a_failed_call_is_recorded_with_its_error_and_without_a_cost(
    standin: StandIn, document_id: str
) -> None:
    standin.faults.order(Fault("529", "/v1/messages"))
    with pytest.raises(Exception, match="529"):
        explain_document(Run("r"), document_id)
    [call] = select_rows("FROM model_calls")
    assert (call["status"], call["cost_usd"], call["message"]) == (
        "failed",
        None,
        "The model API returned 529.",
    )
