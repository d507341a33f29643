"""Resolutions: the paper of each entry, checks of its links, and when it is due."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from rindoku.archive.rows import (
    Connection,
    fetch_rows,
    find,
    find_one,
    insert,
)
from rindoku.archive.sightings import get_entry
from rindoku.archive.statements import query
from rindoku.keys import content_key
from rindoku.models import Entry, LinkCheck, Resolution


@dataclass(frozen=True)
class StoredResolution:
    """The current resolution of an entry."""

    resolution_id: str
    entry_id: str
    paper_id: str | None
    version: int | None
    method: str
    confidence: float
    evidence: str
    resolved_at: datetime


@dataclass(frozen=True)
class DueEntry:
    """An entry to be looked up again.

    `paper_id` is None when it never found a paper.
    """

    week: str
    sighting_id: str
    entry_id: str
    rank: int
    name: str
    paper_id: str | None
    version: int | None
    document_id: str | None


def pending_entries(con: Connection, sighting_id: str) -> list[Entry]:
    """Entries of a sighting without a paper, in rank order."""
    rows = fetch_rows(
        con, query("resolutions/pending_entries"), sighting_id=sighting_id
    )
    return [get_entry(con, row["entry_id"]) for row in rows]


def find_resolution(con: Connection, entry_id: str) -> StoredResolution | None:
    """The current resolution of an entry."""
    return find_one(con, "resolutions/current", StoredResolution, entry_id=entry_id)


def find_due_entries(
    con: Connection, as_of: datetime, week: str | None, *, every: bool
) -> list[DueEntry]:
    """Entries due at `as_of`; with `every`, all that could change, due or not."""
    return find(
        con,
        "resolutions/due_entries",
        DueEntry,
        as_of=as_of,
        week=week,
        every=every,
    )


def save_resolution(
    con: Connection, resolution: Resolution, as_of: datetime, run_id: str
) -> None:
    """Saves the paper that an entry resolves to, unless the decision is the same."""
    current = find_resolution(con, resolution.entry_id)
    if current is not None and _same_decision(current, resolution):
        return
    key = (
        resolution.entry_id,
        resolution.paper_id,
        resolution.version,
        resolution.method,
        resolution.evidence,
        as_of.isoformat(),
    )
    resolution_id = content_key(*key)
    row = {
        "resolution_id": resolution_id,
        "entry_id": resolution.entry_id,
        "paper_id": resolution.paper_id,
        "version": resolution.version,
        "method": resolution.method,
        "confidence": resolution.confidence,
        "evidence": resolution.evidence,
        "resolved_at": as_of,
        "run_id": run_id,
    }
    candidates = [
        {
            "resolution_id": resolution_id,
            "position": position,
            "arxiv_id": candidate.arxiv_id,
            "score": candidate.score,
            "why": candidate.why,
        }
        for position, candidate in enumerate(resolution.candidates, 1)
    ]
    insert(con, "resolutions", [row])
    insert(con, "candidates", candidates)


def _same_decision(current: StoredResolution, resolution: Resolution) -> bool:
    return (
        current.paper_id == resolution.paper_id
        and current.version == resolution.version
        and current.method == resolution.method
        and current.evidence == resolution.evidence
    )


def save_link_checks(
    con: Connection,
    entry_id: str,
    checks: Iterable[LinkCheck],
    as_of: datetime,
    run_id: str,
) -> None:
    """Saves the results of opening the links of an entry."""
    key = {"entry_id": entry_id, "checked_at": as_of, "run_id": run_id}
    insert(con, "link_checks", [key | asdict(check) for check in checks])


def save_look(
    con: Connection, entry_id: str, as_of: datetime, run_id: str, *, changed: bool
) -> None:
    """Records that an entry was looked up again."""
    row = {
        "entry_id": entry_id,
        "looked_at": as_of,
        "changed": changed,
        "run_id": run_id,
    }
    insert(con, "looks", [row])
