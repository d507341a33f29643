"""The twin's tables, as they are written by hand."""

import json
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.lists import parse_year
from rindoku.lists.twin import parse_row
from rindoku.sample import sample_week
from rindoku.sample.pages import year_file
from tests.builders import DAIR_AI
from tests.conftest import SHARED


def test_the_year_file_of_the_stand_in_is_read() -> None:
    [week] = parse_year(year_file(2024, [sample_week()]), "t", 2024, DAIR_AI)
    assert [e.title for e in week.entries] == [e.title for e in sample_week().entries]
    assert week.week == "2024-W14"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded year files are not here")
def test_every_row_of_two_years_is_read_as_a_person_read_it() -> None:
    expected = defaultdict(list)
    facts = SHARED / "dair-ai" / "weeks-2023-2024.jsonl"
    for row in map(json.loads, facts.read_text().splitlines()):
        links = [(link["label"], link["url"]) for link in row["links"]]
        week = row["week"], row["starts_on"], row["ends_on"]
        expected[week].append((row["rank"], row["title"], links))
    found = {}
    for year in (2023, 2024):
        markdown = (SHARED / "dair-ai" / f"{year}.md").read_text()
        for sighting in parse_year(markdown, "t", year, DAIR_AI):
            week = sighting.week, str(sighting.starts_on), str(sighting.ends_on)
            found[week] = [
                (e.rank, e.title, [(link.label, link.url) for link in e.links])
                for e in sighting.entries
            ]
    assert found == dict(expected)
    assert sum(map(len, found.values())) == 1040


@pytest.mark.parametrize(
    ("row", "title", "links"),
    [
        (
            "| 1) **A <think> B** - text | [Paper](https://a.org/1) |",
            "A <think> B",
            [("Paper", "https://a.org/1")],
        ),
        (
            (
                "| 2) Plain - text | [Paper](https://a.org/S0092(25)1), "
                "[Tweet)](https://x.com/a/status/1)_ |"
            ),
            "Plain",
            [
                ("Paper", "https://a.org/S0092(25)1"),
                ("Tweet", "https://x.com/a/status/1"),
            ],
        ),
        ("| 3) **No link** - text with a pipe | and more | |", "No link", []),
        (
            (
                "| 5) *Slip** - text | See [Paper 1](https://a.org/1)"
                "[Paper 2](https://a.org/2) |"
            ),
            "Slip",
            [("Paper 1", "https://a.org/1"), ("Paper 2", "https://a.org/2")],
        ),
        (
            (
                "| 6) **No bar** - text [Paper](https://a.org/1), "
                "[Tweet](https://x.com/a/status/1) |"
            ),
            "No bar",
            [("Paper", "https://a.org/1"), ("Tweet", "https://x.com/a/status/1")],
        ),
        (
            (
                "| 7) **Prose** - less than <1% of [a model](https://b.org) is | used "
                "| [System Card](https://a.org/c_(2).pdf)) |"
            ),
            "Prose",
            [("System Card", "https://a.org/c_(2).pdf")],
        ),
        (
            "| 4) **Empty** - text | [Paper](https://a.org), [Tweet]() |",
            "Empty",
            [("Paper", "https://a.org")],
        ),
    ],
)
def test_rows_are_read_as_they_occur(
    row: str, title: str, links: list[tuple[str, str]]
) -> None:
    entry = parse_row(row, None)
    assert entry is not None
    assert (title, links) == (
        entry.title,
        [(link.label, link.url) for link in entry.links],
    )


def test_broken_and_unnumbered_rows_are_read_with_a_finding() -> None:
    text = """## The Top AI Papers of the Week (December 29 - January 4) \u2013 2026
| **Paper** | **Links** |
| ------------- | ------------- |
| 1) **Broken** - begins here
and ends there | [Paper](https://arxiv.org/abs/2512.00001) |
| **Unnumbered** - text | [Report](https://a.org/r.pdf) [Tweet](https://x.com/a) |
| 3) Plain words  text<br>\u25cf more | [Paper](https://a.org/3), [Code](https://b.io) |
"""
    [week] = parse_year(text, "t", 2026, DAIR_AI)
    assert (week.week, str(week.starts_on), str(week.ends_on)) == (
        "2026-W01",
        "2025-12-29",
        "2026-01-04",
    )
    assert [(e.rank, e.title, len(e.links)) for e in week.entries] == [
        (1, "Broken", 1),
        (2, "Unnumbered", 2),
        (3, "Plain words", 2),
    ]
    assert [f.severity for f in week.findings if f.check == "rows"] == ["warning"]


HEADING = "## Top AI Papers of the Week (April 1 - April 7) - 2024"
ROW = "| 1) **A** - b | [Paper](https://a.org) |"


@given(st.text(alphabet="|[]()*-#1) 2024ab\n.:/<>_", max_size=300))
def test_no_table_raises_and_no_row_is_lost(noise: str) -> None:
    noise = noise.replace("\n", " ")
    weeks = parse_year(f"{HEADING}\n{ROW}\n| {noise}\n", "t", 2024, DAIR_AI)
    entries = [entry for week in weeks for entry in week.entries]
    lost = [
        finding
        for week in weeks
        for finding in week.findings
        if (finding.check, finding.severity) == ("rows", "error")
    ]
    is_blank = not noise.strip(" |:*-")
    assert len(entries) + len(lost) == (1 if is_blank else 2)


def test_a_link_that_is_no_address_is_kept_as_text() -> None:
    row = (
        "| 1) **T** - text | [Paper](http://[bad), [Tweet](https://x.com/a/status/1) |"
    )
    entry = parse_row(row, None)
    assert entry is not None
    broken, post = entry.links
    assert (broken.label, broken.url, broken.role) == ("Paper", "http://[bad", "other")
    assert post.role == "post"


def test_a_rank_of_any_number_of_digits_is_no_error() -> None:
    numbering = r"(?P<rank>\d+)\)"
    assert parse_row("| 12) T | [Paper](https://a.org) |", numbering) is not None
    assert parse_row(f"| {'9' * 5_000}) T | |", numbering) is None
