"""Papers: their versions with authors and categories, and which are still unread."""

from datetime import UTC, datetime
from typing import NamedTuple

from rindoku.archive.rows import Columns, Connection, find, get_row, insert
from rindoku.models import PaperVersion


class PendingPaper(NamedTuple):
    """A version of a paper that was not read yet, or not as well as it may be."""

    paper_id: str
    version: int
    rank: int


def save_paper(con: Connection, paper: PaperVersion) -> None:
    """Saves a version of a paper with its authors and categories."""
    now = datetime.now(UTC)
    key: Columns = {"paper_id": paper.paper_id, "version": paper.version}
    work = {"paper_id": paper.paper_id, "kind": paper.kind, "first_seen_at": now}
    version = {
        "title": paper.title,
        "abstract": paper.abstract,
        "authors_complete": paper.authors_complete,
        "published_on": paper.published_on,
        "updated_on": paper.updated_on,
        "url": paper.url,
        "comment": paper.comment,
        "payload_id": paper.payload_id,
        "retrieved_at": now,
        "licence": paper.licence,
    }
    insert(con, "papers", [work])
    insert(con, "paper_versions", [key | version])
    insert(con, "authors", _numbered(key, "name", paper.authors))
    insert(con, "categories", _numbered(key, "code", paper.categories))


def _numbered(key: Columns, column: str, values: tuple[str, ...]) -> list[Columns]:
    return [
        {**key, "position": position, column: value}
        for position, value in enumerate(values, 1)
    ]


def get_paper(con: Connection, paper_id: str, version: int) -> PaperVersion:
    """Metadata of a version of a paper. Raises NotFound."""
    row = get_row(con, "papers/version", paper_id=paper_id, version=version)
    authors, categories = tuple(row.pop("authors")), tuple(row.pop("categories"))
    return PaperVersion(**row, authors=authors, categories=categories)


def pending_papers(con: Connection, sighting_id: str) -> list[PendingPaper]:
    """Papers of a sighting that were not read yet, in rank order.

    Those whose texts are gone count: see `archive/restore.py`.
    """
    return find(con, "papers/pending", PendingPaper, sighting_id=sighting_id)


def find_papers_without_text(
    con: Connection, week: str | None = None
) -> list[PendingPaper]:
    """Papers of a week, or of all, that were read and whose texts are gone."""
    return find(con, "papers/without_text", PendingPaper, week=week)


class ImprovableWeek(NamedTuple):
    """A week with papers that a later reading may improve."""

    week: str
    sighting_id: str


def find_improvable_weeks(con: Connection, week: str | None) -> list[ImprovableWeek]:
    """Weeks whose papers may be read better now, or one of them."""
    return find(con, "papers/improvable", ImprovableWeek, week=week)
