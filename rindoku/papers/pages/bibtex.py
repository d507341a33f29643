"""BibTeX as it occurs on pages and in READMEs: several entries, sometimes broken."""

import re
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from rindoku.documents import clean
from rindoku.papers.pages.names import first_name_first

# The fields of an entry by lower-case name.
BibtexEntry = dict[str, str]

_ENTRY = re.compile(
    r"@(?!string|comment|preamble|media|import|font-face|keyframes)[a-z]+\s*\{",
    re.IGNORECASE,
)
_FIELD = re.compile(r"(?<![a-z])(?P<name>[a-z]++)\s*+=\s*+", re.IGNORECASE)
_BARE_VALUE = re.compile(r"[^,}\n]*")
_LONGEST_ENTRY = 20_000
_AND = re.compile(r"(?<!\s)\s++and\s++")
_ET_AL = re.compile(
    r",?\s{0,4}(?:and\s{1,4})?(?:et\s{1,4}al\.?|others)\s*$", re.IGNORECASE
)


class AuthorList(NamedTuple):
    """Names, first names first; `complete` is False for "and others"."""

    names: tuple[str, ...]
    complete: bool


class _Value(NamedTuple):
    text: str
    end: int


def parse_bibtex(text: str) -> list[BibtexEntry]:
    """The entries in a text that have a title, with accents resolved."""
    starts = [match.end() for match in _ENTRY.finditer(text)]
    entries = [
        _parse_fields(text[start : min(following, start + _LONGEST_ENTRY)])
        for start, following in pairwise([*starts, len(text)])
    ]
    return [entry for entry in entries if entry.get("title")]


def author_names(field: str) -> AuthorList:
    """The names of an `author` field."""
    without_et_al = _ET_AL.sub("", field)
    parts = (part.strip(" ,") for part in _AND.split(without_et_al))
    names = tuple(first_name_first(part) for part in parts if part)
    return AuthorList(names, complete=without_et_al == field)


def _parse_fields(text: str) -> BibtexEntry:
    """Fields of the entry whose body a text begins with; values may nest braces."""
    fields: BibtexEntry = {}
    position = 0
    end = len(text)
    while (match := _FIELD.search(text, position)) is not None:
        between = text[position : match.start()]
        if "}" in between or "@" in between:
            break
        value = _parse_value(text, match.end(), end)
        position = value.end
        fields.setdefault(match["name"].lower(), _to_plain_text(value.text))
    return fields


def _parse_value(text: str, start: int, end: int) -> _Value:
    opening = text[start : start + 1]
    if opening == '"':
        close = text.find('"', start + 1, end)
        if close < 0:
            return _Value("", end)
        return _Value(text[start + 1 : close], close + 1)
    if opening == "{":
        return _parse_braces(text, start, end)
    bare = _BARE_VALUE.match(text, start, end)
    return _Value(bare[0], bare.end()) if bare else _Value("", end)


def _parse_braces(text: str, start: int, end: int) -> _Value:
    depth = 0
    for position in range(start, end):
        if text[position] == "{":
            depth += 1
        elif text[position] == "}":
            depth -= 1
        if depth == 0:
            return _Value(text[start + 1 : position], position + 1)
    return _Value("", end)


def _to_plain_text(value: str) -> str:
    if "\\" in value:
        value = _resolve_latex(value)
    return clean(re.sub(r"[{}]", "", value).replace("~", " "))


def _resolve_latex(value: str) -> str:
    # On a page, an unescaped % is a percent sign, not the start of a comment.
    escaped = value.replace("%", r"\%").replace("\\\\%", r"\%")
    try:
        text: str = _latex_converter().latex_to_text(escaped)
    except RecursionError:
        # No name or title is nested so deeply.
        return value.replace("\\", "")
    return text


@cache
def _latex_converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(keep_comments=True, strict_latex_spaces=False)
