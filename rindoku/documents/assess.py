"""Assesses extracted text: is it readable, and is it the text of the paper?"""

import re
from collections import Counter

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from rindoku.models import PaperVersion

# Even in a paper full of formulas and tables, three fifths of the tokens are words.
_USUAL_SHARE_OF_WORDS = 0.6
_LONGEST_WORD = 24
_WORD = re.compile(
    r"[(\[\"'“‘]?[^\W\d_]{1,24}(?:['’.-][^\W\d_]{1,24})*[)\]\"'”’.,:;!?]*"
)
_REPLACEMENTS = "\ufffd\uf0b7\u25a1"
_TITLE_WITHIN_CHARACTERS = 4000
_SHORT_TITLE = 8
_SAME_TITLE = 85.0
_SHINGLE_WORDS = 4
_LEAST_SHARED_ABSTRACT = 0.15


def text_quality(text: str) -> float:
    """How much of a text is readable prose, from 0 to 1.

    That is the share of words, reduced by replacement characters and repeated lines.
    """
    tokens = text.split()
    if not tokens:
        return 0.0
    words = sum(_is_word(token) for token in tokens)
    readable = min(1.0, words / len(tokens) / _USUAL_SHARE_OF_WORDS)
    replaced = sum(text.count(character) for character in _REPLACEMENTS)
    lost = min(1.0, 20 * replaced / len(text))
    return round(readable * (1 - lost) * (1 - _repeated_share(text)), 3)


def _is_word(token: str) -> bool:
    if _WORD.fullmatch(token):
        return True
    # Scripts without spaces (Japanese, Chinese) have long tokens of letters.
    letters = sum(character.isalpha() for character in token)
    return len(token) > _LONGEST_WORD and letters / len(token) > 0.8


def _repeated_share(text: str) -> float:
    """The share of long lines that repeat another one, mostly running heads."""
    lines = [line for line in text.split("\n") if len(line) > 20]
    if not lines:
        return 0.0
    repeated = len(lines) - len(Counter(lines))
    return repeated / len(lines)


def is_text_of(paper: PaperVersion, text: str, title: str = "") -> bool:
    """Whether the paper's title is at the top of the text, or its abstract in it.

    `title` is the title that the text declares, if any. For a paper with neither a
    known title nor an abstract, any text passes.
    """
    expected = default_process(paper.title)
    if title and fuzz.token_set_ratio(expected, default_process(title)) >= _SAME_TITLE:
        return True
    top = default_process(text[:_TITLE_WITHIN_CHARACTERS])
    is_distinctive = len(expected) > _SHORT_TITLE
    if is_distinctive and fuzz.partial_ratio(expected, top) >= _SAME_TITLE:
        return True
    abstract = _shingles(paper.abstract or "")
    if not abstract:
        return not is_distinctive
    shared = len(abstract & _shingles(text)) / len(abstract)
    return shared >= _LEAST_SHARED_ABSTRACT


def _shingles(text: str) -> set[tuple[str, ...]]:
    """All runs of four words."""
    words = default_process(text).split()
    starts = range(len(words) - _SHINGLE_WORDS + 1)
    return {tuple(words[start : start + _SHINGLE_WORDS]) for start in starts}
