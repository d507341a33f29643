"""Finds and counts the numbers in a text."""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from rindoku.verify.quantities.fractions import FRACTION, parse_fraction
from rindoku.verify.quantities.value import (
    DIGITS,
    NOT_WITHIN,
    NUMBER_WORDS,
    SCALE_SUFFIX,
    SCALE_SUFFIXES,
    SCALE_WORD,
    SCALE_WORDS,
    Number,
    parse_digits,
    parse_japanese,
    plain_text,
)

# In Japanese, a 1 before a counter often translates "a", "each" or "single".
_ARTICLE = re.compile(
    r"(?<![\d.,])1"
    r"(?=\s*(?:つ|枚|台|件|回|本|個|人|種|度|行|層|文|トークン|ステップ))"
)
# 20-30 %, 20〜30%: the unit belongs to both ends.
_RANGE = re.compile(
    NOT_WITHIN + r"(\d+(?:\.\d+)?)"
    r"(\s*(?:-|\u2013|~|\u301c|\uff5e|to|から)\s*)"
    r"(\d+(?:\.\d+)?)\s*(%|percent\b|パーセント)"
)
# 二つ, 三段階: kanji digits before counters; 一 is left out, as it is like an article.
_KANJI_DIGITS = {
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_KANJI_COUNT = re.compile(
    r"([二三四五六七八九十])"
    r"(?=つ|段階|種類|層|個|件|本の|回|点|倍|軸|章|手法|通り|か国|台)"
)
# Larger exponents are no quantities of a paper, nor numbers to calculate with.
_EXPONENT = r"(-?\d{1,3})(?!\d)"
_IN_BRACES = rf"\^\s*+(?:\{{\s*+)?{_EXPONENT}\s*+\}}?"
# 3e-4, 2.5 x 10^{{3}}
_SCIENTIFIC = re.compile(
    rf"{NOT_WITHIN}(\d++(?:\.\d++)?)\s*+"
    rf"(?:[eE]\s*+{_EXPONENT}|[x×*]\s*+10\s*+{_IN_BRACES})(?![A-Za-z0-9_])"
)
_POWER = re.compile(rf"{NOT_WITHIN}10\s*+{_IN_BRACES}")
# Digits joined to letters are part of a name (GPT-4, Llama2-7B, pass@1, H100).
_NAME = re.compile(
    r"(?<![0-9A-Za-z.])[A-Za-z][A-Za-z0-9]*+(?:[-@./_][A-Za-z0-9.]++)*+"
    r"|(?<!\d)\d++(?:[A-Za-z]{2,}[A-Za-z0-9]*|D(?![A-Za-z]))"
)
_DIGITS_WITH_SUFFIX = re.compile(rf"(?:{DIGITS})(?:[kKMBT])?")
# 4億1000万, 3万%
_JAPANESE = re.compile(
    # A number begins neither within digits nor after a separator of thousands.
    r"(?<!\d)(?:(?<!\d,)|(?!\d{3}))"
    rf"(?P<number>(?:(?>{DIGITS})\s*+[千万億兆]\s*+)++(?>{DIGITS})?)"
    r"(?P<percent>\s*(?:%|パーセント))?"
)
# 1,250, 1.25T, 38.4 billion, 31 percent
_PLAIN = re.compile(
    rf"(?P<number>{DIGITS})"
    rf"(?:\s*{SCALE_WORD}|{SCALE_SUFFIX})?"
    r"\s*(?P<unit>%|percent(?!age)(?![A-Za-z])|パーセント|ポイント|"
    r"percentage points?\b|points?\b)?",
)
_PERCENT = {"%", "percent", "パーセント"}
# eleven, two million
_WORD = re.compile(
    r"(?<![A-Za-z0-9_-])("
    + "|".join(NUMBER_WORDS)
    + r")(?:[\s-]+(thousand|million|billion|trillion))?(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)


def find_numbers(text: str) -> set[Number]:
    """The numbers in a text; names such as GPT-4 and Llama2-7B have none."""
    return set(count_numbers(text))


def count_numbers(text: str) -> Counter[Number]:
    """The numbers in a text, each with its number of occurrences."""
    text = _ARTICLE.sub(" ", plain_text(text))
    text = _RANGE.sub(r"\1\4\2\3\4", text)
    text = _KANJI_COUNT.sub(lambda m: f" {_KANJI_DIGITS[m[1]]} ", text)
    counts: Counter[Number] = Counter()
    # Each form is blanked, so that the next pattern does not match parts of it.
    text = _take(text, _SCIENTIFIC, _parse_scientific, counts)
    text = _take(text, FRACTION, lambda m: Number(parse_fraction(m).value), counts)
    text = _take(text, _POWER, lambda m: Number(Decimal(10) ** int(m[1])), counts)
    text = _NAME.sub(_blank_name, text)
    text = _take(text, _JAPANESE, _parse_japanese, counts)
    text = _take(text, _PLAIN, _parse_plain, counts)
    _take(text, _WORD, _parse_word, counts)
    return counts


def _take(
    text: str,
    pattern: re.Pattern[str],
    parse: Callable[[re.Match[str]], Number],
    counts: Counter[Number],
) -> str:
    """The text with blanks for the matches, whose numbers are added to `counts`."""

    def blank(match: re.Match[str]) -> str:
        number = parse(match)
        counts[Number(number.value.normalize(), number.kind)] += 1
        return " " * len(match[0])

    return pattern.sub(blank, text)


def _blank_name(match: re.Match[str]) -> str:
    name = match[0]
    has_digit = any(c.isdigit() for c in name)
    if not has_digit or _DIGITS_WITH_SUFFIX.fullmatch(name):
        return name
    return " " * len(name)


def _parse_scientific(match: re.Match[str]) -> Number:
    exponent = int(match[2] or match[3])
    return Number(Decimal(match[1]) * Decimal(10) ** exponent)


def _parse_japanese(match: re.Match[str]) -> Number:
    value = parse_japanese(match["number"])
    return Number(value, "%" if match["percent"] else "")


def _parse_plain(match: re.Match[str]) -> Number:
    value = parse_digits(match["number"])
    value *= SCALE_WORDS.get(match["word"] or "", 1)
    value *= SCALE_SUFFIXES.get(match["suffix"] or "", 1)
    return Number(value, "%" if match["unit"] in _PERCENT else "")


def _parse_word(match: re.Match[str]) -> Number:
    value = Decimal(NUMBER_WORDS[match[1].lower()])
    return Number(value * SCALE_WORDS.get((match[2] or "").lower(), 1))
