"""`rindoku entries` and `rindoku diff`: what the sources list."""

import json
import sys
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rindoku.archive import Archive
from rindoku.archive.finding import find_sightings
from rindoku.archive.saving import begin_run, end_run
from rindoku.errors import NotFound
from rindoku.lists.contract import check_age
from rindoku.lists.differences import compare
from rindoku.lists.files import parse_file
from rindoku.lists.observe import choose_source, list_week, observe_week, read_files
from rindoku.models import Outcome, Sighting
from rindoku.run import Run
from rindoku.settings import load_settings
from rindoku.weeks import parse_week, span


def list_entries(week: str | None, source: str, as_of: datetime) -> list[Sighting]:
    """The weeks a source shows: the one asked for, else all of a file, else the newest."""
    chosen = choose_source(source, load_settings())
    if chosen not in {"x", "twin"}:
        day = span(parse_week(week, as_of))[1] if week else as_of.date()
        year = day.year if week else None
        found = [
            s for p in read_files(chosen, year) for s in parse_file(p.body, p.url, day)
        ]
        wanted = [s for s in found if week is None or s.week == parse_week(week, as_of)]
        if not wanted:
            raise NotFound(
                f"{chosen} does not list {week}.",
                f"It lists {found[0].week} to {found[-1].week}.",
            )
        return wanted
    run, week_id = Run(f"entries-{uuid.uuid4()}"), parse_week(week or "last", as_of)
    with run.archive.write() as con:
        begin_run(con, run.run_id, "entries", week_id, as_of, chosen)
    sighting = list_week(run, week_id, observe_week(run, week_id, chosen, as_of), as_of)
    with run.archive.write() as con:
        end_run(
            con, run.run_id, Outcome.COMPLETE, f"{len(sighting.entries)} entries listed"
        )
    run.archive.publish()
    return [sighting]


def print_entries(sightings: Sequence[Sighting], *, as_json: bool) -> None:
    """One line an entry: JSON, or text for people."""
    for sighting in sightings:
        if as_json:
            sys.stdout.writelines(
                json.dumps(row, ensure_ascii=False) + "\n" for row in as_rows(sighting)
            )
            continue
        sys.stdout.write(
            f"{sighting.week}  {sighting.heading}  ({sighting.starts_on} to {sighting.ends_on}, {sighting.source})\n"
        )
        for entry in sighting.entries:
            links = "  ".join(f"{link.role}: {link.canonical}" for link in entry.links)
            sys.stdout.write(
                f"  {entry.rank:>2}  {entry.title}\n      {links or 'no link'}\n"
            )
        for finding in _findings(sighting):
            sys.stdout.write(f"  {finding.severity}: {finding.message}\n")


def as_rows(sighting: Sighting) -> list[dict[str, Any]]:
    """Entries as plain values; findings of the week as a whole stand with its first entry."""
    first = sighting.entries[0].entry_id if sighting.entries else ""
    return [
        {
            "week": sighting.week,
            "starts_on": str(sighting.starts_on),
            "ends_on": str(sighting.ends_on),
            "heading": sighting.heading,
            "rank": e.rank,
            "title": e.title,
            "links": [
                {"label": link.label, "url": link.url, "role": link.role}
                for link in e.links
            ],
            "source": sighting.source,
            "findings": [
                {"check": f.check, "severity": f.severity, "message": f.message}
                for f in _findings(sighting)
                if f.subject == e.entry_id
                or (e.entry_id == first and f.subject == sighting.sighting_id)
            ],
        }
        for e in sighting.entries
    ]


def _findings(sighting: Sighting) -> list[Any]:
    return [*sighting.findings, *check_age(sighting)]


def print_diff(week: str, *, as_json: bool) -> None:
    """The sources of a week side by side, and where they differ. Raises NotFound when none was observed."""
    with Archive(load_settings().home_path).read() as con:
        sightings = find_sightings(con, week)
    if not sightings:
        raise NotFound(
            f"The archive has no sighting of {week}.",
            f"`rindoku entries {week} --source twin` makes one.",
        )
    first, *others = sightings
    differences = [f for other in others for f in compare(first, other)[0]]
    if as_json:
        value = {
            "week": week,
            "sources": {s.source: as_rows(s) for s in sightings},
            "differences": [f.message for f in differences],
        }
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
        return
    from rindoku.cli.output import print_rows

    ranks = sorted({e.rank for s in sightings for e in s.entries})
    by_rank = [{e.rank: e for e in s.entries} for s in sightings]
    rows = [
        [rank, *(_cell(entries.get(rank)) for entries in by_rank)] for rank in ranks
    ]
    print_rows(["#", *(s.source for s in sightings)], rows)
    for finding in differences:
        sys.stdout.write(f"{finding.message}\n")


def _cell(entry: Any) -> str:
    if entry is None:
        return "–"
    paper = next(
        (link.canonical for link in entry.links if link.role != "post"), "no link"
    )
    return f"{entry.title}\n{paper}"
