"""Numbers that an answer may state though its quote does not write them as numbers."""

import re
from collections.abc import Mapping
from decimal import Decimal

from rindoku.verify.quantities.count import find_numbers
from rindoku.verify.quantities.fractions import find_fractions
from rindoku.verify.quantities.units import find_units
from rindoku.verify.quantities.value import Number, divide, plain_text

_ARTICLES = ("a", "an")
_SPANS = ("second", "minute", "hour", "day", "week", "month", "year")
# Words of a quote that support a number: ordinals, pairs, months, "an hour".
_WORDS: Mapping[str, int] = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "once": 1,
    "single": 1,
    "both": 2,
    "pair": 2,
    "dual": 2,
    "either": 2,
    "neither": 2,
    "two-fold": 2,
    "twofold": 2,
    "triple": 3,
    "quadruple": 4,
    "january": 1,
    "february": 2,
    "march": 3,
    "april": 4,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "september": 9,
    "october": 10,
    "november": 11,
    "december": 12,
    "order of magnitude": 10,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    **{f"{article} {span}": 1 for article in _ARTICLES for span in _SPANS},
}
_WORD = re.compile(
    r"(?<![\w-])(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?!\w)|"
    # The 4th, 2D, top-5, recall@20.
    r"(?<!\w)(?P<before>\d+)(?:th|st|nd|rd|[ -]?D)\b|"
    r"\b[a-z]+[-@](?P<after>\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
# A count that ends a list: A、B、Cの3つ.
_OWN_COUNT = re.compile(r"(?:の|という|、)([2-9]|1\d)(?:つ|点|種類|項目|要素|段階)")
_SENTENCE_END = re.compile(r"[。\n]")
_NOT_LISTED = {"", "という", "など", "以上"}


def find_support(quoted: str) -> set[Number]:
    """The numbers that an answer may take from a quote.

    These are the numbers in the quote, the parts of its fractions, its ordinals and
    months, and the reciprocal of each multiple: "reduced by 8x" supports an eighth.
    """
    numbers = find_numbers(quoted)
    for fraction in find_fractions(plain_text(quoted)):
        if fraction.in_digits:
            numbers.add(Number(fraction.numerator.normalize()))
            numbers.add(Number(fraction.denominator.normalize()))
    for match in _WORD.finditer(quoted):
        value = match["before"] or match["after"] or _WORDS[match[0].lower()]
        numbers.add(Number(Decimal(value).normalize()))
    for value, units in find_units(quoted).items():
        if "fold" in units and value > 1:
            numbers.add(Number(divide(1, value).normalize()))
    return numbers


def find_own_counts(text: str) -> set[Number]:
    """Numbers of a Japanese text that count the items of a list in that text."""
    numbers: set[Number] = set()
    for sentence in _SENTENCE_END.split(plain_text(text)):
        for match in _OWN_COUNT.finditer(sentence):
            if int(match[1]) == _count_listed(sentence[: match.start()]):
                numbers.add(Number(Decimal(match[1]).normalize()))
    return numbers


def _count_listed(text: str) -> int:
    """The number of items in a list: A、B、C, or else AとB."""
    items = [i for i in text.split("、") if i.strip() not in _NOT_LISTED]
    if not items:
        return 0
    if len(items) > 1:
        return len(items)
    return items[0].count("と") + 1
