"""Finds a quote in a document: exactly after folding, else approximately.

A quote that is found approximately may contain typing slips, but no different number,
negation or word of another meaning.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from rindoku.models import Document, Evidence
from rindoku.verify.quantities import find_numbers

# Folded characters; a shorter quote is no evidence, as it may occur anywhere.
SHORTEST_QUOTE = 20
# Least similarity, in per cent, of an approximate quote, and of a word with a slip.
_APPROXIMATE = 92.0
_SLIP = 70.0
_LONGEST_SHOWN = 40
_WORDS = re.compile(r"[\w']+")
# Words that may differ without a change of meaning; the s is that of "it's".
_FUNCTION_WORDS = {
    *("a", "an", "the", "this", "these", "those", "it", "its", "they", "them", "their"),
    *("is", "are", "was", "were", "be", "s"),
    *("of", "to", "in", "on", "and", "that", "which"),
}
# Prefixes that turn a word into its opposite, or into another word.
_PREFIX = re.compile(
    r"^(?:under|over|out|down|up|multi|mono|pre|post|non|dis|un|in|im|de|re)"
)
# Characters at the beginning of words with different prefixes.
_DIFFERING_START = 4
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|fail(?:s|ed)? to|unable|"
    r"hardly|barely|rarely)\b|n't\b",
    re.IGNORECASE,
)
_FOLD = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
}
# Soft hyphens, zero-width characters, and PDFium's characters for broken words.
_DROPPED = {"\u00ad", "\u200b", "\u200c", "\u200d", "\ufeff", "\u0002", "\ufffe"}


class Folded(NamedTuple):
    """A text in a normalised form, to compare quotes.

    `origins` has the offset of each of its characters in the original text.
    """

    text: str
    origins: list[int]


def fold(text: str) -> Folded:
    """The text in lower case and compatibility form (NFKC).

    Quotation marks, hyphens and spaces are unified, and runs of spaces become one.
    """
    characters: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(text):
        if character in _DROPPED:
            continue
        for part in unicodedata.normalize("NFKC", _FOLD.get(character, character)):
            if not part.isspace():
                characters.append(_FOLD.get(part, part).lower()[:1])
            elif characters and characters[-1] != " ":
                characters.append(" ")
            else:
                continue
            origins.append(position)
    return Folded("".join(characters), origins)


def shorten(quote: str) -> str:
    """A quote as a message shows it: its first 40 characters at most."""
    if len(quote) <= _LONGEST_SHOWN:
        return quote
    return quote[: _LONGEST_SHOWN - 2] + "…"


@dataclass(frozen=True)
class QuoteFinder:
    """Finds quotes in a document, whose text is folded only once."""

    document: Document

    def find(self, quote: str) -> Evidence:
        """The quote's offsets, section and page; match "absent" if it is not found."""
        needle = fold(quote).text.strip(" .\u2026")
        if len(needle) < SHORTEST_QUOTE:
            return Evidence(quote, "absent")
        at = self._folded.text.find(needle)
        if at >= 0:
            return self._evidence(quote, "exact", at, at + len(needle))
        place = self._find_approximate(quote, needle)
        if place is None:
            return Evidence(quote, "absent")
        return self._evidence(quote, "fuzzy", *place)

    @cached_property
    def _folded(self) -> Folded:
        return fold(self.document.text)

    def _find_approximate(self, quote: str, needle: str) -> tuple[int, int] | None:
        """The quote's place in the folded text, `[start, end)`, apart from slips."""
        haystack = self._folded.text
        alignment = fuzz.partial_ratio_alignment(
            needle, haystack, score_cutoff=_APPROXIMATE
        )
        if alignment is None or alignment.dest_end <= alignment.dest_start:
            return None
        start, end = _widen(haystack, alignment.dest_start, alignment.dest_end)
        passage = self._original(start, end)
        # Similarity alone would accept a changed number or a dropped "not".
        if find_numbers(quote) != find_numbers(passage):
            return None
        if _count_negations(quote) != _count_negations(passage):
            return None
        if not _only_slips(needle, fold(passage).text):
            return None
        return start, end

    def _original(self, start: int, end: int) -> str:
        """The document's text at a place in the folded text."""
        origins = self._folded.origins
        return self.document.text[origins[start] : origins[end - 1] + 1]

    def _evidence(
        self, quote: str, match: Literal["exact", "fuzzy"], start: int, end: int
    ) -> Evidence:
        origins = self._folded.origins
        first, last = origins[start], origins[end - 1]
        section = self.document.section_at(first)
        return Evidence(
            quote=quote,
            match=match,
            start=first,
            end=last + 1,
            section=section.title if section else None,
            page=section.page if section else None,
        )


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    """A place widened to complete words, as an alignment may end inside a word."""
    while start > 0 and text[start - 1] != " ":
        start -= 1
    while end < len(text) and text[end] != " ":
        end += 1
    return start, end


def _only_slips(quote: str, passage: str) -> bool:
    """Whether two folded texts differ only by typing slips."""
    ours, theirs = _WORDS.findall(quote), _WORDS.findall(passage)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        is_at_end = c == 0 or d == len(theirs)
        if not _is_slip(ours[a:b], theirs[c:d], is_at_end=is_at_end):
            return False
    return True


def _is_slip(ours: Sequence[str], theirs: Sequence[str], *, is_at_end: bool) -> bool:
    """Whether words of a quote mean the same as those at their place in the text."""
    if "".join(ours) == "".join(theirs):
        return True
    if {*ours, *theirs} <= _FUNCTION_WORDS:
        return True
    # The ends of an alignment may cut a word in two.
    if is_at_end and _is_cut(ours, theirs):
        return True
    if not ours or not theirs or _are_opposites(ours, theirs):
        return False
    return fuzz.ratio(" ".join(ours), " ".join(theirs)) >= _SLIP


def _is_cut(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether one of two words is the beginning or end of the other, or missing."""
    if len(ours) > 1 or len(theirs) > 1:
        return False
    shorter, longer = sorted(("".join(ours), "".join(theirs)), key=len)
    return longer.startswith(shorter) or longer.endswith(shorter)


def _are_opposites(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether a word was replaced by one with another prefix, and so its opposite.

    Examples: supervised and unsupervised, increase and decrease.
    """
    for our_word, their_word in zip(ours, theirs, strict=False):
        same_stem = _PREFIX.sub("", our_word) == _PREFIX.sub("", their_word)
        same_start = our_word[:_DIFFERING_START] == their_word[:_DIFFERING_START]
        if our_word != their_word and same_stem and not same_start:
            return True
    return False


def _count_negations(text: str) -> int:
    return len(_NEGATION.findall(text))
