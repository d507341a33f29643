"""Five real weeks: titles, links, dates and ranks, checked by hand.

`weeks.jsonl` has one row an entry, in the form of `rindoku entries --json`.
"""

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from rindoku.lists import parse_file, parse_year
from rindoku.models import Sighting
from tests.builders import DAIR_AI

WEEKS = Path(__file__).with_name("weeks.jsonl")
Row = dict[str, Any]


def read_rows() -> list[Row]:
    return [json.loads(line) for line in WEEKS.read_text("utf-8").splitlines()]


def as_rows(sightings: list[Sighting]) -> list[Row]:
    return [
        {
            "week": sighting.week,
            "starts_on": str(sighting.starts_on),
            "ends_on": str(sighting.ends_on),
            "heading": sighting.heading,
            "rank": entry.rank,
            "title": entry.title,
            "links": [{"label": link.label, "url": link.url} for link in entry.links],
        }
        for sighting in sightings
        for entry in sighting.entries
    ]


def as_year_file(rows: list[Row]) -> str:
    """The rows as the tables of a year file, with a made-up text for each entry."""
    tables: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        links = ", ".join(f"[{link['label']}]({link['url']})" for link in row["links"])
        tables[row["heading"]].append(
            f"| {row['rank']}) **{row['title']}** - what it is about. | {links} |"
        )
    lines = []
    for heading, table in tables.items():
        lines += [f"## {heading}", "| **Paper** | **Links** |", "| --- | --- |"]
        lines += [*table, ""]
    return "\n".join(lines)


def test_tables_of_real_weeks_are_read() -> None:
    for year in (2023, 2024):
        rows = [row for row in read_rows() if row["ends_on"].startswith(str(year))]
        assert as_rows(parse_year(as_year_file(rows), "t", year, DAIR_AI)) == rows


def test_a_json_file_of_real_weeks_is_read() -> None:
    sightings = parse_file(WEEKS.read_bytes(), WEEKS.name, date(2024, 7, 1), DAIR_AI)
    assert as_rows(sightings) == read_rows()


def test_two_entries_with_one_id_are_a_finding() -> None:
    sightings = parse_file(WEEKS.read_bytes(), WEEKS.name, date(2024, 7, 1), DAIR_AI)
    shared = {
        sighting.week: finding.message
        for sighting in sightings
        for finding in sighting.findings
        if finding.check == "identifiers"
    }
    assert list(shared) == ["2024-W33"]
    assert "2408.05109" in shared["2024-W33"]
