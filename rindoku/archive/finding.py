"""Reading from the archive: rows back to the types of models.py, and what is pending.

`find_*` returns 0..n, `get_*` exactly one or raises, `pending_*` what is missing. Each function takes a
connection of `Archive.write()` (what counts now) or `Archive.read()` (the published copy).
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from rindoku.archive.rows import fetch_rows
from rindoku.archive.statements import query
from rindoku.errors import NotFound
from rindoku.models import (
    Document,
    Entry,
    Link,
    PaperVersion,
    Payload,
    Section,
    Sighting,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection


def pending_entries(con: "Connection", sighting_id: str) -> list[Entry]:
    """Entries that have no paper yet, in rank order."""
    rows = fetch_rows(con, query("unresolved_entries"), sighting_id=sighting_id)
    return [get_entry(con, row["entry_id"]) for row in rows]


def pending_papers(con: "Connection", sighting_id: str) -> list[tuple[str, int]]:
    """`(paper_id, version)` of papers that were not read yet."""
    rows = fetch_rows(con, query("unread_papers"), sighting_id=sighting_id)
    return [(row["paper_id"], row["version"]) for row in rows]


def pending_documents(
    con: "Connection", sighting_id: str, language: str, *, has_key: bool
) -> list[str]:
    """Ids of documents that were not explained yet."""
    rows = fetch_rows(
        con,
        query("unexplained_documents"),
        sighting_id=sighting_id,
        language=language,
        has_key=has_key,
    )
    return [row["document_id"] for row in rows]


def get_entry(con: "Connection", entry_id: str) -> Entry:
    """An entry with its links."""
    row = _one(con, "entry", entry_id=entry_id)
    links = tuple(
        Link(**r) for r in fetch_rows(con, query("entry_links"), entry_id=entry_id)
    )
    return Entry(row["entry_id"], row["rank"], row["title"], row["blurb"], links)


def get_paper(con: "Connection", paper_id: str, version: int) -> PaperVersion:
    """Metadata of a version of a paper."""
    row = _one(con, "paper_version", paper_id=paper_id, version=version)
    names = (
        "paper_id",
        "kind",
        "version",
        "title",
        "authors_complete",
        "abstract",
        "published_on",
        "updated_on",
        "url",
        "comment",
        "payload_id",
        "licence",
    )
    return PaperVersion(
        **{name: row[name] for name in names},
        authors=tuple(row["authors"]),
        categories=tuple(row["categories"]),
    )


def get_document(con: "Connection", document_id: str) -> Document:
    """A document with its text and sections."""
    row = _one(con, "document", document_id=document_id)
    sections = tuple(
        Section(s["title"], s["start_char"], s["end_char"], s["page"])
        for s in fetch_rows(con, query("document_sections"), document_id=document_id)
    )
    return Document(
        row["document_id"],
        row["paper_id"],
        row["version"],
        row["grounding"],
        row["format"],
        row["url"],
        row["text"],
        sections,
        row["payload_id"],
        row["note"],
        1.0 if row["quality"] is None else row["quality"],
    )


def find_resolution(con: "Connection", entry_id: str) -> dict[str, Any] | None:
    """The resolution of an entry that counts."""
    rows = fetch_rows(con, query("resolution"), entry_id=entry_id)
    return rows[0] if rows else None


def find_due(
    con: "Connection", as_of: datetime, week: str | None, *, every: bool
) -> list[dict[str, Any]]:
    """Entries to be looked at again, with what they are bound to."""
    return fetch_rows(con, query("rebind_due"), as_of=as_of, week=week, every=every)


def find_document_of(con: "Connection", paper_id: str) -> str | None:
    """Id of the text of a paper that counts; None when it was not read."""
    rows = fetch_rows(con, query("document_of"), paper_id=paper_id)
    return str(rows[0]["document_id"]) if rows else None


def find_answer(
    con: "Connection",
    question_id: str,
    week: str | None,
    rank: int | None,
    position: int | None,
    language: str,
) -> dict[str, Any] | None:
    """An answer by its question's id or by its place."""
    rows = fetch_rows(
        con,
        query("answer_by_place"),
        question_id=question_id,
        week=week,
        rank=rank,
        position=position,
        language=language,
    )
    return rows[0] if rows else None


def auditable(con: "Connection", week: str | None) -> list[dict[str, Any]]:
    """Explanations that are shown in a week, or in any, with their place."""
    return fetch_rows(con, query("auditable"), week=week)


def stored_answers(con: "Connection", generation_id: str) -> list[dict[str, Any]]:
    """The answers of a generation with their quotes, and what they count as now."""
    return fetch_rows(con, query("stored_answers"), generation_id=generation_id)


def get_payload(con: "Connection", payload_id: str) -> Payload:
    """A payload by its id."""
    return Payload(**_one(con, "payload", payload_id=payload_id))


def find_fetch(con: "Connection", url: str) -> dict[str, Any] | None:
    """What an address gave last: payload_id, etag, last_modified, moved, fetched_at."""
    rows = fetch_rows(con, query("fetch"), url=url)
    return rows[0] if rows else None


def find_account_payload(con: "Connection", account: str) -> Payload | None:
    """The answer in which X told the account's id."""
    rows = fetch_rows(con, query("account_payload"), account=account)
    return Payload(**rows[0]) if rows else None


def find_generation(con: "Connection", generation_id: str) -> dict[str, Any] | None:
    """A generation's row."""
    rows = fetch_rows(con, query("generation"), generation_id=generation_id)
    return rows[0] if rows else None


def spent_usd(con: "Connection", run_id: str) -> float:
    """Dollars of a run, calls in flight at their estimate."""
    return float(_one(con, "spent", run_id=run_id)["usd"])


def find_week(con: "Connection", week: str) -> dict[str, Any] | None:
    """The sighting of a week that counts."""
    rows = fetch_rows(con, query("week_head"), week=week)
    return rows[0] if rows else None


def _one(con: "Connection", name: str, **parameters: Any) -> dict[str, Any]:
    rows = fetch_rows(con, query(name), **parameters)
    if len(rows) != 1:
        raise NotFound(
            f"The archive has {len(rows)} rows for {name} {parameters}.",
            "Run the week again.",
        )
    return rows[0]


def payloads_in_window(con: "Connection", first: datetime, last: datetime) -> list[str]:
    """Ids of payloads with posts of a stretch of time, forgotten ones left out."""
    return [
        r["payload_id"]
        for r in fetch_rows(con, query("posts_in_window"), first=first, last=last)
    ]


def find_high_water_mark(con: "Connection", watch: str, week: str) -> str | None:
    """The newest post of a week that was read without a gap."""
    rows = fetch_rows(con, query("high_water_mark"), watch=watch, week=week)
    return str(rows[0]["post_id"]) if rows else None


def seen_before(con: "Connection", sighting_id: str) -> list[tuple[str, str, str]]:
    """`(entry_id, link, week)` where another week lists the same arXiv paper."""
    rows = fetch_rows(con, query("seen_before"), sighting_id=sighting_id)
    return [(r["entry_id"], r["canonical"], r["week"]) for r in rows]


def find_sightings(con: "Connection", week: str) -> list[Sighting]:
    """The newest sighting of a week by each source."""
    return [
        get_sighting(con, r["sighting_id"])
        for r in fetch_rows(con, query("sightings_of"), week=week)
    ]


def get_sighting(con: "Connection", sighting_id: str) -> Sighting:
    """A sighting with its entries."""
    rows = fetch_rows(
        con,
        "SELECT * FROM sightings WHERE sighting_id = $sighting_id",
        sighting_id=sighting_id,
    )
    if not rows:
        raise NotFound(
            f"The archive has no sighting {sighting_id}.", "Run the week again."
        )
    entries = fetch_rows(con, query("sighting_entries"), sighting_id=sighting_id)
    names = (
        "sighting_id",
        "week",
        "source",
        "heading",
        "starts_on",
        "ends_on",
        "reference",
    )
    return Sighting(
        **{name: rows[0][name] for name in names},
        entries=tuple(get_entry(con, e["entry_id"]) for e in entries),
    )
