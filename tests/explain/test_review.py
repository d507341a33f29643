"""The second reader: off by default, paid once; what it objects to is withheld."""

import pytest

from rindoku.run import Run
from rindoku.sample.standin import StandIn
from tests.edits import is_review, object_to
from tests.queries import count_rows, select_rows
from tests.steps import explain_and_save


def work(document_id: str, *, second: bool = True) -> None:
    explain_and_save(
        Run("reader" if second else "plain", second_reader=second), document_id
    )


def kinds() -> list[str]:
    return [
        r["kind"] for r in select_rows("SELECT kind FROM model_calls ORDER BY asked_at")
    ]


def test_it_is_not_asked_by_default(standin: StandIn, document_id: str) -> None:
    work(document_id, second=False)
    assert kinds() == ["explain", "repair"]


def test_it_reads_answers_and_quotes_alone_and_is_cheap(
    standin: StandIn, document_id: str
) -> None:
    work(document_id)
    assert kinds() == ["explain", "review", "repair", "review"], (
        "what was mended is read as well"
    )
    calls = select_rows(
        "SELECT kind, model, "
        "input_tokens + cache_write_tokens + cache_read_tokens AS tokens, cost_usd "
        "FROM model_calls"
    )
    reviews = [c for c in calls if c["kind"] == "review"]
    assert {c["model"] for c in reviews} == {"claude-haiku-5-5"}
    paid = sum(c["cost_usd"] for c in calls)
    assert sum(c["cost_usd"] for c in reviews) < 0.05 * paid
    assert count_rows("questions WHERE status = 'verified'") == 10


@pytest.mark.parametrize(
    ("aspect", "said"),
    [
        ("supported", "引用からは言えない"),
        ("direction_kept", "向きが"),
        ("subject_kept", "主語が"),
        ("hedging_kept", "強く言い切って"),
    ],
)
def test_what_it_objects_to_is_repaired_or_withheld(
    standin: StandIn, document_id: str, aspect: str, said: str
) -> None:
    standin.model.edit_reply = object_to("87.5%", aspect)
    work(document_id)
    withheld = select_rows(
        "SELECT answer, reason FROM questions WHERE status = 'unverified'"
    )
    assert withheld
    assert all("87.5%" in w["answer"] and said in w["reason"] for w in withheld)
    assert (
        count_rows("findings WHERE check_name = 'second reader' AND severity = 'error'")
        >= 1
    )


def test_a_rerun_pays_nothing(standin: StandIn, document_id: str) -> None:
    standin.model.edit_reply = object_to("87.5%", "supported")
    work(document_id)
    before = kinds()
    work(document_id)
    assert kinds() == before


def test_what_it_says_nothing_of_stays_verified_with_a_note(
    standin: StandIn, document_id: str
) -> None:
    standin.model.edit_reply = lambda reply, request: (
        {"judgements": []} if is_review(request) else reply
    )
    work(document_id)
    assert count_rows("questions WHERE status = 'verified'") == 10
    assert (
        count_rows(
            "findings WHERE check_name = 'second reader' AND severity = 'warning'"
        )
        >= 9
    )


def test_a_reply_of_another_shape_is_kept_and_changes_nothing(
    standin: StandIn, document_id: str
) -> None:
    standin.model.edit_reply = lambda reply, request: (
        {"verdicts": "fine"} if is_review(request) else reply
    )
    work(document_id)
    assert {
        r["status"]
        for r in select_rows("SELECT status FROM generations WHERE kind = 'review'")
    } == {"unreadable"}
    assert count_rows("questions WHERE status = 'verified'") == 10
