"""Observing a week: a source's responses are saved raw, then parsed into a sighting."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rindoku.archive.findings import save_findings
from rindoku.archive.listings import save_listing
from rindoku.archive.payloads import get_payload
from rindoku.archive.sightings import (
    find_repeats,
    get_sighting,
    save_completing_links,
    save_sighting,
)
from rindoku.digests import Digest
from rindoku.errors import NotFound, NothingPublishedYet
from rindoku.lists.contract import check_age
from rindoku.lists.differences import compare
from rindoku.lists.sources import find_source
from rindoku.models import Entry, Finding, Payload, Sighting
from rindoku.run import Run
from rindoku.weeks import span


def observe_week(run: Run, week: str, source: str, as_of: datetime) -> list[str]:
    """Asks a source what it shows around a week; returns the ids of its payloads.

    `source` is a name of `lists.sources`, or the path of a file.
    """
    return find_source(source).observe(run, week, as_of)


def list_week(
    run: Run, week: str, payload_ids: Sequence[str], as_of: datetime
) -> Sighting:
    """Parses a week from saved responses and saves it as a sighting, with its findings.

    Raises EmptyThread when the week is announced without entries, NothingPublishedYet
    when it may still be announced, NotFound when it is too old for that.
    """
    with run.archive.read_latest() as con:
        payloads = [get_payload(con, payload_id) for payload_id in payload_ids]
    sightings: list[Sighting] = []
    if payloads:
        sightings = find_source(payloads[0].source).parse(run, payloads, week)
    sighting = next((s for s in sightings if s.week == week), None)
    if sighting is None:
        raise _absent(run.digest, week, payloads, sightings, as_of)
    with run.archive.write() as con:
        precedence = find_source(sighting.source).precedence
        save_sighting(con, sighting, run.run_id, precedence=precedence)
        save_listing(con, week, run.digest.listing, run.run_id)
        findings = [
            Finding(
                repeat.entry_id,
                "seen before",
                "note",
                f"{repeat.url} was listed in {repeat.week} as well.",
            )
            for repeat in find_repeats(con, sighting.sighting_id)
        ]
        save_findings(con, [*findings, *check_age(sighting)], run.run_id)
    return sighting


def entries_without_links(sighting: Sighting) -> list[Entry]:
    """Entries that name no paper."""
    return [entry for entry in sighting.entries if entry.names_no_paper]


def complete_from(run: Run, sighting: Sighting, other: Sighting) -> int:
    """Adds another source's links to entries without one, and records differences.

    Returns the number of entries that got links.
    """
    differences, pairs = compare(sighting, other)
    completed = 0
    with run.archive.write() as con:
        save_findings(con, differences, run.run_id)
        for entry, counterpart in pairs:
            if entry.names_no_paper and not counterpart.names_no_paper:
                save_completing_links(con, entry, counterpart.links, other.source)
                completed += 1
    return completed


def get_saved_sighting(run: Run, sighting_id: str) -> Sighting:
    """A saved sighting with its entries. Raises NotFound."""
    with run.archive.read_latest() as con:
        return get_sighting(con, sighting_id)


def _absent(
    digest: Digest,
    week: str,
    payloads: Sequence[Payload],
    sightings: Sequence[Sighting],
    as_of: datetime,
) -> NothingPublishedYet | NotFound:
    """The error for a week that is not listed: not yet, or not any more."""
    monday, sunday = span(week)
    source = payloads[0].source if payloads else "The source"
    newest = ""
    if sightings:
        newest_week = max(sighting.week for sighting in sightings)
        newest = f"; its newest is {newest_week}"
    if as_of.date() <= sunday + timedelta(days=digest.days.overdue):
        return NothingPublishedYet(
            f"{source} has no {digest.name} list for {week} yet "
            f"(its Sunday is {sunday}){newest}.",
            "Run again later; nothing was published.",
        )
    return NotFound(
        f"{source} has no {digest.name} list for {week} ({monday} to {sunday}).",
        "Weeks may be missing in one source; try another --source.",
    )
