"""Finds the byline of a page without metadata on its authors.

A byline is a run of segments that look like names of persons, near the title or in an
element whose class or id contains a word such as "author".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rindoku.papers.pages.names import is_name, surname_key
from rindoku.papers.pages.segments import Segment

_FILLER = re.compile(r"[\W\d_]*|and|with", re.IGNORECASE)
_ET_AL = re.compile(r"\b(?:et\s+al\b\.?|and\s+others)", re.IGNORECASE)
_SEGMENTS_AFTER_TITLE = 80
_SHORT_SEGMENT = 60
_LONG_SEGMENT = 250
_LEAST_AGREEMENT = 0.6


@dataclass(frozen=True)
class Byline:
    """Names in order; `position` is the index of the segment with the first name.

    `complete` is False if the page says "et al."; `marked` is True if a name is in an
    element whose class or id marks it as a list of authors.
    """

    names: tuple[str, ...]
    complete: bool
    marked: bool
    position: int


@dataclass
class _Run:
    """A byline under construction; `others` counts segments since its last name."""

    position: int
    names: list[str] = field(default_factory=list)
    complete: bool = True
    marked: bool = False
    others: int = 0

    def add(self, name: str, segment: Segment) -> None:
        self.names.append(name)
        self.marked = self.marked or segment.place == "author"
        self.others = 0

    def byline(self) -> Byline:
        names = tuple(dict.fromkeys(self.names))
        return Byline(names, self.complete, self.marked, self.position)


def find_bylines(segments: Sequence[Segment], gap: int = 0) -> list[Byline]:
    """Every run of names, in page order.

    Up to `gap` other short segments are allowed between two names of a run.
    """
    bylines: list[Byline] = []
    run: _Run | None = None
    for position, segment in enumerate(segments):
        text = _ET_AL.sub("", segment.text).strip(" ,.")
        if run is not None and _ET_AL.search(segment.text):
            run.complete = False
        if is_name(text) and segment.place != "heading":
            run = run or _Run(position)
            run.add(text, segment)
        elif run is not None and not _FILLER.fullmatch(text):
            run.others += 1
            if run.others > gap or len(segment.text) > _SHORT_SEGMENT:
                bylines.append(run.byline())
                run = None
    if run is not None:
        bylines.append(run.byline())
    return bylines


def own_byline(
    segments: Sequence[Segment], cited: Sequence[str], title: str
) -> Byline | None:
    """The byline of the work that the page presents, else None.

    `cited` are the authors in the page's BibTeX; if there are any, the byline that
    agrees with them best is chosen. Otherwise it is a marked byline, else the first one
    with two or more names soon after the title.
    """
    without_title = [_blank_title(segment, title) for segment in segments]
    tight = find_bylines(without_title)
    bylines = [*tight, *find_bylines(without_title, gap=2)]
    if cited:
        return _cited_byline(bylines, cited)
    if any(byline.marked for byline in bylines):
        return _marked_byline(bylines, tight)
    return _byline_after_title(bylines, segments, title)


def _blank_title(segment: Segment, title: str) -> Segment:
    """The segment, emptied if it is part of the title, which may look like a name."""
    if segment.text.casefold() in title.casefold():
        return Segment("")
    return segment


def _cited_byline(bylines: Sequence[Byline], cited: Sequence[str]) -> Byline | None:
    """The byline that agrees best with the cited names; of equals, the shortest."""
    expected = _surnames(cited)

    def agreement(byline: Byline) -> float:
        share = len(_surnames(byline.names) & expected) / max(len(expected), 1)
        # It counts half if there are more than twice as many names.
        return share * 0.5 if len(byline.names) > 2 * len(cited) else share

    best = max(
        bylines,
        key=lambda byline: (agreement(byline), -len(byline.names)),
        default=None,
    )
    if best is None or agreement(best) < _LEAST_AGREEMENT:
        return None
    return _trim(best, expected)


def _marked_byline(bylines: Sequence[Byline], tight: Sequence[Byline]) -> Byline:
    """The longest marked byline.

    One without gaps is preferred if it has more than two thirds of the names.
    """
    marked = [byline for byline in bylines if byline.marked]
    longest = max(marked, key=lambda byline: (len(byline.names), -byline.position))
    tight_marked = [byline for byline in tight if byline.marked]
    longest_tight = max(
        tight_marked, key=lambda byline: len(byline.names), default=longest
    )
    if 3 * len(longest_tight.names) > 2 * len(longest.names):
        return longest_tight
    return longest


def _byline_after_title(
    bylines: Iterable[Byline], segments: Sequence[Segment], title: str
) -> Byline | None:
    """The first byline of two or more names soon after the title, before any prose."""
    start = _title_position(segments, title)
    end = start + _SEGMENTS_AFTER_TITLE
    for byline in bylines:
        if len(byline.names) < 2 or not start <= byline.position <= end:
            continue
        between = segments[start : byline.position]
        if any(len(segment.text) > _LONG_SEGMENT for segment in between):
            return None
        return byline
    return None


def _title_position(segments: Sequence[Segment], title: str) -> int:
    """The index of the segment that begins the title; 0 when none does."""
    for position, segment in enumerate(segments):
        if _starts_title(segment.text, title):
            return position
    return 0


def _starts_title(text: str, title: str) -> bool:
    return len(text) > 2 and title.casefold().startswith(text.casefold().rstrip(":"))


def _trim(byline: Byline, expected: set[str]) -> Byline:
    """The byline without the names before its first and after its last cited one."""
    is_cited = [surname_key(name) in expected for name in byline.names]
    first = is_cited.index(True)
    last = len(is_cited) - is_cited[::-1].index(True)
    return replace(byline, names=byline.names[first:last])


def _surnames(names: Iterable[str]) -> set[str]:
    return {surname_key(name) for name in names}
