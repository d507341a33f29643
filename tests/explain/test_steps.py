"""The steps of an explanation: fallback, retry with more room, caching."""

import pytest

from rindoku.archive.generations import PlannedGeneration, save_generation
from rindoku.archive.payloads import get_payload
from rindoku.archive.rows import insert
from rindoku.errors import UnusableReply
from rindoku.explain import explain_document
from rindoku.run import Run
from rindoku.sample import Fault, StandIn
from rindoku.sample.faults import Kind
from tests.queries import count_model_calls, select_rows
from tests.steps import explain_and_save


def test_the_fallback_model_is_asked_when_the_first_one_refuses(
    standin: StandIn, document_id: str
) -> None:
    standin.faults.order(Fault("refusal", "/v1/messages"))
    run = Run("r")
    explain_document(run, document_id)
    found = select_rows("SELECT model, status FROM generations ORDER BY generated_at")
    assert found == [
        {"model": "claude-sonnet-5-5", "status": "refused"},
        {"model": "claude-opus-5-5", "status": "good"},
    ]


def test_a_truncated_reply_is_requested_again_with_more_room(
    standin: StandIn, document_id: str
) -> None:
    standin.faults.order(Fault("max-tokens", "/v1/messages"))
    run = Run("r")
    explain_document(run, document_id)
    found = select_rows("SELECT status FROM generations ORDER BY generated_at")
    assert found == [{"status": "truncated"}, {"status": "good"}]


def test_a_reply_truncated_twice_is_an_error(
    standin: StandIn, document_id: str
) -> None:
    standin.faults.order(Fault("max-tokens", "/v1/messages", times=5))
    with pytest.raises(UnusableReply, match="cut off"):
        explain_document(Run("r"), document_id)
    assert count_model_calls(standin) == 2


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [("refusal", "RINDOKU_FALLBACK_MODEL"), ("max-tokens", "RINDOKU_QUESTIONS")],
)
def test_a_paper_without_a_reply_that_counts_is_asked_about_anew_on_request(
    standin: StandIn, document_id: str, fault: Kind, remedy: str
) -> None:
    standin.faults.order(Fault(fault, "/v1/messages", times=4))
    with pytest.raises(UnusableReply, match=remedy):
        explain_document(Run("first"), document_id)
    with pytest.raises(UnusableReply, match=remedy):
        explain_document(Run("unasked"), document_id)
    assert count_model_calls(standin) == 2, "the same reply is not paid for twice"
    with pytest.raises(UnusableReply):
        explain_document(Run("second"), document_id, again=True)
    with pytest.raises(UnusableReply):
        explain_document(Run("second"), document_id, again=True)
    assert count_model_calls(standin) == 4, "once a run, however often it is retried"
    good = explain_document(Run("third"), document_id, again=True)
    assert count_model_calls(standin) == 5
    assert explain_document(Run("killed before it was saved"), document_id) == good
    assert count_model_calls(standin) == 5


@pytest.mark.parametrize(
    ("fault", "variable", "value"),
    [
        ("refusal", "RINDOKU_MODEL", "claude-fable-5-1"),
        ("refusal", "RINDOKU_FALLBACK_MODEL", "claude-fable-5-1"),
        ("max-tokens", "RINDOKU_QUESTIONS", "5"),
        ("max-tokens", "RINDOKU_MODEL", "claude-fable-5-1"),
    ],
)
def test_what_the_message_advises_makes_a_call(
    standin: StandIn,
    document_id: str,
    monkeypatch: pytest.MonkeyPatch,
    fault: Kind,
    variable: str,
    value: str,
) -> None:
    standin.faults.order(Fault(fault, "/v1/messages", times=2))
    with pytest.raises(UnusableReply, match=variable):
        explain_document(Run("first"), document_id)
    monkeypatch.setenv(variable, value)
    explain_document(Run("second"), document_id)
    assert count_model_calls(standin) == 3


def test_an_unreadable_reply_is_stored_and_requested_again_by_the_next_run(
    standin: StandIn, document_id: str
) -> None:
    standin.faults.order(Fault("not-json", "/v1/messages"))
    run = Run("r")
    with pytest.raises(UnusableReply, match="Mixture-of-Depths"):
        explain_document(run, document_id)
    [bad] = select_rows("SELECT status, payload_id FROM generations")
    assert bad["status"] == "unreadable"
    with run.archive.read_latest() as con:
        assert b"JSON" in get_payload(con, bad["payload_id"]).body
    assert select_rows("FROM summaries") == []
    explain_document(run, document_id)
    assert count_model_calls(standin) == 2


def test_the_cache_is_not_paid_for_where_repairs_are_rare(
    standin: StandIn, document_id: str
) -> None:
    """A write costs a quarter of the input more: worth it from 28 repairs in 100."""
    run = Run("history")
    for number in range(30):
        planned = PlannedGeneration(
            generation_id=f"b2:{number}",
            kind="explain",
            language="ja",
            model=run.settings.model,
            prompt_version="v",
            prompt_hash="h",
            paper_id="p",
            document_id=f"d{number}",
            repairs=None,
            run_id="earlier",
        )
        with run.archive.write() as con:
            save_generation(con, planned.answered(None, "model"))
            summary = {
                "generation_id": planned.generation_id,
                "paper_id": "p",
                "tldr": "",
                "summary": "",
            }
            insert(con, "summaries", [summary])
    explain_and_save(Run("r"), document_id)
    calls = select_rows(
        "SELECT kind, cache_write_tokens, cache_read_tokens FROM model_calls "
        "ORDER BY asked_at",
    )
    assert calls == [
        {"kind": "explain", "cache_write_tokens": 0, "cache_read_tokens": 0},
        {"kind": "repair", "cache_write_tokens": 0, "cache_read_tokens": 0},
    ]
