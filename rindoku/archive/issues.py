"""Issues: the contents of a week's article, and its revisions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, TypedDict

from rindoku.archive.rows import (
    Connection,
    digest_of,
    fetch_rows,
    find,
    get_row,
    insert,
)
from rindoku.archive.statements import query
from rindoku.digests import week_in_keys
from rindoku.keys import sha256_key
from rindoku.models import (
    AnswerStatus,
    Format,
    GenerationKind,
    Grounding,
    Label,
)


@dataclass(frozen=True)
class ArticleEntry:
    """An entry with its paper, document and explanation, or None for what it lacks."""

    entry_id: str
    rank: int
    nickname: str
    title: str | None
    paper_id: str | None
    version: int | None
    resolved_by: str | None
    published_on: date | None
    updated_on: date | None
    url: str | None
    document_id: str | None
    document_url: str | None
    grounding: Grounding | None
    format: Format | None
    generation_id: str | None
    generation_kind: GenerationKind | None
    label: Label | None
    model: str | None
    tldr: str | None
    tldr_reason: str | None
    summary: str | None
    summary_reason: str | None


class ArticleQuote(TypedDict):
    """A quote of an answer, and where it is in the document."""

    quote: str
    match: Literal["exact", "fuzzy", "absent"]
    section: str | None
    page: int | None


@dataclass(frozen=True)
class Correction:
    """An answer corrected by hand."""

    question: str
    corrected: str
    corrected_by: str
    correction_reason: str
    corrected_at: datetime


@dataclass(frozen=True)
class ArticleAnswer:
    """A question with its answer, its quotes and its correction, if it has one."""

    position: int
    question: str
    answer: str
    status: AnswerStatus
    reason: str
    repaired: bool
    corrected: str | None
    corrected_by: str | None
    correction_reason: str | None
    corrected_at: datetime | None
    quotes: list[ArticleQuote] | None

    @property
    def correction(self) -> Correction | None:
        if (
            self.corrected is None
            or self.corrected_by is None
            or self.correction_reason is None
            or self.corrected_at is None
        ):
            return None
        return Correction(
            self.question,
            self.corrected,
            self.corrected_by,
            self.correction_reason,
            self.corrected_at,
        )


@dataclass(frozen=True)
class Erratum:
    """A correction of the work that an entry is bound to; `before_*` is the old one."""

    resolved_at: datetime
    before_id: str
    before_url: str | None


def find_article_entries(
    con: Connection, week: str, language: str
) -> list[ArticleEntry]:
    """The entries of a week in the article's order: the newest paper first."""
    return find(con, "issues/entries", ArticleEntry, week=week, language=language)


def find_article_answers(con: Connection, generation_id: str) -> list[ArticleAnswer]:
    """Questions and answers of an explanation in order."""
    return find(con, "issues/answers", ArticleAnswer, generation_id=generation_id)


def find_outlived_corrections(
    con: Connection, paper_id: str, generation_id: str, language: str
) -> list[Correction]:
    """Corrections of a paper whose questions the current explanation no longer asks."""
    return find(
        con,
        "issues/outlived_corrections",
        Correction,
        paper_id=paper_id,
        generation_id=generation_id,
        language=language,
    )


def find_errata(con: Connection, entry_id: str) -> list[Erratum]:
    """Corrections of the work that an entry is bound to, oldest first."""
    return find(con, "issues/errata", Erratum, entry_id=entry_id)


def save_issue(
    con: Connection, *, week: str, language: str, form: str, text: str, run_id: str
) -> bool:
    """Records that an article was rendered; True when it is a new revision."""
    digest = digest_of(con)
    issue_id = sha256_key(week_in_keys(digest, week), language, form, text)
    if fetch_rows(con, query("issues/get"), issue_id=issue_id):
        return False
    next_revision = get_row(
        con, "issues/next_revision", week=week, language=language, format=form
    )
    row = {
        "digest": digest,
        "issue_id": issue_id,
        "week": week,
        "language": language,
        "revision": next_revision["revision"],
        "format": form,
        "rendered_at": datetime.now(UTC),
        "run_id": run_id,
    }
    insert(con, "issues", [row])
    return True
