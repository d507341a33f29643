"""Weeks as their sources show them: sightings, entries and links."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from rindoku.archive.findings import save_findings
from rindoku.archive.rows import (
    Columns,
    Connection,
    digest_of,
    fetch_rows,
    find,
    find_one,
    get_row,
    insert,
    insert_private,
)
from rindoku.archive.statements import query
from rindoku.models import Entry, Link, Sighting


@dataclass(frozen=True)
class SightingHead:
    """A sighting without its entries."""

    sighting_id: str
    week: str
    source: str
    heading: str
    starts_on: date
    ends_on: date
    reference: str
    observed_at: datetime


class Repeat(NamedTuple):
    """An entry whose arXiv paper another week lists as well."""

    entry_id: str
    url: str
    week: str


def save_sighting(
    con: Connection, sighting: Sighting, run_id: str, *, precedence: int
) -> None:
    """Saves a sighting with its entries, their links and its findings.

    Of several sightings of a week, the one with the lowest `precedence` counts.
    """
    week = {
        "digest": digest_of(con),
        "week": sighting.week,
        "starts_on": sighting.starts_on,
        "ends_on": sighting.ends_on,
    }
    head = {
        "sighting_id": sighting.sighting_id,
        "source": sighting.source,
        "precedence": precedence,
        "heading": sighting.heading,
        "reference": sighting.reference,
        "observed_at": datetime.now(UTC),
        "run_id": run_id,
    }
    insert(con, "weeks", [week])
    insert(con, "sightings", [week | head])
    _save_entries(con, sighting)
    save_findings(con, sighting.findings, run_id)


def _save_entries(con: Connection, sighting: Sighting) -> None:
    entries: list[Columns] = []
    texts: list[Columns] = []
    links: list[Columns] = []
    for entry in sighting.entries:
        entries.append(
            {
                "entry_id": entry.entry_id,
                "sighting_id": sighting.sighting_id,
                "rank": entry.rank,
                "title": entry.title,
            }
        )
        texts.append({"entry_id": entry.entry_id, "blurb": entry.blurb})
        links += _link_rows(entry.entry_id, entry.links, first=1)
    insert_private(con, "entry_texts", texts)
    insert(con, "entries", entries)
    insert(con, "links", links)


def save_completing_links(
    con: Connection, entry: Entry, links: Sequence[Link], source: str
) -> None:
    """Adds the links of another source to an entry, marked with that source."""
    rows = _link_rows(entry.entry_id, links, first=len(entry.links) + 1)
    insert(con, "links", [row | {"completed_from": source} for row in rows])


def _link_rows(entry_id: str, links: Iterable[Link], *, first: int) -> list[Columns]:
    return [
        {
            "entry_id": entry_id,
            "position": position,
            "label": link.label,
            "url": link.url,
            "canonical": link.canonical,
            "role": link.role,
        }
        for position, link in enumerate(links, first)
    ]


def get_entry(con: Connection, entry_id: str) -> Entry:
    """An entry with its links. Raises NotFound."""
    row = get_row(con, "sightings/entry", entry_id=entry_id)
    links = find(con, "sightings/entry_links", Link, entry_id=entry_id)
    return Entry(**row, links=tuple(links))


def get_sighting(con: Connection, sighting_id: str) -> Sighting:
    """A sighting with its entries. Raises NotFound."""
    row = get_row(con, "sightings/get", sighting_id=sighting_id)
    rows = fetch_rows(con, query("sightings/entries"), sighting_id=sighting_id)
    entries = tuple(get_entry(con, entry["entry_id"]) for entry in rows)
    return Sighting(**row, entries=entries)


def find_current_sighting(con: Connection, week: str) -> SightingHead | None:
    """The current sighting of a week; None for a week that was never seen."""
    return find_one(con, "sightings/current", SightingHead, week=week)


def find_sightings(con: Connection, week: str) -> list[Sighting]:
    """The newest sighting of a week by each source."""
    rows = fetch_rows(con, query("sightings/newest_by_source"), week=week)
    return [get_sighting(con, row["sighting_id"]) for row in rows]


def find_repeats(con: Connection, sighting_id: str) -> list[Repeat]:
    """Entries of a sighting whose arXiv papers other weeks list as well."""
    return find(con, "sightings/repeats", Repeat, sighting_id=sighting_id)


def find_weeks(con: Connection) -> list[str]:
    """All weeks of the archive in order."""
    return [row["week"] for row in fetch_rows(con, query("sightings/weeks"))]
