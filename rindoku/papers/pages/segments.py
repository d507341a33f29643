"""Splits a page's text into segments, as bylines are split, each with its place.

The splits are at commas, line breaks, wide spaces, "and", and block tags.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.documents import clean
from rindoku.documents.dom import attribute

_FOOTNOTE_MARKS = re.compile(
    r"[*\u2020\u2021\u00a7\u00b6\u2217\u2660-\u2667\u2605\u2606\u2709#^✉]"
    r"|[\u00b9\u00b2\u00b3\u2070-\u2079]"
)
_BREAKS = re.compile(
    r"[,;|/·•∙&\n\u2002\u2003\u2005\u3000]|\s+and\s+|(?:\u00a0\s*){2,}|\s{4,}",
    re.IGNORECASE,
)
_AUTHOR_NAMES = re.compile(r"author|byline|contributor", re.IGNORECASE)
_SKIPPED_TAGS = {
    "script",
    "style",
    "noscript",
    "template",
    "sup",
    "nav",
    "footer",
    "svg",
    "button",
    "pre",
    "textarea",
    "code",
    "select",
}
_INLINE_TAGS = {"b", "i", "em", "strong", "u", "font", "small", "mark"}

Place = Literal["", "author", "heading"]


@dataclass(frozen=True)
class Segment:
    """A piece of text between two splits.

    `place` is `author` in an element whose class, id or rel says so, `heading` in h1
    and h2.
    """

    text: str
    place: Place = ""


@dataclass(frozen=True)
class _Text:
    """A text node and its place; `text` is None where a tag separates two texts."""

    text: str | None
    place: Place


def read_segments(tree: LexborHTMLParser) -> list[Segment]:
    """The visible text of a page's body in segments, in order."""
    if tree.body is None:
        return []
    segments = []
    for piece, place in _pieces(tree.body):
        text = clean(_FOOTNOTE_MARKS.sub(" ", piece))
        if text:
            segments.append(Segment(text, place))
    return segments


def split_segments(text: str) -> list[str]:
    """The parts of a text, as bylines are split, without empty ones."""
    parts = (clean(piece) for piece in _BREAKS.split(text))
    return [part for part in parts if part]


def _pieces(root: LexborNode) -> Iterator[tuple[str, Place]]:
    pending: list[str] = []
    place: Place = ""
    for node in _texts(root):
        if node.text is None or node.place != place:
            yield from _cut(pending, place)
            pending = []
            place = node.place
        if node.text is not None:
            pending.append(node.text)
    yield from _cut(pending, place)


def _cut(texts: list[str], place: Place) -> Iterator[tuple[str, Place]]:
    for piece in _BREAKS.split("".join(texts)):
        yield piece, place


@dataclass
class _Open:
    """An element that is being read, from its child `following` on."""

    following: LexborNode | None
    place: Place
    is_block: bool


def _texts(root: LexborNode) -> Iterator[_Text]:
    # Without recursion, as pages may be nested deeper than Python allows.
    elements = [_Open(root.child, "", is_block=False)]
    while elements:
        element = elements[-1]
        node = element.following
        if node is None:
            elements.pop()
            if element.is_block:
                yield _Text(None, elements[-1].place)
            continue
        element.following = node.next
        tag = node.tag or ""
        if tag == "-text":
            yield _Text(node.text(deep=False) or "", element.place)
        elif tag in _SKIPPED_TAGS:
            # A footnote mark does not end a name: "Ada Braun<sup>1</sup>, Kei Ito".
            yield _Text(" " if tag == "sup" else None, element.place)
        elif tag and not tag.startswith(("-", "_", "!")):
            is_block = tag not in _INLINE_TAGS
            if is_block:
                yield _Text(None, element.place)
            place = _place_of(node, element.place)
            elements.append(_Open(node.child, place, is_block))


def _place_of(element: LexborNode, around: Place) -> Place:
    names = (attribute(element, "class"), element.id or "", attribute(element, "rel"))
    if around == "author" or _AUTHOR_NAMES.search(" ".join(names)):
        return "author"
    return "heading" if element.tag in {"h1", "h2"} else around
