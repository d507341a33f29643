"""Week ids, and the headings that announce a week.

A week is named after the ISO week that contains the midpoint of the announced range
(`2024-W14`). With any other rule, two of the weeks published so far would share a name.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rindoku.digests import LONGEST_LINE
from rindoku.errors import BadInput

_WEEK_ID = re.compile(r"(\d{4})-?W(\d{2})", re.IGNORECASE)
_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH_NAME = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,9}\.?"
_SPACES = r"\s{0,9}"
_RANGE = re.compile(
    rf"""
    (?P<first_month>{_MONTH_NAME}) {_SPACES} (?P<first_day>\d{{1,2}})
    (?: ,? {_SPACES} (?P<first_year>20\d\d) )?
    {_SPACES} (?: - | \u2010 | \u2011 | \u2012 | \u2013 | \u2014 | \bto\b ) {_SPACES}
    (?: (?P<last_month>{_MONTH_NAME}) {_SPACES} )?
    (?P<last_day>\d{{1,2}}) (?!\d)
    (?: ,? {_SPACES} (?P<last_year>20\d\d) )?
    {_SPACES} \)?
    (?: {_SPACES} [-\u2010-\u2015,]? {_SPACES} (?P<year>20\d\d) )?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_RANGE = timedelta(days=9)


# The name of the check that finds what `why_incomplete` says.
MISSING_RANKS = "missing ranks"


@dataclass(frozen=True)
class Heading:
    """A line that announces a week; the dates are None if it has no valid range."""

    text: str
    starts_on: date | None
    ends_on: date | None


def why_incomplete(
    week: str, source: str, ranks: Collection[int], expected: int
) -> str | None:
    """Which ranks a list lacks, in a sentence; None when it lacks none.

    `expected` is the number of entries that it was to have.
    """
    expected = max([expected, *ranks])
    missing = [str(rank) for rank in range(1, expected + 1) if rank not in ranks]
    if not missing:
        return None
    return f"{week} in {source} lacks rank {', '.join(missing)} of {expected}."


def week_of(starts_on: date, ends_on: date) -> str:
    """The id of the week announced for a range: the ISO week of its midpoint."""
    return week_containing(starts_on + (ends_on - starts_on) // 2)


def week_containing(day: date) -> str:
    """The id of the ISO week that contains `day`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_due(as_of: datetime, due: int) -> str:
    """The newest week whose list may be out at `as_of`.

    Lists appear `due` days after the Sunday (UTC) that ends their week.
    """
    return week_containing(as_of.astimezone(UTC).date() - timedelta(days=6 + due))


def span(week: str) -> tuple[date, date]:
    """Monday and Sunday of a week id. Raises BadInput when it is not one."""
    match = _WEEK_ID.fullmatch(week)
    if match is None:
        raise _not_a_week(week)
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise _not_a_week(week) from None
    return monday, monday + timedelta(days=6)


def is_last(text: str) -> bool:
    """Whether a text names the last week, whichever that is."""
    return text.strip().lower() == "last"


def parse_week(text: str, as_of: datetime, due: int) -> str:
    """A week id from `2024-W14`, a date in the week, or `last` (see `week_due`).

    `due` counts for `last` alone. Raises BadInput for anything else, and for weeks that
    begin after `as_of`.
    """
    text = text.strip()
    if is_last(text):
        return week_due(as_of, due)
    week = week_containing(_day_in_week(text))
    monday, _ = span(week)
    if monday > as_of.astimezone(UTC).date():
        raise BadInput(
            f"Week {week} has not begun: it starts on {monday}.",
            "Give a week that has begun, or last.",
        )
    return week


def _day_in_week(text: str) -> date:
    if _WEEK_ID.fullmatch(text):
        return span(text)[0]
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _not_a_week(text) from None


def parse_heading(
    text: str, posted_on: date, announcement: re.Pattern[str]
) -> Heading | None:
    """The heading of a weekly list in `text`; None when no line announces a week.

    `announcement` is found near the start of lines that announce a week.

    Most headings have no year: then the year is the one that puts the end of the range
    closest to `posted_on`. A written year is the year in which the range ends.
    """
    for line in text.splitlines():
        if announcement.search(line, 0, LONGEST_LINE):
            starts_on, ends_on = _parse_range(line, posted_on) or (None, None)
            return Heading(line.strip(" #*\t"), starts_on, ends_on)
    return None


def _parse_range(line: str, posted_on: date) -> tuple[date, date] | None:
    match = _RANGE.search(line)
    if match is None:
        return None
    written_year = match["year"] or match["last_year"]
    if written_year:
        return _range_ending_in(int(written_year), match)
    ranges = []
    for year in range(posted_on.year - 1, posted_on.year + 2):
        dates = _range_ending_in(year, match)
        if dates is not None:
            ranges.append(dates)
    return min(ranges, key=lambda dates: abs(dates[1] - posted_on), default=None)


def _range_ending_in(year: int, match: re.Match[str]) -> tuple[date, date] | None:
    """First and last day; None when there is no such day or the range is too long."""
    first_month = _month_number(match["first_month"])
    last_month = _month_number(match["last_month"] or match["first_month"])
    first_year = year - 1 if first_month > last_month else year
    try:
        starts_on = date(first_year, first_month, int(match["first_day"]))
        ends_on = date(year, last_month, int(match["last_day"]))
    except ValueError:
        return None
    if not timedelta(0) <= ends_on - starts_on <= _LONGEST_RANGE:
        return None
    return starts_on, ends_on


def _month_number(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _not_a_week(text: str) -> BadInput:
    return BadInput(
        f"{text!r} is not a week.",
        "Write 2024-W14, a date in the week such as 2024-04-03, or last.",
    )
