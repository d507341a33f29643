"""Bylines: who a page shows as its authors, where no metadata says so.

Authors are a run of segments that look like names of persons, near the title or in an
element whose name speaks of authors.
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
    """Names in order, and the number of the segment with the first of them.

    `complete` is False when the page says "et al."; `marked` is whether one of the
    names is in an element whose name speaks of authors.
    """

    names: tuple[str, ...]
    complete: bool
    marked: bool
    position: int


@dataclass
class _Run:
    """A byline that is being read; `others` counts segments since its last name."""

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
    """Every run of names, in order of the page.

    Between two names of a run up to `gap` other short segments are allowed.
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
    """The byline of the page's own work, else None.

    `cited` are the authors in the page's BibTeX: a byline that agrees with them is how
    the page writes them. Without BibTeX it is a byline in an element that speaks of
    authors, else the first one of two or more names soon after the title.
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
    """The segment, emptied if part of the title: capitals may look like a name."""
    is_title = segment.text.casefold() in title.casefold()
    return Segment("") if is_title else segment


def _cited_byline(bylines: Sequence[Byline], cited: Sequence[str]) -> Byline | None:
    """The byline that agrees best with the cited names; the shortest of equals."""

    def rank(byline: Byline) -> tuple[float, int]:
        return _agreement(byline.names, cited), -len(byline.names)

    best = max(bylines, key=rank, default=None)
    if best is None or _agreement(best.names, cited) < _LEAST_AGREEMENT:
        return None
    return _trim(best, cited)


def _marked_byline(bylines: Sequence[Byline], tight: Sequence[Byline]) -> Byline:
    """The longest marked byline; without gaps if that keeps two thirds of the names."""
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
    start = 0
    for number, segment in enumerate(segments):
        if _starts_title(segment.text, title):
            start = number
            break
    end = start + _SEGMENTS_AFTER_TITLE
    for byline in bylines:
        if len(byline.names) > 1 and start <= byline.position <= end:
            between = segments[start : byline.position]
            has_prose = any(len(segment.text) > _LONG_SEGMENT for segment in between)
            return None if has_prose else byline
    return None


def _starts_title(text: str, title: str) -> bool:
    return len(text) > 2 and title.casefold().startswith(text.casefold().rstrip(":"))


def _agreement(names: Sequence[str], cited: Sequence[str]) -> float:
    """The share of cited surnames among `names`; halved for far more names."""
    expected = _surnames(cited)
    share = len(_surnames(names) & expected) / max(len(expected), 1)
    return share if len(names) <= 2 * len(cited) else share * 0.5


def _trim(byline: Byline, cited: Sequence[str]) -> Byline:
    """The byline from the first to the last of its names that is cited."""
    expected = _surnames(cited)
    places = [
        place
        for place, name in enumerate(byline.names)
        if surname_key(name) in expected
    ]
    return replace(byline, names=byline.names[places[0] : places[-1] + 1])


def _surnames(names: Iterable[str]) -> set[str]:
    return {surname_key(name) for name in names}
