"""The rules of English texts."""

import re
from collections.abc import Iterator

from rindoku.languages.parts import (
    LATIN_WORD,
    QUOTATION,
    is_mid_sentence,
    without_formulas,
)
from rindoku.languages.rules import WRONG_LANGUAGE, Objection, Rules, error

_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MOST_SHOWN = 8
_LETTERS = re.compile(r"[A-Za-z]{2}")
# "One" is not a number in "one of them".
_ARTICLE = re.compile(r"\bone\b", re.IGNORECASE)


def check_language(text: str) -> Iterator[Objection]:
    """Objects to East Asian characters outside of quotes, and to text without words."""
    foreign = sorted(set(_EAST_ASIAN.findall(QUOTATION.sub(" ", text))))
    if foreign:
        shown = "".join(foreign[:_MOST_SHOWN])
        yield error("language", "foreign_characters", characters=shown)
    elif not _LETTERS.search(text):
        yield error("language", WRONG_LANGUAGE)


def find_names(text: str) -> list[str]:
    """Words with a capital in mid-sentence or inside the word, or with a digit."""
    plain = without_formulas(text)
    names: dict[str, None] = {}
    for match in LATIN_WORD.finditer(plain):
        word = match[0].removesuffix("'s")
        if len(word) > 1 and _is_name(word, plain, match.start()):
            names[word] = None
    return list(names)


def without_articles(text: str) -> str:
    """The text without "one", which is rarely a number."""
    return _ARTICLE.sub(" ", text)


def _is_name(word: str, text: str, start: int) -> bool:
    if any(c.isupper() or c.isdigit() for c in word[1:]):
        return True
    return word[0].isupper() and is_mid_sentence(text, start)


RULES = Rules(
    tldr_length=160,
    summary_length=1400,
    answer_length=600,
    sentence_break=re.compile(r"[.?!]\s+(?=[A-Z])"),
    addresses_authors=re.compile(r"\b(?:you|your|our)\b", re.IGNORECASE),
    check_language=check_language,
    find_terms=find_names,
    find_names=find_names,
    prepare_figures=without_articles,
)
