"""Digests: the entries of digests.toml, their errors, and what they change."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rindoku.archive.statements import ROOT as SQL
from rindoku.digests import DEFAULT, Days, Listing, find_digest
from rindoku.errors import BadInput
from rindoku.lists import parse_file, parse_year
from rindoku.lists.contract import assemble
from rindoku.lists.numbered import parse_numbered
from rindoku.targets import Watch
from rindoku.weeks import Heading, parse_heading, parse_week
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
    assert robots.listing == Listing(
        "robots_weekly", "Robotics in Five", 5, {"en": "{series}, {ends_on}"}
    )
    assert robots.watch == Watch("account", "robots_weekly")
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
        ("entries = 5", 'entries = 5\ntwin = "https://"', "twin.*https"),
        ("entries = 5", 'entries = 5\ntwin = "https:///a.md"', "twin.*https"),
        ("entries = 5", 'entries = 5\ntwin = "https://a.org:x/"', "twin.*https"),
        ("entries = 5", 'entries = 5\ntwin = "https://me:pw@a.org/"', "twin.*https"),
        ("entries = 5", 'entries = 5\ntwin = "https://a.org/{year:>99999999}"', "twin"),
        ("entries = 5", 'entries = 5\ntwin = "https://a.org/{year.real}"', "twin"),
        ("entries = 5", 'entries = 5\ntwin = "https://a.org/a b"', "twin.*https"),
        ("entries = 5", 'entries = 5\nwatch = "list:abc"', "watch.*list:ID"),
        ("entries = 5", 'entries = 5\nwatch = "search:"', "watch.*search:QUERY"),
        ("entries = 5", 'entries = 5\nwatch = "@"', "watch.*account"),
        ("entries = 5", 'entries = 5\nwatch = ""', "watch.*account"),
        ("entries = 5", "entries = 5\nwatch = 3", "watch.*account"),
        (r"\bfive\s+robotics\s+papers\b", r"(\w+\s?)*:", "heading.*too long"),
        (r"\bfive\s+robotics\s+papers\b", "five{99999999999}", "heading.*not a regul"),
        (r"\bfive\s+robotics\s+papers\b", "(" * 150 + ")" * 150, "heading"),
        (r"\bfive\s+robotics\s+papers\b", "x" * 301, "heading"),
        (r"#(?P<rank>\d)", r"#(?P<rank>\d?)", "numbering.*one to three digits"),
        (r"#(?P<rank>\d)", r"#(?P<rank>\d+)", "numbering.*one to three digits"),
        (r"#(?P<rank>\d)", r"#(?P<rank>\w)", "numbering.*one to three digits"),
        (r"#(?P<rank>\d)", r"#(?P<rank>\d)?", "numbering.*one to three digits"),
        (r"#(?P<rank>\d)", r"#\s*(?P<rank>\d)", r"numbering.*at most"),
        (r"#(?P<rank>\d)", r"(?:#(?P<rank>\d))?", r"numbering.*match something"),
        (r"#(?P<rank>\d)", r"#(?P<rank>\d))|(?:x", "numbering.*not a regular"),
        ("{series}, {ends_on}", "{series.__class__}", "title.*as they are"),
        ("{series}, {ends_on}", "{series!r}", "title.*as they are"),
        ("{series}, {ends_on}", "{ends_on:>99999999}", "title.*as they are"),
        ("{series}, {ends_on}", "{ends_on", "title.*as they are"),
        ("{series}, {ends_on}", "a\\nb", "title.*one line"),
        ("Robotics in Five", "Robotics\\nin Five", "series.*one line"),
        ("Robotics in Five", "\\u001b[2J", "series.*one line"),
        ("Robotics in Five", "\\u202eeviF", "series.*one line"),
        ("Robotics in Five", "R" * 201, "series.*one line"),
        ('"robots_weekly"', '"robots\\n"', "account"),
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
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 600


def test_an_invalid_entry_does_not_harm_the_others(tmp_path: Path) -> None:
    home = write(tmp_path, ROBOTS + "\n[broken]\n")
    assert find_digest("robots", home).entries == 5
    with pytest.raises(BadInput, match="broken"):
        find_digest("broken", home)


def test_a_value_in_place_of_a_table_is_shown_as_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"'five' in .* is 3, not a table") as caught:
        find_digest("five", write(tmp_path, "five = 3"))
    assert "[five]" in caught.value.remedy


def test_fields_without_the_line_of_their_table_are_named(tmp_path: Path) -> None:
    fields = ROBOTS.partition("[robots.title]")[0].replace("[robots]\n", "")
    with pytest.raises(BadInput, match="no digest 'robots'") as caught:
        find_digest("robots", write(tmp_path, fields))
    assert "has account, series, heading" in caught.value.remedy


def test_a_digest_without_an_entry_is_needed_to_list_weeks_alone(
    tmp_path: Path,
) -> None:
    with pytest.raises(BadInput, match="no digest 'gone'") as caught:
        find_digest("gone", tmp_path)
    assert str(tmp_path / "digests.toml") in caught.value.remedy
    assert "can be shown and rendered" in caught.value.remedy


def test_a_file_may_begin_with_the_mark_of_its_encoding(tmp_path: Path) -> None:
    assert find_digest("robots", write(tmp_path, "\ufeff" + ROBOTS)).entries == 5


def test_only_the_start_of_a_long_line_announces_a_week() -> None:
    line = "Top ML Papers of the Week (April 1 - April 7)"
    near, far = f"{'x' * 400} {line}", f"{'x' * 500} {line}"
    assert parse_heading(near, date(2024, 4, 7), DAIR_AI.heading) is not None
    assert parse_heading(far, date(2024, 4, 7), DAIR_AI.heading) is None


def test_a_number_that_a_way_to_write_it_lacks_is_no_entry(tmp_path: Path) -> None:
    text = ROBOTS.replace(r"#(?P<rank>\d)", r"x|#(?P<rank>\d)")
    robots = find_digest("robots", write(tmp_path, text))
    assert parse_numbered("x Arms", robots.numbering) is None
    assert parse_numbered("#1 Arms", robots.numbering) == (1, "Arms")


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
