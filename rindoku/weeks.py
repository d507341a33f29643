"""Week ids, and the headings that announce a week.

A week is named after the ISO week that holds the midpoint of the announced range (`2024-W14`): the
one reading under which all weeks published so far are unique.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rindoku.errors import BadInput

ENTRIES_A_WEEK = 10
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
_MONTH = r"(?P<{0}>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_HEADING = re.compile(
    r"\btop\s+(?:(?:ml|ai)\s+)?papers\s+of\s+the\s+week\b", re.IGNORECASE
)
_RANGE = re.compile(
    r"\(?\s*"
    + _MONTH.format("first_month")
    + r"\s*(?P<first_day>\d{1,2})(?:,?\s*(?P<first_year>20\d\d))?"
    + r"\s*(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|\bto\b)\s*"
    + r"(?:"
    + _MONTH.format("last_month")
    + r"\s*)?"
    + r"(?P<last_day>\d{1,2})(?!\d)(?:,?\s*(?P<last_year>20\d\d))?\s*\)?"
    + r"(?:\s*[-\u2010-\u2015,]?\s*(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_LONGEST_RANGE = timedelta(days=9)


@dataclass(frozen=True)
class Heading:
    """A line that announces a week; the dates are None when it names none that make sense."""

    text: str
    starts_on: date | None
    ends_on: date | None


def week_of(starts_on: date, ends_on: date) -> str:
    """The id of the week whose announced range this is: the ISO week of the range's midpoint."""
    return week_holding(starts_on + (ends_on - starts_on) // 2)


def week_holding(day: date) -> str:
    """The id of the ISO week that holds `day`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_due(as_of: datetime) -> str:
    """The newest week whose list may be out at `as_of`: lists appear on their week's Sunday (UTC)."""
    return week_holding(as_of.astimezone(UTC).date() - timedelta(days=6))


def span(week: str) -> tuple[date, date]:
    """Monday and Sunday of a week id."""
    match = _WEEK_ID.fullmatch(week)
    if match is None:
        raise _no_week(week)
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise _no_week(week) from None
    return monday, monday + timedelta(days=6)


def parse_week(text: str, as_of: datetime) -> str:
    """A week id from `2024-W14`, a date in the week, or `last` (the newest that may be out).

    Raises BadInput for anything else, and for weeks that begin after `as_of`.
    """
    text = text.strip()
    if text.lower() == "last":
        return week_due(as_of)
    if _WEEK_ID.fullmatch(text):
        week = week_holding(span(text)[0])
    else:
        try:
            week = week_holding(date.fromisoformat(text))
        except ValueError:
            raise _no_week(text) from None
    if span(week)[0] > as_of.astimezone(UTC).date():
        raise BadInput(
            f"Week {week} begins on {span(week)[0]}, which is still to come.",
            f"The newest week that can be out is {week_due(as_of)}.",
        )
    return week


def parse_heading(text: str, posted_on: date) -> Heading | None:
    """The heading of a weekly list in `text`, or None when no line of it announces a week.

    Headings name no year: the year is the one that puts the range's end closest to `posted_on`.
    A year that is written counts, and belongs to the END of a range that crosses New Year.
    """
    for line in text.splitlines():
        if _HEADING.search(line):
            starts_on, ends_on = _parse_range(line, posted_on) or (None, None)
            return Heading(line.strip(" #*\t"), starts_on, ends_on)
    return None


def _parse_range(line: str, posted_on: date) -> tuple[date, date] | None:
    match = _RANGE.search(line)
    if match is None:
        return None
    first_month = _month(match["first_month"])
    last_month = _month(match["last_month"]) if match["last_month"] else first_month
    written = match["year"] or match["last_year"]
    years = [int(written)] if written else range(posted_on.year - 1, posted_on.year + 2)
    ranges = []
    for year in years:
        try:
            ends_on = date(year, last_month, int(match["last_day"]))
            starts_on = date(
                year - (first_month > last_month), first_month, int(match["first_day"])
            )
        except ValueError:
            continue
        if timedelta(0) <= ends_on - starts_on <= _LONGEST_RANGE:
            ranges.append((starts_on, ends_on))
    return min(ranges, key=lambda r: abs(r[1] - posted_on), default=None)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _no_week(text: str) -> BadInput:
    return BadInput(
        f"{text!r} is not a week.",
        "Write 2024-W14, a date in the week such as 2024-04-03, or last.",
    )
