"""Numbered texts: how entries are written in posts and in lists copied from them."""

import re
from functools import cache
from typing import NamedTuple

# "1) Title", "1. Title", "1). Title", "1/ Title", "1: Title".
_USUAL = r"(?P<rank>\d{1,2})\s*(?:\)\.|[).:/])"
_MOST_DIGITS = 3
_TITLE_END = re.compile(r"(?<!\s)(?:\s++[-\u2010-\u2015]\s*+|\s*\n)|(?<=\w):\s")


class NumberedText(NamedTuple):
    """A rank and the text after it."""

    rank: int
    text: str


class TitledText(NamedTuple):
    """A title and the text after it, which may be empty."""

    title: str
    blurb: str


def parse_numbered(text: str, numbering: str | None) -> NumberedText | None:
    """The rank and the rest of a text that begins with a number, else None.

    `numbering` is the digest's way to write the number; None means the usual ways.
    """
    match = _numbered(numbering or _USUAL).match(text)
    rank = parse_rank(match["rank"]) if match else None
    if match is None or rank is None:
        return None
    return NumberedText(rank, match["text"])


def parse_rank(text: str | None) -> int | None:
    """The rank that digits write, from 1 to 999, else None."""
    if text is None or not text.isdecimal() or len(text) > _MOST_DIGITS:
        return None
    return int(text) or None


@cache
def _numbered(numbering: str) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{numbering})\s*(?P<text>\S.*)", re.DOTALL)


def split_title(text: str) -> TitledText:
    """Title and blurb of an entry, which a dash, a colon or a line break separates."""
    text = text.strip()
    end = _TITLE_END.search(text)
    if end is None:
        return TitledText(text, "")
    return TitledText(text[: end.start()].strip(), text[end.end() :].strip())
