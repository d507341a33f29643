"""Answers: questions with their verified answers, evidence, and later audits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, TypedDict

from rindoku import __version__
from rindoku.archive.findings import save_findings
from rindoku.archive.generations import Generation
from rindoku.archive.rows import Columns, Connection, find, find_one, insert
from rindoku.keys import content_key
from rindoku.languages import Wording
from rindoku.models import (
    AnswerStatus,
    Finding,
    GenerationKind,
    Label,
    TextPart,
    Verdict,
)


class QuoteRow(TypedDict):
    """A quote and its place in the document."""

    quote: str
    section: str | None
    page: int | None
    start_char: int | None
    end_char: int | None


@dataclass(frozen=True)
class StoredAnswer:
    """A stored answer with its quotes, and its status in the newest verification."""

    question_id: str
    position: int
    question: str
    answer: str
    status: AnswerStatus
    reason: str
    repaired: bool
    quotes: list[str]


@dataclass(frozen=True)
class PlacedAnswer:
    """A stored answer with its place.

    An answer to a reader's question has no week and no rank.
    """

    question_id: str
    week: str | None
    rank: int | None
    paper_id: str
    position: int
    question: str
    answer: str
    status: AnswerStatus
    reason: str


@dataclass(frozen=True)
class ReaderAnswer:
    """The answer to a reader's question."""

    question: str
    answer: str
    status: AnswerStatus
    repaired: bool
    reason: str
    quotes: list[QuoteRow] | None
    model: str
    label: Label
    asked_at: datetime | None
    question_id: str | None
    language: str
    generation_id: str | None


@dataclass(frozen=True)
class ShownExplanation:
    """An explanation that is shown in a week."""

    week: str
    rank: int
    language: str
    title: str
    paper_id: str
    version: int
    document_id: str
    generation_id: str
    generation_kind: GenerationKind


class StoredTexts(NamedTuple):
    """TL;DR and summary of a generation; the reasons say why a text is withheld."""

    tldr: str | None
    summary: str
    tldr_reason: str | None
    summary_reason: str | None


def save_answers(
    con: Connection,
    generation: Generation,
    verdicts: Sequence[Verdict],
    findings: Iterable[Finding],
    *,
    words: Wording,
    run_id: str,
) -> None:
    """Saves verified answers with their evidence, and all findings."""
    questions: list[Columns] = []
    evidence: list[Columns] = []
    all_findings = list(findings)
    for verdict in verdicts:
        answer = verdict.answer
        question_id = content_key("question", generation.generation_id, answer.position)
        questions.append(
            {
                "question_id": question_id,
                "generation_id": generation.generation_id,
                "paper_id": generation.paper_id,
                "position": answer.position,
                "question": answer.question,
                "answer": answer.answer,
                "status": verdict.status,
                "repaired": verdict.repaired,
                "reason": words.why(verdict.findings),
            }
        )
        evidence += _evidence_rows(question_id, verdict)
        all_findings.extend(
            replace(finding, subject=question_id) for finding in verdict.findings
        )
    insert(con, "questions", questions)
    insert(con, "evidence", evidence)
    save_findings(con, all_findings, run_id)


def _evidence_rows(question_id: str, verdict: Verdict) -> list[Columns]:
    return [
        {
            "question_id": question_id,
            "position": position,
            "quote": item.quote,
            "match": item.match,
            "start_char": item.start,
            "end_char": item.end,
            "section": item.section,
            "page": item.page,
        }
        for position, item in enumerate(verdict.evidence, 1)
    ]


def find_stored_answers(con: Connection, generation_id: str) -> list[StoredAnswer]:
    """The answers of a generation in order."""
    return find(con, "answers/stored", StoredAnswer, generation_id=generation_id)


def find_answer(
    con: Connection,
    question_id: str,
    *,
    week: str | None,
    rank: int | None,
    position: int | None,
    language: str,
) -> PlacedAnswer | None:
    """An answer by its question's id or by its place."""
    return find_one(
        con,
        "answers/by_place",
        PlacedAnswer,
        question_id=question_id,
        week=week,
        rank=rank,
        position=position,
        language=language,
    )


def find_reader_answers(
    con: Connection, document_id: str, language: str
) -> list[ReaderAnswer]:
    """Answers to readers' questions about a document, newest first."""
    return find(
        con,
        "answers/asked",
        ReaderAnswer,
        document_id=document_id,
        language=language,
    )


def find_shown_explanations(
    con: Connection, week: str | None
) -> list[ShownExplanation]:
    """Explanations that are shown in a week, or in any."""
    return find(con, "answers/shown_explanations", ShownExplanation, week=week)


def get_stored_texts(con: Connection, generation_id: str) -> StoredTexts:
    """TL;DR and summary of an explanation."""
    [texts] = find(
        con, "answers/stored_texts", StoredTexts, generation_id=generation_id
    )
    return texts


def save_audits(
    con: Connection,
    changes: Mapping[str, tuple[AnswerStatus, str]],
    at: datetime,
    run_id: str,
) -> None:
    """Saves the results of a later verification: status and reason by question id."""
    rows = [
        {
            "question_id": question_id,
            "status": status,
            "reason": reason,
            "version": __version__,
            "audited_at": at,
            "run_id": run_id,
        }
        for question_id, (status, reason) in changes.items()
    ]
    insert(con, "audits", rows)


def save_text_audits(
    con: Connection,
    failed: Mapping[tuple[str, TextPart], str],
    at: datetime,
    run_id: str,
) -> None:
    """Saves why texts failed a later verification: reasons by generation and part."""
    rows = [
        {
            "generation_id": generation_id,
            "part": part,
            "reason": reason,
            "version": __version__,
            "audited_at": at,
            "run_id": run_id,
        }
        for (generation_id, part), reason in failed.items()
    ]
    insert(con, "text_audits", rows)
