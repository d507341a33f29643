"""Fractions: two thirds, 2/3, 3分の2."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rindoku.verify.quantities.value import (
    NOT_WITHIN,
    NUMBER_WORDS,
    divide,
    parse_digits,
)

_DENOMINATORS: Mapping[str, int] = {
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fifth": 5,
    "fifths": 5,
    "tenth": 10,
    "tenths": 10,
}
FRACTION = re.compile(
    rf"{NOT_WITHIN}(?:(?P<top>one|two|three|four|a|\d+)[\s-]+"
    r"(?P<part>thirds?|quarters?|fifths?|tenths?)\b"
    r"|(?<!\d,)(?P<below>\d[\d,]*+)\s*+分の\s*+(?P<above>\d[\d,]*+)|"
    # 33,511 / 1,000 / 1,000 are three numbers.
    r"(?<!,)(?P<over>\d+)\s?/\s?(?P<under>\d+)(?!\d|,\d|\s?/))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fraction:
    """A fraction as it is written; `in_digits` is False for "two thirds"."""

    numerator: Decimal
    denominator: Decimal
    in_digits: bool

    @property
    def value(self) -> Decimal:
        if self.denominator == 0:
            return self.numerator
        return divide(self.numerator, self.denominator)


def parse_fraction(match: re.Match[str]) -> Fraction:
    """The fraction in a match of `FRACTION`."""
    if match["part"]:
        denominator = Decimal(_DENOMINATORS[match["part"].lower()])
        return Fraction(_parse_numerator(match["top"]), denominator, in_digits=False)
    numerator = match["above"] or match["over"]
    denominator_digits = match["below"] or match["under"]
    return Fraction(
        parse_digits(numerator),
        parse_digits(denominator_digits),
        in_digits=True,
    )


def find_fractions(text: str) -> Iterator[Fraction]:
    """The fractions in a text."""
    return map(parse_fraction, FRACTION.finditer(text))


def _parse_numerator(written: str) -> Decimal:
    word = written.lower()
    if word == "a":
        return Decimal(1)
    return Decimal(NUMBER_WORDS.get(word, 0) or word)
