"""`rindoku diff`: shows the sources of a week side by side."""

import json
import sys
from typing import TYPE_CHECKING

from rindoku.cli.options import (
    AsJson,
    DigestName,
    Home,
    Week,
    archived_week,
    choose_home,
)

if TYPE_CHECKING:
    from rindoku.models import Entry, Finding, Sighting


def diff(
    week: Week, digest: DigestName = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Show side by side what each observed source lists for a week."""
    from rindoku.archive import open_archive
    from rindoku.archive.sightings import find_sightings
    from rindoku.errors import NotFound
    from rindoku.lists import compare
    from rindoku.settings import load_settings

    choose_home(home, digest)
    archive = open_archive(load_settings())
    archive.check_exists()
    with archive.read_latest() as con:
        week_id = archived_week(con, week)
        sightings = find_sightings(con, week_id)
    if not sightings:
        raise NotFound(
            f"The archive has no sighting of {week_id}.",
            f"`rindoku entries {week_id} --source twin` saves one.",
        )
    first, *others = sightings
    differences: list[Finding] = []
    for other in others:
        findings, _ = compare(first, other)
        differences += findings
    if as_json:
        _print_json(week_id, sightings, differences)
    else:
        _print_table(sightings, differences)


def _print_json(
    week: str, sightings: "list[Sighting]", differences: "list[Finding]"
) -> None:
    from rindoku.cli.entries import as_rows

    value = {
        "week": week,
        "sources": {s.source: as_rows(s) for s in sightings},
        "differences": [finding.message for finding in differences],
    }
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _print_table(sightings: "list[Sighting]", differences: "list[Finding]") -> None:
    from rindoku.cli.output import print_rows

    columns = [{e.rank: e for e in sighting.entries} for sighting in sightings]
    ranks: set[int] = set()
    for column in columns:
        ranks |= column.keys()
    rows = []
    for rank in sorted(ranks):
        cells = [_cell(column.get(rank)) for column in columns]
        rows.append([str(rank), *cells])
    sources = [sighting.source for sighting in sightings]
    print_rows(["#", *sources], rows)
    for finding in differences:
        sys.stdout.write(f"{finding.message}\n")


def _cell(entry: "Entry | None") -> str:
    if entry is None:
        return "–"
    links = [link.canonical for link in entry.links if link.role != "post"]
    return f"{entry.title}\n{links[0] if links else 'no link'}"
