"""BibTeX as it stands on pages and in READMEs: often several entries, sometimes broken ones."""

import re

from pylatexenc.latex2text import LatexNodes2Text

from rindoku.documents.characters import clean

_ENTRY = re.compile(
    r"@(?!string|comment|preamble|media|import|font-face|keyframes)[a-z]+\s*\{",
    re.IGNORECASE,
)
_FIELD = re.compile(r"(?P<name>[a-z]+)\s*=\s*", re.IGNORECASE)
_TEX = LatexNodes2Text(keep_comments=True, strict_latex_spaces=False)
_LONGEST = 20_000
_ET_AL = re.compile(r",?\s*(?:and\s+)?(?:et\s+al\.?|others)\s*$", re.IGNORECASE)


def parse_bibtex(text: str) -> list[dict[str, str]]:
    """The entries in a text, each as its fields by lower-case name, accents resolved; those without a title left out."""
    entries = [_fields(text, match.end()) for match in _ENTRY.finditer(text)]
    return [e for e in entries if e.get("title")]


def author_names(field: str) -> tuple[tuple[str, ...], bool]:
    """Names of an `author` field, first names first, and whether the list is whole (no "and others")."""
    whole = _ET_AL.sub("", field)
    names = tuple(
        first_name_first(n.strip(" ,"))
        for n in re.split(r"\s+and\s+", whole)
        if n.strip(" ,")
    )
    return names, whole == field


def first_name_first(name: str) -> str:
    """`Braun, Ada` as `Ada Braun`; any other name as it is."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name


def _fields(text: str, start: int) -> dict[str, str]:
    """Fields of the entry whose body begins at `start`; values may nest braces."""
    fields: dict[str, str] = {}
    position, end = start, min(len(text), start + _LONGEST)
    while (match := _FIELD.search(text, position, end)) is not None:
        between = text[position : match.start()]
        if "}" in between or "@" in between:
            break
        value, position = _value(text, match.end(), end)
        fields.setdefault(match["name"].lower(), _plain(value))
    return fields


def _plain(value: str) -> str:
    if "\\" in value:
        value = _TEX.latex_to_text(value.replace("%", r"\%").replace("\\\\%", r"\%"))
    return clean(re.sub(r"[{}]", "", value).replace("~", " "))


def _value(text: str, start: int, end: int) -> tuple[str, int]:
    if text[start : start + 1] == '"':
        close = text.find('"', start + 1, end)
        return (text[start + 1 : close], close + 1) if close > 0 else ("", end)
    if text[start : start + 1] != "{":
        bare = re.compile(r"[^,}\n]*").match(text, start, end)
        return (bare[0], bare.end()) if bare else ("", end)
    depth = 0
    for position in range(start, end):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return text[start + 1 : position], position + 1
    return "", end
