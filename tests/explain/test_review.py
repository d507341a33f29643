"""The second reader: off by default, paid once; what it objects to is withheld."""

import pytest

from rindoku.run import Run
from rindoku.sample import StandIn
from tests.edits import is_review, object_to
from tests.queries import count_rows, select_rows
from tests.steps import explain_and_save

VERIFIED = "questions WHERE status = 'verified'"
ERRORS = "findings WHERE check_name = 'second reader' AND severity = 'error'"
WARNINGS = "findings WHERE check_name = 'second reader' AND severity = 'warning'"


def explain_with_review(document_id: str) -> None:
    explain_and_save(Run("reader", second_reader=True), document_id)


def kinds_of_calls() -> list[str]:
    calls = select_rows("SELECT kind FROM model_calls ORDER BY asked_at")
    return [call["kind"] for call in calls]


def test_there_is_no_review_by_default(standin: StandIn, document_id: str) -> None:
    explain_and_save(Run("plain"), document_id)
    assert kinds_of_calls() == ["explain", "repair"]


def test_a_review_reads_answers_and_quotes_only_and_is_cheap(
    standin: StandIn, document_id: str
) -> None:
    explain_with_review(document_id)
    expected = ["explain", "review", "repair", "review"]
    assert kinds_of_calls() == expected, "repaired answers are reviewed too"
    calls = select_rows(
        "SELECT kind, model, "
        "input_tokens + cache_write_tokens + cache_read_tokens AS tokens, cost_usd "
        "FROM model_calls"
    )
    reviews = [c for c in calls if c["kind"] == "review"]
    assert {c["model"] for c in reviews} == {"claude-haiku-5-5"}
    paid = sum(c["cost_usd"] for c in calls)
    assert sum(c["cost_usd"] for c in reviews) < 0.05 * paid
    assert count_rows(VERIFIED) == 10


@pytest.mark.parametrize(
    ("aspect", "objection"),
    [
        ("supported", "引用からは言えない"),
        ("direction_kept", "向きが"),
        ("subject_kept", "主語が"),
        ("hedging_kept", "強く言い切って"),
    ],
)
def test_an_answer_with_an_objection_is_repaired_or_withheld(
    standin: StandIn, document_id: str, aspect: str, objection: str
) -> None:
    standin.model.edit_reply = object_to("87.5%", aspect)
    explain_with_review(document_id)
    withheld = select_rows(
        "SELECT answer, reason FROM questions WHERE status = 'unverified'"
    )
    assert withheld
    assert all("87.5%" in row["answer"] for row in withheld)
    assert all(objection in row["reason"] for row in withheld)
    assert count_rows(ERRORS) >= 1


def test_a_rerun_pays_nothing(standin: StandIn, document_id: str) -> None:
    standin.model.edit_reply = object_to("87.5%", "supported")
    explain_with_review(document_id)
    before = kinds_of_calls()
    explain_with_review(document_id)
    assert kinds_of_calls() == before


def test_an_answer_without_a_judgement_stays_verified_with_a_warning(
    standin: StandIn, document_id: str
) -> None:
    standin.model.edit_reply = lambda reply, request: (
        {"judgements": []} if is_review(request) else reply
    )
    explain_with_review(document_id)
    assert count_rows(VERIFIED) == 10
    assert count_rows(WARNINGS) >= 9


def test_a_review_of_another_form_is_stored_and_changes_nothing(
    standin: StandIn, document_id: str
) -> None:
    standin.model.edit_reply = lambda reply, request: (
        {"verdicts": "fine"} if is_review(request) else reply
    )
    explain_with_review(document_id)
    reviews = select_rows("SELECT status FROM generations WHERE kind = 'review'")
    assert {review["status"] for review in reviews} == {"unreadable"}
    assert count_rows(VERIFIED) == 10
