"""The week contract: findings on what a source lists."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rindoku.lists import assemble, check_age, make_link, posted_on
from rindoku.models import Entry
from rindoku.weeks import Heading

MONDAY = date(2024, 4, 1)
HEADING = Heading(
    "Top AI Papers of the Week (April 1 - April 7)", MONDAY, date(2024, 4, 7)
)
SNOWFLAKE_EPOCH_MS = 1_288_834_974_657


def post_id_of(day: date) -> str:
    """An id that X makes at noon of a day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    milliseconds = round(noon.timestamp() * 1000) - SNOWFLAKE_EPOCH_MS
    return str(milliseconds << 22)


@pytest.mark.parametrize(("days", "findings"), [(0, 0), (14, 0), (15, 1), (400, 1)])
def test_a_post_over_14_days_before_the_week_is_a_finding(
    days: int, findings: int
) -> None:
    day = MONDAY - timedelta(days=days)
    link = make_link(f"https://x.com/a/status/{post_id_of(day)}")
    week = assemble("twin", HEADING, "t", [Entry("", 1, "A", "", (link,))])
    assert posted_on(post_id_of(day)) == day
    assert len(list(check_age(week))) == findings
    # It is noted, not dropped: the entry keeps its link.
    assert week.entries[0].links == (link,)


def test_ids_of_the_early_years_have_no_day() -> None:
    assert posted_on("12") is None


def test_a_heading_without_dates_can_not_be_assembled() -> None:
    with pytest.raises(ValueError, match="without dates"):
        assemble("twin", Heading("The week", None, None), "t", [])
