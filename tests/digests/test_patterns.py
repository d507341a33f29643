"""Patterns that users write are tried before they are used."""

import re
import time

import pytest

from rindoku.digests.patterns import (
    has_digits_alone,
    repeats_without_end,
    takes_too_long,
)
from tests.builders import DAIR_AI


@pytest.mark.parametrize(
    "source",
    [
        r"(a+)+b",
        r"(?:a|aa)+$",
        r"(.*)*x",
        r"(\w+\s?)*:",
        r"(?:five|fiv[e])*$",
        r"^(([a-z])+.)+[A-Z]([a-z])+$",
        r"\s*\s*\s*\s*\s*x",
        r"week ([^(]+)*\(",
        r"\b(?:[\w-]+\s*)+papers\b",
        # From no time to years with one more letter.
        r"(?:a?){40}a{40}b",
    ],
)
def test_a_pattern_that_takes_years_is_noticed_in_seconds(source: str) -> None:
    began = time.monotonic()
    assert takes_too_long(re.compile(source, re.IGNORECASE))
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    "source",
    [
        DAIR_AI.heading.pattern,
        r"\bfive\s+papers\s+to\s+read\b",
        r"(?:weekly|daily)\s+(?:robotics\s+)?papers?[:!]",
        r"今週の論文.{0,40}まとめ",
        r"papers.*week",
    ],
)
def test_a_pattern_that_takes_no_time_passes(source: str) -> None:
    assert not takes_too_long(re.compile(source, re.IGNORECASE))


@pytest.mark.parametrize(
    "ways", [r"\d", r"\d{1,2}", r"[1-9]\d?", "10|[1-9]", "[0-9]{2}", r"\d\d\d"]
)
def test_a_group_of_one_to_three_digits(ways: str) -> None:
    assert has_digits_alone("rank", f"#(?P<rank>{ways})")


@pytest.mark.parametrize(
    "ways",
    [
        *("", r"\d?", r"\d*", r"\d+", r"\d{0,2}", r"\d{1,}", r"\d{4}", r"\d{2}\d{2}"),
        *(".", "[a-z]", "x1", "[0-9-]", "1|", r"\w", r"(?:1)"),
    ],
)
def test_any_other_group_is_not(ways: str) -> None:
    assert not has_digits_alone("rank", f"#(?P<rank>{ways})")


def test_a_group_that_is_optional_or_repeated_is_not() -> None:
    for repeat in ("?", "*", "+", "{2}"):
        assert not has_digits_alone("rank", rf"(?P<rank>\d){repeat}")


def test_a_repeat_without_a_limit_is_found_outside_of_classes() -> None:
    assert all(map(repeats_without_end, (r"a*", r"\s+", r"(?:a){2,}", r"[*]+")))
    assert not any(map(repeats_without_end, (r"\*", r"[*+]", r"a{1,3}", r"[]*]", "a?")))
