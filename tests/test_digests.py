"""Digests: the entries of digests.toml, their errors, and what they change."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rindoku.archive.statements import ROOT as SQL
from rindoku.digests import DEFAULT, Days, find_digest
from rindoku.errors import BadInput
from rindoku.lists import parse_file, parse_year
from rindoku.lists.contract import assemble
from rindoku.weeks import Heading, parse_week
from tests.builders import DAIR_AI

ROBOTS = r"""
[robots]
account = "robots_weekly"
series = "Robotics in Five"
heading = '\bfive\s+robotics\s+papers\b'
numbering = '#(?P<rank>\d)'
entries = 5
days = { first = -4, due = -3, last = -1, overdue = 3 }

[robots.title]
en = "{series}, {ends_on}"
"""


def write(home: Path, text: str) -> Path:
    (home / "digests.toml").write_text(text, encoding="utf-8")
    return home


def test_a_digest_of_the_home_is_added_to_those_of_rindoku(tmp_path: Path) -> None:
    robots = find_digest("robots", write(tmp_path, ROBOTS))
    assert (robots.account, robots.watch) == ("robots_weekly", "robots_weekly")
    assert (robots.entries, robots.twin) == (5, None)
    assert robots.days == Days(first=-4, due=-3, last=-1, overdue=3)
    assert find_digest(DEFAULT, tmp_path) == DAIR_AI


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    find_digest("robots", write(tmp_path, ROBOTS))
    changed = write(tmp_path, ROBOTS.replace("entries = 5", "entries = 7"))
    assert find_digest("robots", changed).entries == 7


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('account = "robots_weekly"', 'account = "@robots"', "account"),
        ('account = "robots_weekly"', "", "account of the digest 'robots'.*is missing"),
        (r"heading = '\bfive\s+", "heading = '(five ", "heading.*not a regular expr"),
        (r"\bfive\s+robotics\s+papers\b", ".*", "heading.*matches every line"),
        (r"#(?P<rank>\d)", r"#\d", "numbering.*group rank"),
        (r"#(?P<rank>\d)", r"(?P<rank>\d", "numbering.*not a regular expression"),
        (r"#(?P<rank>\d)", r"(?i)#(?P<rank>\d)", "numbering.*global flags"),
        ("entries = 5", "entries = 0", "entries"),
        ("entries = 5", "entries = true", "entries"),
        ("entries = 5", 'entries = 5\ntwin = "file:///etc/passwd"', "twin.*https"),
        ("entries = 5", "entries = 5\ncolour = 1", "colour.*no such field"),
        ("due = -3", "due = 9", "days.*first <= due"),
        ("due = -3", "day = 9", "days"),
        ("{ends_on}", "{week}", "title.*may have"),
        ("[robots]", "[robots", "digests.toml cannot be read"),
    ],
)
def test_an_invalid_entry_names_the_file_the_field_and_the_remedy(
    before: str, after: str, named: str, tmp_path: Path
) -> None:
    text = ROBOTS.replace(before, after)
    assert text != ROBOTS
    with pytest.raises(BadInput, match=f"(?s){named}") as caught:
        find_digest("robots", write(tmp_path, text))
    assert str(tmp_path / "digests.toml") in str(caught.value)
    assert caught.value.remedy


def test_an_invalid_entry_does_not_harm_the_others(tmp_path: Path) -> None:
    home = write(tmp_path, ROBOTS + "\n[broken]\n")
    assert find_digest("robots", home).entries == 5
    with pytest.raises(BadInput, match="broken"):
        find_digest("broken", home)


def test_the_name_of_a_digest_is_the_name_of_a_folder(tmp_path: Path) -> None:
    home = write(tmp_path, ROBOTS.replace("[robots]", '["../robots"]'))
    with pytest.raises(BadInput, match="name of the digest"):
        find_digest("../robots", home)


def test_lists_are_read_by_the_digests_own_headings_and_numbers(tmp_path: Path) -> None:
    robots = find_digest("robots", write(tmp_path, ROBOTS))
    text = (
        "Five robotics papers, April 1 - April 7\n"
        "#1 Arms - they reach. https://arxiv.org/abs/2404.00001\n"
        "2. is not how this list counts\n"
        "#2 Legs - they walk. https://arxiv.org/abs/2404.00002\n"
    )
    [week] = parse_file(text.encode(), "list.txt", date(2024, 4, 4), robots)
    assert [(e.rank, e.title) for e in week.entries] == [(1, "Arms"), (2, "Legs")]
    assert "lacks rank 3, 4, 5 of 5" in week.findings[0].message
    table = (
        "## Five robotics papers (April 1 - April 7)\n| **Paper** | **Links** |\n"
        "| #3 **Eyes** - they see. | [Paper](https://arxiv.org/abs/2404.00003) |\n"
    )
    [week] = parse_year(table, "t", 2024, robots)
    assert [(e.rank, e.title) for e in week.entries] == [(3, "Eyes")]
    with pytest.raises(BadInput, match="lists no week"):
        parse_file(text.encode(), "list.txt", date(2024, 4, 4), DAIR_AI)


def test_the_last_week_is_the_one_due_on_the_digests_day(tmp_path: Path) -> None:
    robots = find_digest("robots", write(tmp_path, ROBOTS))
    thursday = datetime(2024, 4, 4, tzinfo=UTC)
    assert parse_week("last", thursday, robots.days.due) == "2024-W14"
    assert parse_week("last", thursday, DAIR_AI.days.due) == "2024-W13"


def test_keys_of_the_first_digest_are_those_of_release_0_1(tmp_path: Path) -> None:
    robots = find_digest("robots", write(tmp_path, ROBOTS))
    heading = Heading("Papers", date(2024, 4, 1), date(2024, 4, 7))
    key = assemble("x", heading, "1", [], DAIR_AI).sighting_id
    assert key == ("b2:19cf23542494190edf9cce37e36c736c")
    assert assemble("x", heading, "1", [], robots).sighting_id != key


def test_every_query_on_weeks_is_one_on_the_weeks_of_a_digest() -> None:
    tables = re.compile(r"\b(?:FROM|JOIN) (weeks|\w+_entries|answers|costs)\b")
    for path in sorted((SQL / "queries").rglob("*.sql")):
        text = path.read_text(encoding="utf-8")
        if "$week" in text or tables.search(text):
            assert "getvariable('digest')" in text, path.name
