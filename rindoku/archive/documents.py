"""Documents: the texts that were read, and which are still to be explained."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from rindoku.archive.rows import (
    Connection,
    fetch_rows,
    find,
    get_row,
    insert,
    insert_private,
)
from rindoku.archive.statements import query
from rindoku.errors import NotFound
from rindoku.models import Document, Grounding, Section


@dataclass(frozen=True)
class ListedText:
    """A text with its place in a week; `explanation_text` is ours."""

    week: str
    rank: int
    paper_id: str
    document_id: str
    title: str
    text: str
    explanation_text: str


class Outline(NamedTuple):
    """The length of a text in characters, and its sections."""

    characters: int
    sections: tuple[Section, ...]


class UnreadEntry(NamedTuple):
    """An entry that has no text yet and may get one."""

    paper_id: str | None
    title: str


def save_document(con: Connection, document: Document, run_id: str) -> None:
    """Saves a text and where its sections are."""
    pages = [section.page for section in document.sections if section.page]
    row = {
        "document_id": document.document_id,
        "paper_id": document.paper_id,
        "version": document.version,
        "grounding": document.grounding,
        "format": document.format,
        "url": document.url,
        "characters": len(document.text),
        "note": document.note,
        "payload_id": document.payload_id,
        "pages": max(pages, default=None),
        "read_at": datetime.now(UTC),
        "run_id": run_id,
        "quality": document.quality,
    }
    text = {"document_id": document.document_id, "text": document.text}
    sections = [
        {
            "document_id": document.document_id,
            "position": position,
            "title": section.title,
            "start_char": section.start,
            "end_char": section.end,
            "page": section.page,
        }
        for position, section in enumerate(document.sections, 1)
    ]
    insert_private(con, "document_texts", [text])
    insert(con, "documents", [row])
    insert(con, "sections", sections)


def save_reading(
    con: Connection, document: Document, *, may_improve: bool, run_id: str
) -> None:
    """Records that a paper was read, and whether a later reading may give more."""
    row = {
        "paper_id": document.paper_id,
        "version": document.version,
        "document_id": document.document_id,
        "may_improve": may_improve,
        "note": document.note,
        "read_at": datetime.now(UTC),
        "run_id": run_id,
    }
    insert(con, "readings", [row])


def get_document(con: Connection, document_id: str) -> Document:
    """A document with its text and sections. Raises NotFound."""
    rows = fetch_rows(con, query("documents/get"), document_id=document_id)
    if not rows:
        raise NotFound(
            f"The text of document {document_id} is not in the private file.",
            "Read it again: `rindoku restore --texts`.",
        )
    [row] = rows
    sections = find(con, "documents/sections", Section, document_id=document_id)
    return Document(**row, sections=tuple(sections))


def get_outline(con: Connection, document_id: str) -> Outline:
    """The sections and the length of a document. Raises NotFound."""
    row = get_row(con, "documents/characters", document_id=document_id)
    sections = find(con, "documents/sections", Section, document_id=document_id)
    return Outline(row["characters"], tuple(sections))


def find_document_of(con: Connection, paper_id: str) -> str | None:
    """Id of a paper's current document; None when the paper was not read."""
    rows = fetch_rows(con, query("documents/newest_of_paper"), paper_id=paper_id)
    return str(rows[0]["document_id"]) if rows else None


def find_lost_texts(con: Connection, paper_id: str) -> dict[int, Grounding]:
    """Versions of a paper whose texts are gone, newest first: how well each was read.

    See `archive/restore.py`.
    """
    rows = fetch_rows(con, query("documents/lost"), paper_id=paper_id)
    return {row["version"]: row["grounding"] for row in rows}


def find_listed_texts(con: Connection, language: str) -> list[ListedText]:
    """The texts of all entries that were read, with their explanations."""
    return find(con, "documents/listed", ListedText, language=language)


def find_unread_entries(con: Connection, week: str) -> list[UnreadEntry]:
    """Entries of a week that have no text yet."""
    return find(con, "documents/unread_entries", UnreadEntry, week=week)


def pending_documents(
    con: Connection, sighting_id: str, language: str, *, has_key: bool
) -> list[str]:
    """Ids of a sighting's documents without an explanation, in rank order.

    With a key, an explanation that was extracted without one counts as missing.
    """
    rows = fetch_rows(
        con,
        query("documents/pending"),
        sighting_id=sighting_id,
        language=language,
        has_key=has_key,
    )
    return [row["document_id"] for row in rows]
