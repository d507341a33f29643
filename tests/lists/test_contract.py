"""The week contract: findings on what a source lists."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rindoku.lists import assemble, check_age, make_link, posted_on
from rindoku.models import Entry
from rindoku.weeks import Heading
from tests.builders import DAIR_AI, make_entry

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
    week = assemble("twin", HEADING, "t", [Entry("", 1, "A", "", (link,))], DAIR_AI)
    assert posted_on(post_id_of(day)) == day
    assert len(list(check_age(week))) == findings
    # It is noted, not dropped: the entry keeps its link.
    assert week.entries[0].links == (link,)


def test_ids_of_the_early_years_have_no_day() -> None:
    assert posted_on("12") is None


def test_a_heading_without_dates_cannot_be_assembled() -> None:
    with pytest.raises(ValueError, match="without dates"):
        assemble("twin", Heading("The week", None, None), "t", [], DAIR_AI)


def test_posts_long_before_the_week_are_findings() -> None:
    old = post_id_of(date(2020, 9, 13))
    week = assemble(
        "twin",
        HEADING,
        "t",
        [
            make_entry(1, "A", f"https://x.com/a/status/{old}"),
            make_entry(2, "B", "https://x.com/a/status/1775782800362242157"),
        ],
        DAIR_AI,
    )
    assert str(posted_on(old)) == "2020-09-13"
    assert [f.message for f in check_age(week)] == [
        "Entry 1 links a post of 2020-09-13, long before the week."
    ]


def test_repeated_ranks_and_shared_ids_are_findings() -> None:
    week = assemble(
        "twin",
        HEADING,
        "t",
        [
            make_entry(8, "A", "https://arxiv.org/abs/2404.00001"),
            make_entry(8, "B", "https://arxiv.org/pdf/2404.00001v2"),
        ],
        DAIR_AI,
    )
    messages = " ".join(f.message for f in week.findings)
    assert "lists rank 8 2 times" in messages
    assert "arXiv 2404.00001 is linked by 2 entries" in messages
