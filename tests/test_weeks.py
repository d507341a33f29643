from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.errors import BadInput
from rindoku.weeks import (
    parse_heading,
    parse_week,
    span,
    week_containing,
    week_due,
    week_of,
)
from tests.builders import DAIR_AI

NOW = datetime(2024, 4, 15, tzinfo=UTC)
LONG = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@given(
    start=st.dates(date(2023, 1, 1), date(2030, 12, 25)),
    length=st.integers(5, 8),
    late=st.integers(0, 2),
    dash=st.sampled_from(["-", " - ", "–", " – "]),
    short=st.booleans(),
    field=st.sampled_from(["ML", "AI", "ml"]),
    lead=st.sampled_from(["", "The ", "Here are the ", "🥇"]),
    bare=st.booleans(),
)
def test_any_range_in_any_wording_is_read_back(
    start: date,
    length: int,
    late: int,
    dash: str,
    short: bool,
    field: str,
    lead: str,
    bare: bool,
) -> None:
    end = start + timedelta(days=length)
    names = [m[:3] if short else m for m in LONG]
    second = "" if bare and start.month == end.month else names[end.month - 1] + " "
    first = f"{names[start.month - 1]} {start.day}"
    heading_line = f"Top {field} Papers of The Week ({first}{dash}{second}{end.day})"
    text = f"{lead}{heading_line}:\n- x"
    heading = parse_heading(text, end + timedelta(days=late), DAIR_AI.heading)
    assert heading is not None
    assert (start, end) == (heading.starts_on, heading.ends_on)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_week_id_names_the_week_of_each_of_its_days(day: date) -> None:
    monday, sunday = span(week_containing(day))
    assert monday <= day <= sunday
    assert (monday.weekday(), sunday - monday) == (0, timedelta(days=6))


def test_a_heading_across_new_year_counts_for_the_week_of_its_midpoint() -> None:
    heading = parse_heading(
        "Top AI Papers of the Week (December 29 - January 4):",
        date(2026, 1, 4),
        DAIR_AI.heading,
    )
    assert heading is not None
    assert (date(2025, 12, 29), date(2026, 1, 4)) == (
        heading.starts_on,
        heading.ends_on,
    )
    assert week_of(date(2025, 12, 29), date(2026, 1, 4)) == "2026-W01"


def test_a_heading_may_have_no_date() -> None:
    text = "The Top AI Papers of the Week:"
    heading = parse_heading(text, date(2026, 1, 4), DAIR_AI.heading)
    assert heading is not None
    assert heading.starts_on is None


@pytest.mark.parametrize(
    ("text", "starts_on"),
    [
        ("Top AI Papers of the Week (April 1 - April 10)", date(2024, 4, 1)),
        ("Top AI Papers of the Week (April 1 - April 11)", None),
        ("Top AI Papers of the Week (April 1 - May 31)", None),
        ("Top AI Papers of the Week (April 7 - April 1)", None),
        ("Top AI Papers of the Week (April 31 - May 6)", None),
    ],
)
def test_a_range_over_nine_days_or_of_no_days_is_refused(
    text: str, starts_on: date | None
) -> None:
    heading = parse_heading(text, date(2024, 4, 12), DAIR_AI.heading)
    assert heading is not None
    assert heading.starts_on == starts_on


@pytest.mark.parametrize(
    "text",
    [
        "Top AI Agent papers (April 1 - April 7)",
        "Best papers of March",
        "Papers of the Week",
    ],
)
def test_other_lists_announce_no_week(text: str) -> None:
    assert parse_heading(text, date(2024, 4, 7), DAIR_AI.heading) is None


@pytest.mark.parametrize(
    ("as_of", "week"),
    [
        ("2024-04-07T14:00", "2024-W14"),
        ("2024-04-08T00:00", "2024-W14"),
        ("2024-04-13T23:59", "2024-W14"),
        ("2024-04-14T00:00", "2024-W15"),
    ],
)
def test_the_week_due_changes_on_sunday(as_of: str, week: str) -> None:
    instant = datetime.fromisoformat(as_of).replace(tzinfo=UTC)
    assert week_due(instant, due=0) == week


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("2024-W14", "2024-W14"),
        ("2024w14", "2024-W14"),
        ("2024-04-07", "2024-W14"),
        ("last", "2024-W15"),
    ],
)
def test_a_week_is_accepted_in_three_forms(text: str, week: str) -> None:
    assert parse_week(text, datetime(2024, 4, 15, tzinfo=UTC), DAIR_AI.days.due) == week


@pytest.mark.parametrize(
    "text", ["", "W14", "2024-W54", "2024-13-01", "2024-4-1", "next", "２０２４"]
)
def test_the_error_names_what_is_not_a_week_and_the_remedy(text: str) -> None:
    with pytest.raises(BadInput, match="Write 2024-W14") as caught:
        parse_week(text, NOW, DAIR_AI.days.due)
    assert repr(text) in str(caught.value)


def test_a_future_week_is_refused() -> None:
    with pytest.raises(BadInput, match="has not begun"):
        parse_week("2024-W20", NOW, 0)
