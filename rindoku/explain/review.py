"""The second reader: one cheap call over answers and quotes alone, for what text can't decide.

Whether the quotes support the answer, the direction of changes and comparisons, the subject, the hedging. What it
objects to is withheld like what verification objects to; what it says of it in words is not asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rindoku.archive.finding import get_payload
from rindoku.archive.rows import fetch_rows
from rindoku.archive.statements import query
from rindoku.explain.prompts import review_prompt
from rindoku.languages import get_language
from rindoku.llm.buy import Steps, Wanted
from rindoku.llm.replies import parse_review
from rindoku.models import Document, Finding, Judgement, Verdict
from rindoku.run import Run

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

# Field of a judgement and the reason for the reader when it is false; one that says less follows one that says more.
_ASPECTS = (
    ("direction_kept", "turned"),
    ("subject_kept", "wrong_subject"),
    ("hedging_kept", "overstated"),
    ("supported", "unsupported"),
)


def reading(
    run: Run,
    verdicts: Sequence[Verdict],
    document: Document,
    language: str,
    generation_id: str,
) -> Steps:
    """The steps of having answers read that verification has passed; what was read before costs nothing."""
    read = [v for v in verdicts if _is_read(v)]
    if not read:
        return None
    prompt = review_prompt(read, document, language, run.settings.reader_model)
    row = yield Wanted(prompt, document, language, generation_id)
    return str(row["generation_id"])


def find_reviews(con: "Connection", generation_id: str) -> dict[str, bytes]:
    """The second reader's replies about a generation's answers, by their own ids."""
    rows = fetch_rows(con, query("reviews_of"), generation_id=generation_id)
    return {r["generation_id"]: get_payload(con, r["payload_id"]).body for r in rows}


def judged(
    verdicts: Sequence[Verdict],
    reviews: Mapping[str, bytes],
    document: Document,
    language: str,
    model: str,
) -> list[Verdict]:
    """The verdicts with the second reader's objections, if it was asked about just these answers."""
    read = [v for v in verdicts if _is_read(v)]
    if not reviews or not read:
        return list(verdicts)
    body = reviews.get(review_prompt(read, document, language, model).generation_id)
    if body is None:
        return list(verdicts)
    judgements = {j.position: j for j in parse_review(body)}
    return [
        _with_judgement(v, judgements.get(v.answer.position), language)
        if _is_read(v)
        else v
        for v in verdicts
    ]


def _is_read(verdict: Verdict) -> bool:
    return verdict.status == "verified"


def _with_judgement(
    verdict: Verdict, judgement: Judgement | None, language: str
) -> Verdict:
    subject, words = f"Q{verdict.answer.position}", get_language(language).wording
    if judgement is None:
        missing = Finding(
            subject,
            "second reader",
            "warning",
            "The second reader said nothing of this answer.",
        )
        return replace(verdict, findings=(*verdict.findings, missing))
    objected = [name for aspect, name in _ASPECTS if not getattr(judgement, aspect)]
    if not objected:
        return verdict
    # "Not supported" says nothing more where it is said why.
    named = [n for n in objected if n != "unsupported"] or objected
    found = tuple(
        Finding(subject, "second reader", "error", words.reason(n)) for n in named
    )
    return replace(verdict, findings=(*verdict.findings, *found))
