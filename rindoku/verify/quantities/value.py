"""The value of a number, and the words and signs that numbers consist of."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

_MOST_DIGITS = 40


class Number(NamedTuple):
    """A normalised value; `kind` distinguishes 31 % from 31."""

    value: Decimal
    kind: Literal["", "%"] = ""

    def __str__(self) -> str:
        """The number for a reader: 12.29%, 1250000000000."""
        digits = len(self.value.as_tuple().digits)
        if max(digits, abs(self.value.adjusted())) > _MOST_DIGITS:
            return f"{self.value:.6e}{self.kind}"
        return f"{self.value:f}{self.kind}"


# Numerals, which may be followed by a unit or by a scale such as "million".
NUMERALS: Mapping[str, int] = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "dozen": 12,
}
# Number words that are not followed by a unit.
MULTIPLES: Mapping[str, Decimal | int] = {
    "half": Decimal("0.5"),
    "twice": 2,
    "double": 2,
    "doubles": 2,
    "doubled": 2,
    "triple": 3,
    "triples": 3,
    "tripled": 3,
    "thrice": 3,
}
NUMBER_WORDS: Mapping[str, Decimal | int] = {**NUMERALS, **MULTIPLES}

SCALE_WORDS: Mapping[str, int] = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
SCALE_SUFFIXES: Mapping[str, int] = {
    "k": 10**3,
    "K": 10**3,
    "M": 10**6,
    "B": 10**9,
    "T": 10**12,
}
SCALE_KANJI: Mapping[str, int] = {
    "千": 10**3,
    "万": 10**4,
    "億": 10**8,
    "兆": 10**12,
}

# Parts of patterns: digits with or without separators, and a word or suffix of scale.
DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
SCALE_WORD = r"(?P<word>thousand|million|billion|trillion)(?![A-Za-z])"
SCALE_SUFFIX = r"(?P<suffix>[kKMBT])(?![A-Za-z])"
# Not inside a name or a number; Japanese has no space before a number.
NOT_WITHIN = r"(?<![A-Za-z0-9_.])"

_JAPANESE_PART = re.compile(rf"({DIGITS})\s*([千万億兆]?)")
# Quotients are rounded to six places, so that equal ones compare as equal.
_PLACES = Decimal("0.000001")
_LARGEST_ROUNDED = 20


def plain_text(text: str) -> str:
    r"""The text in compatibility form (NFKC), without the `\%` and `{,}` of LaTeX."""
    plain = unicodedata.normalize("NFKC", text)
    return plain.replace("\\%", "%").replace("{,}", ",")


def parse_digits(digits: str) -> Decimal:
    """The value of digits such as 1,250.5."""
    return Decimal(digits.replace(",", ""))


def parse_japanese(text: str) -> Decimal:
    """The value of a number such as 4億1000万."""
    value = Decimal(0)
    for digits, kanji in _JAPANESE_PART.findall(text):
        value += parse_digits(digits) * SCALE_KANJI.get(kanji, 1)
    return value


def divide(dividend: Decimal | int, divisor: Decimal | int) -> Decimal:
    """A quotient, rounded so that equal ones compare as equal."""
    quotient = Decimal(dividend) / Decimal(divisor)
    # More digits than the precision of decimals can't be rounded to places.
    if quotient.adjusted() > _LARGEST_ROUNDED:
        return quotient
    return quotient.quantize(_PLACES)
