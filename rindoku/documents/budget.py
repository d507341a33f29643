"""Cuts papers that exceed the prompt's budget, by leaving out sections."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rindoku.models import Document, Section

# About 100,000 tokens, up to which models are accurate and cost no surcharge.
MOST_CHARACTERS = 300_000
_APPENDIX = re.compile(r"[A-Z](?:\.\d+)*\.?\s+\S|Appendix|Supplement")
_KEY_SECTION = re.compile(
    r"abstract|introduction|conclu|limitation|discussion|result", re.IGNORECASE
)
_OMISSION = "[...]"


class CutText(NamedTuple):
    """A text within the budget, and the titles of the sections left out of it."""

    text: str
    left_out: list[str]


def cut(document: Document, most: int = MOST_CHARACTERS) -> CutText:
    """The text of a document within `most` characters.

    Appendices are left out first, then other sections, then key sections (abstract,
    introduction, results, discussion, limitations, conclusion); each kind from the end.
    A text without sections loses its end.
    """
    length = len(document.text)
    if length <= most:
        return CutText(document.text, [])
    sections = _covering_sections(document.sections, length)
    left_out = _choose_left_out(sections, length - most)
    parts = []
    for number, section in enumerate(sections):
        if number in left_out:
            parts.append(_OMISSION + "\n\n")
        else:
            parts.append(document.text[section.start : section.end])
    return CutText("".join(parts)[:most], _titles(sections, left_out))


def titles_left_out(
    sections: Sequence[Section], length: int, most: int = MOST_CHARACTERS
) -> list[str]:
    """Titles of the sections that `cut` leaves out of a text of `length` characters."""
    if length <= most:
        return []
    covering = _covering_sections(sections, length)
    return _titles(covering, _choose_left_out(covering, length - most))


def _titles(sections: Sequence[Section], numbers: set[int]) -> list[str]:
    chosen = [sections[number] for number in sorted(numbers)]
    titles = [section.title or f"p. {section.page}" for section in chosen]
    return list(dict.fromkeys(titles))


def _choose_left_out(sections: list[Section], excess: int) -> set[int]:
    """Indices of sections to leave out, to save `excess` characters; one is kept."""
    by_importance = sorted(
        range(len(sections)),
        key=lambda number: (_importance(sections[number]), -number),
    )
    left_out: set[int] = set()
    for number in by_importance[:-1]:
        if excess <= 0:
            break
        left_out.add(number)
        length = sections[number].end - sections[number].start
        excess -= length - len(_OMISSION)
    return left_out


def _covering_sections(sections: Sequence[Section], length: int) -> list[Section]:
    """Sections without overlap that cover the complete text, including gaps."""
    covering: list[Section] = []
    end = 0
    for section in sections:
        if section.start > end:
            covering.append(Section("", end, section.start))
        start = max(end, section.start)
        covering.append(Section(section.title, start, section.end, section.page))
        end = max(end, section.end)
    if end < length:
        covering.append(Section("", end, length))
    return covering


def _importance(section: Section) -> int:
    if _KEY_SECTION.search(section.title):
        return 2
    return 0 if _APPENDIX.match(section.title) else 1
