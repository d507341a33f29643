"""What strangers wrote is read in time proportional to its length.

Here with short texts; tests/slow/test_growth.py has texts of up to 200,000 characters.
"""

import re

import pytest

from tests.adversarial.growth import find_growth
from tests.adversarial.inputs import Recipe, recipes
from tests.adversarial.patterns import (
    BUILT_ELSEWHERE,
    find_patterns,
    functions_that_build_patterns,
)
from tests.adversarial.run import find_slow


def test_every_pattern_takes_proportional_time() -> None:
    assert find_slow("patterns", longest=8_000, share=12) == []


def test_every_parser_takes_proportional_time() -> None:
    assert find_slow("parsers", longest=4_000, share=16) == []


def test_every_pattern_is_found() -> None:
    assert functions_that_build_patterns() == BUILT_ELSEWHERE
    assert len(find_patterns()) > 200


@pytest.mark.parametrize(
    "pattern",
    [r"/\*.*?\*/", r"\s+and\s+", r"[a-z]+\s*=", r"(?:a|b)*c(?:a|b)*d", r"\d+[A-Z]{2}"],
)
def test_a_pattern_that_takes_quadratic_time_is_noticed(pattern: str) -> None:
    search = re.compile(pattern).search
    found = [find_growth(search, text, 16_000, 0.03) for text in recipes(pattern, 0)]
    assert any(found)


def test_what_takes_proportional_time_passes() -> None:
    assert (
        find_growth(lambda text: sorted(text * 200), Recipe("", "ab", ""), 16_000, 0.03)
        is None
    )
