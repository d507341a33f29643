"""The date on which a page says its work was published."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser

from rindoku.documents.dom import attribute, meta_content
from rindoku.papers.pages.declared import Declared
from rindoku.papers.pages.segments import Segment

_DECLARED_NAMES = (
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "citation_issued",
)
_FORMATS = (
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%B %d %Y",
    "%b. %d, %Y",
    "%Y.%m.%d",
)
_DATE = re.compile(
    r"[A-Z][a-z]{2,8}\.? \d{1,2},? 20\d\d"
    r"|\d{1,2} [A-Z][a-z]{2,8} 20\d\d"
    r"|20\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"20\d\d")
_LEAD = re.compile(r"^(?:published|posted|updated|date)(?: on)?:?\s+", re.IGNORECASE)
_SEGMENTS_BELOW = 6
_LONGEST_DATE_LINE = 40


def find_date(
    tree: LexborHTMLParser,
    declared: Declared,
    segments: Sequence[Segment],
    landmarks: Iterable[str],
) -> date | None:
    """The declared date, else a segment below a landmark that is nothing but a date.

    `landmarks` are texts of the page, such as the last author and the title; the first
    one that is found is used.
    """
    for text in _declared_dates(tree, declared):
        day = parse_date(text)
        if day is not None:
            return day
    for text in _dates_below(_segments_below(segments, landmarks)):
        if len(text) >= _LONGEST_DATE_LINE:
            continue
        day = parse_date(text)
        if day is not None:
            return day
    return None


def parse_date(text: str) -> date | None:
    """The day in `March 19, 2024`, `Published on 2024-03-19` and so on, else None."""
    text = _LEAD.sub("", text.strip())
    if _ISO_DATE.match(text):
        text = text[:10]
    if not _DATE.fullmatch(text):
        return None
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    return None


def _declared_dates(tree: LexborHTMLParser, declared: Declared) -> Iterator[str]:
    yield from declared.find(*_DECLARED_NAMES)
    yield meta_content(tree, "article:published_time") or ""
    time = tree.css_first("time[datetime]")
    yield attribute(time, "datetime") if time else ""


def _segments_below(segments: Sequence[Segment], landmarks: Iterable[str]) -> list[str]:
    """The first segments after the one that begins a landmark."""
    for landmark in landmarks:
        for place, segment in enumerate(segments):
            if len(segment.text) > 3 and landmark.startswith(segment.text):
                below = segments[place + 1 : place + 1 + _SEGMENTS_BELOW]
                return [segment.text for segment in below]
    return []


def _dates_below(texts: Sequence[str]) -> Iterator[str]:
    # Commas cut segments, so "March 19, 2024" arrives as two.
    for text, following in pairwise([*texts, ""]):
        yield f"{text}, {following}" if _YEAR.fullmatch(following) else text
