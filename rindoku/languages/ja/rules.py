"""The rules of Japanese texts."""

import re
import unicodedata
from collections.abc import Iterator

from rindoku.languages.ja.katakana import find_respellings
from rindoku.languages.parts import QUOTATION, latin_terms
from rindoku.languages.rules import (
    WRONG_LANGUAGE,
    Objection,
    Rules,
    error,
    warning,
)

_KANA = re.compile(r"[\u3040-\u30ff]")
# The end of a sentence in the plain style, unlike です and ます.
_PLAIN_STYLE = re.compile(r"(?:である|であった|だった|のだ|[^んい]だ)(?=。|$)")
# Six Latin words in a row, at least three of them function words, are an English
# sentence and not names.
_IN_LATIN_WORD = r"0-9A-Z_a-z\u00c0-\u024f'\u2019-"
_LATIN_WORD = rf"[A-Za-z][{_IN_LATIN_WORD}]*"
_LATIN_RUN = re.compile(
    rf"(?<![{_IN_LATIN_WORD}])(?:{_LATIN_WORD}[ ,]+){{5,}}{_LATIN_WORD}"
)
_FUNCTION_WORDS_OF_A_SENTENCE = 3
_FUNCTION_WORD = re.compile(
    r"\b(?:the|a|an|of|in|on|to|and|or|is|are|was|were|be|does|do|not|that|which|"
    r"with|for|from|by|as|we|it|this|these|at|than|has|have)\b"
)
# 三割, 3割: tenths, which papers write as percentages. 割り is another word.
_TENTHS = re.compile(r"(?:\d|[一二三四五六七八九])割(?!り)")
_JAPANESE_BEYOND_SHIFT_JIS = set("頰剝塡𠮟噓俠繫摑蟬嚙瘦")


def check_language(text: str) -> Iterator[Objection]:
    """Objects to text without kana, to Chinese characters and to English sentences."""
    if not _KANA.search(text):
        yield error("language", WRONG_LANGUAGE)
    foreign = sorted({c for c in text if _is_chinese_only(c)})
    if foreign:
        yield error("language", "foreign_characters", characters="".join(foreign))
    if _has_english_sentence(text):
        yield error("language", "left_in_english")


def check_notation(text: str) -> Iterator[Objection]:
    """Objects to tenths (割)."""
    if _TENTHS.search(unicodedata.normalize("NFKC", text)):
        yield error("number style", "tenths")


def check_style(text: str) -> Iterator[Objection]:
    """Warns of sentences in the plain style (である, だ)."""
    if _PLAIN_STYLE.search(QUOTATION.sub("", text)):
        yield warning("style", "plain_style")


def find_names(text: str) -> list[str]:
    """Terms in Latin letters that have a capital or a digit."""
    return [
        term
        for term in latin_terms(text)
        if any(c.isupper() or c.isdigit() for c in term)
    ]


def _has_english_sentence(text: str) -> bool:
    for run in _LATIN_RUN.findall(QUOTATION.sub(" ", text)):
        if len(_FUNCTION_WORD.findall(run)) >= _FUNCTION_WORDS_OF_A_SENTENCE:
            return True
    return False


def _is_chinese_only(character: str) -> bool:
    """Whether Japanese does not use a Han character.

    Simplified forms have no code in Shift JIS.
    """
    is_han = "\u4e00" <= character <= "\u9fff"
    if not is_han or character in _JAPANESE_BEYOND_SHIFT_JIS:
        return False
    try:
        character.encode("shift_jis")
    except UnicodeEncodeError:
        return True
    return False


RULES = Rules(
    tldr_length=60,
    summary_length=700,
    answer_length=300,
    sentence_break=re.compile(r"。(?=.)"),
    addresses_authors=re.compile(r"あなた|御社|貴社|私たちの|我々の"),
    check_language=check_language,
    find_terms=latin_terms,
    find_names=find_names,
    check_notation=check_notation,
    check_style=check_style,
    find_respellings=find_respellings,
)
