"""Finding a quote in a document: exactly after normalisation, else nearly, never with other numbers."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from rapidfuzz import fuzz

from rindoku.models import Document, Evidence
from rindoku.verify.numbers import find_numbers

NEARLY = 92.0
_SLIP = 70.0
_WORDS = re.compile(r"[\w']+")
_LITTLE_WORDS = {
    "a",
    "an",
    "the",
    "of",
    "to",
    "in",
    "on",
    "and",
    "that",
    "which",
    "is",
    "are",
    "was",
    "were",
    "be",
    "its",
    "their",
    "s",
    "this",
    "these",
    "those",
    "them",
    "they",
    "it",
}
_OPPOSING = re.compile(
    r"^(?:under|over|out|down|up|multi|mono|pre|post|non|dis|un|in|im|de|re)"
)
SHORTEST_QUOTE = 20
_FOLD = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
}
_DROPPED = {"\u00ad", "\u200b", "\u200c", "\u200d", "\ufeff", "\u0002", "\ufffe"}
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|fail(?:s|ed)? to|unable|hardly|barely|rarely)\b|n't\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class QuoteFinder:
    """A document prepared for finding quotes; prepare once, find often."""

    document: Document

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        return fold(self.document.text)

    def find(self, quote: str) -> Evidence:
        """Where the quote stands, with section and page; match "absent" when it does not."""
        haystack, index = self._folded
        needle, _ = fold(quote)
        needle = needle.strip(" .\u2026")
        if len(needle) < SHORTEST_QUOTE:
            return Evidence(quote, "absent")
        at = haystack.find(needle)
        if at >= 0:
            return self._evidence(
                quote, "exact", index[at], index[at + len(needle) - 1] + 1
            )
        near = fuzz.partial_ratio_alignment(needle, haystack, score_cutoff=NEARLY)
        if near is None or near.dest_end <= near.dest_start:
            return Evidence(quote, "absent")
        # An alignment is as long as the quote: it may end within a word or a number.
        first, last = near.dest_start, near.dest_end
        while first > 0 and haystack[first - 1] != " ":
            first -= 1
        while last < len(haystack) and haystack[last] != " ":
            last += 1
        start, end = index[first], index[last - 1] + 1
        found = self.document.text[start:end]
        # Fuzzy alone would pass a changed number or a dropped "not": both must agree.
        if find_numbers(quote) != find_numbers(found) or _negations(
            quote
        ) != _negations(found):
            return Evidence(quote, "absent")
        if not _only_slips(needle, fold(found)[0]):
            return Evidence(quote, "absent")
        return self._evidence(quote, "fuzzy", start, end)

    def _evidence(self, quote: str, match: str, start: int, end: int) -> Evidence:
        section = self.document.section_at(start)
        return Evidence(
            quote,
            "exact" if match == "exact" else "fuzzy",
            start,
            end,
            section.title if section else None,
            section.page if section else None,
        )


def fold(text: str) -> tuple[str, list[int]]:
    """Text in a form in which equal quotes are equal, and the origin of each of its characters."""
    characters: list[str] = []
    origins: list[int] = []
    length = len(text)
    position = 0
    while position < length:
        character = text[position]
        if character in _DROPPED:
            position += 1
            continue
        for folded in unicodedata.normalize("NFKC", _FOLD.get(character, character)):
            is_space = folded.isspace()
            if is_space and (not characters or characters[-1] == " "):
                continue
            characters.append(
                " " if is_space else _FOLD.get(folded, folded).lower()[:1]
            )
            origins.append(position)
        position += 1
    return "".join(characters), origins


def _only_slips(quote: str, found: str) -> bool:
    """Whether two texts differ by slips of the pen only: never by a word of another meaning."""
    ours, theirs = _WORDS.findall(quote), _WORDS.findall(found)
    for kind, a, b, c, d in SequenceMatcher(
        None, ours, theirs, autojunk=False
    ).get_opcodes():
        left, right = ours[a:b], theirs[c:d]
        if kind == "equal" or "".join(left) == "".join(right):
            continue
        # The ends of an alignment may cut a word in two.
        at_end = (
            (c == 0 or d == len(theirs))
            and len(left) <= 1
            and len(right) <= 1
            and _is_cut(left, right)
        )
        if set(left + right) <= _LITTLE_WORDS:
            continue
        if not left or not right:
            if not at_end:
                return False
        elif not at_end and (
            _turned(left, right) or fuzz.ratio(" ".join(left), " ".join(right)) < _SLIP
        ):
            return False
    return True


def _is_cut(left: list[str], right: list[str]) -> bool:
    one, other = "".join(left), "".join(right)
    return (
        one.startswith(other)
        or one.endswith(other)
        or other.startswith(one)
        or other.endswith(one)
    )


def _turned(left: list[str], right: list[str]) -> bool:
    """Whether one word is the other's opposite, though spelled alike: supervised and unsupervised, increase and decrease."""
    for one, other in zip(left, right, strict=False):
        stems = {re.sub(_OPPOSING, "", w) for w in (one, other)}
        if one != other and len(stems) == 1 and one[:4] != other[:4]:
            return True
    return False


def _negations(text: str) -> int:
    return len(_NEGATION.findall(text))
