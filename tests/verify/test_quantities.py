"""Numbers are read as values, whatever their language and form."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.verify.quantities import (
    Number,
    count_numbers,
    find_numbers,
    find_own_counts,
    find_support,
    find_units,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("38.4 billion", {"38400000000"}),
        ("384億", {"38400000000"}),
        ("2兆トークン", {"2000000000000"}),
        ("1兆2500億", {"1250000000000"}),
        ("4億1000万", {"410000000"}),
        ("410 million", {"410000000"}),
        ("1.25T tokens", {"1250000000000"}),
        ("30,000 GPU hours", {"30000"}),
        ("１２.２９％", {"12.29%"}),
        ("31 percent", {"31%"}),
        ("10^5", {"100000"}),
        ("10^{-3}", {"0.001"}),
        ("four heads and twenty tests", {"4", "20"}),
        ("GPT-4, Llama2-7B, pass@1, H100, 2D", set()),
        ("one third of it, 2/3, 3分の1", {"0.333333", "0.666667"}),
        ("3e-4 and 2.5 x 10^{3}", {"0.0003", "2500"}),
        ("20-30%", {"20%", "30%"}),
        ("20%から30%", {"20%", "30%"}),
        ("三つの段階、5種類", {"3", "5"}),
        ("doubled, a dozen", {"2", "12"}),
        ("10x to 50x", {"10", "50"}),
        ("2K to 50K", {"2000", "50000"}),
        ("1つのモデル", set()),
        ("21個", {"21"}),
    ],
)
def test_numbers_are_values(text: str, numbers: set[str]) -> None:
    assert {str(number) for number in find_numbers(text)} == numbers


@given(st.integers(2, 10**9), st.sampled_from(["{:d}", "{:,}"]))
def test_grouped_digits_are_the_same_number(value: int, form: str) -> None:
    number = Number(Decimal(value).normalize())
    assert find_numbers(f"値は{form.format(value)}です") == {number}


def test_numbers_are_counted() -> None:
    assert count_numbers("5 of 5 tests, 7 runs") == {Number(Decimal(5)): 2, (7, ""): 1}


@pytest.mark.parametrize(
    ("quoted", "supported"),
    [
        ("needs less than 1/4 of the cost", {"0.25", "1", "4"}),
        ("33,511 / 1,000 / 1,000 pairs", {"33511", "1000"}),
        ("8,000分の1", {"0.000125", "8000", "1"}),
        ("reduces memory by 8x", {"8", "0.125"}),
        ("the fourth-order terms, once an hour", {"4", "1"}),
        ("As of October, both", {"10", "2"}),
        ("recall@20 on the 3rd try", {"20", "3"}),
    ],
)
def test_quotes_support_more_numbers_than_they_write(
    quoted: str, supported: set[str]
) -> None:
    assert {str(number) for number in find_support(quoted)} == supported


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("30,000 H100 GPU hours", {30000: {"hour"}}),
        ("3万7000トークン", {37000: {"token"}}),
        ("two weeks", {2: {"week"}}),
        ("8分の1", {}),
        ("2 million parameters", {2000000: {"parameter"}}),
        ("GPT-4 models", {}),
    ],
)
def test_numbers_carry_units(text: str, units: dict[int, set[str]]) -> None:
    assert find_units(text) == units


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("メモリ、費用、時間の3つ", {"3"}),
        ("メモリと費用の2点", {"2"}),
        ("メモリ、費用、時間の5つ", set()),
        ("の3つ", set()),
    ],
)
def test_a_japanese_text_may_count_what_it_lists(text: str, counts: set[str]) -> None:
    assert {str(number) for number in find_own_counts(text)} == counts


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("4億1000万トークン", {"410000000": {"token"}}),
        ("3万人", {"30000": {"person"}}),
        ("30,000 H100 GPU hours", {"30000": {"hour"}}),
        ("5 thousand - tokens", {"5000": {"token"}}),
    ],
)
def test_numbers_have_their_units(text: str, units: dict[str, set[str]]) -> None:
    found = {f"{value:f}": names for value, names in find_units(text).items()}
    assert found == units


@pytest.mark.parametrize(
    "text",
    [
        "1e999999999",
        "10^99999",
        "9" * 40 + "/3",
        "9" * 5_000 + "/7",
        "1/" + "3" * 5_000,
    ],
)
def test_a_number_of_any_size_is_no_error(text: str) -> None:
    for number in find_support(text):
        assert len(str(number)) < 60
