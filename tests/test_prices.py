"""Costs follow the dated price file."""

from datetime import date
from pathlib import Path

import pytest

from rindoku.errors import BadInput
from rindoku.models import Usage
from rindoku.prices import cost_usd, estimate_tokens, estimate_usd, x_cost_usd

MILLION = 1_000_000
PRICES = """
[x]
post = 0.5
user = 2
[cache]
write = 1.25
[models.small]
input = 2.0
cache_read = 0.2
output = 10.0
long_input_from = 1000
long_factor = 5
[[models.changed]]
from = 2026-10-07
input = 1.0
cache_read = 0.1
output = 10.0
[[models.changed]]
from = 2026-01-01
input = 2.0
cache_read = 0.2
output = 10.0
[[models.undated]]
from = "soon"
input = 2.0
cache_read = 0.2
output = 10.0
[models.broken]
input = 1.0
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "prices.toml").write_text(PRICES)
    return tmp_path


@pytest.mark.parametrize(
    ("usage", "dollars"),
    [
        (Usage(input=1000, cache_write=0, cache_read=0, output=0), 0.002),
        (Usage(input=0, cache_write=1000, cache_read=0, output=0), 0.0025),
        (Usage(input=0, cache_write=0, cache_read=1000, output=0), 0.0002),
        (Usage(input=0, cache_write=0, cache_read=0, output=1000), 0.01),
        (Usage(input=500, cache_write=500, cache_read=1, output=0), 0.011251),
    ],
)
def test_tokens_are_billed_by_kind(home: Path, usage: Usage, dollars: float) -> None:
    assert cost_usd("small", usage, home) == pytest.approx(dollars)
    assert cost_usd("small", usage, home, batch=True) == pytest.approx(dollars / 2)


def test_an_unknown_model_has_no_price(home: Path) -> None:
    assert cost_usd("large", Usage(1, 0, 0, 0), home) is None


def test_an_estimate_counts_a_cached_prompt_as_written(home: Path) -> None:
    assert estimate_usd("small", 100, 10, home) == pytest.approx(0.0003)
    assert estimate_usd("small", 100, 10, home, cached=True) == pytest.approx(0.00035)
    assert estimate_tokens(300) == 100


def test_posts_and_users_of_x_have_a_price(home: Path) -> None:
    assert x_cost_usd(3, 1, home) == pytest.approx(3.5)


@pytest.mark.parametrize("text", ["[x", "[x]\npost = 1"])
def test_the_error_names_an_unreadable_price_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "prices.toml").write_text(text)
    with pytest.raises(BadInput, match=r"prices\.toml can't be read"):
        x_cost_usd(1, 1, tmp_path)


def test_the_error_names_an_incomplete_model(home: Path) -> None:
    with pytest.raises(BadInput, match="model broken"):
        cost_usd("broken", Usage(1, 0, 0, 0), home)


def test_the_prices_that_are_shipped_can_be_read() -> None:
    assert cost_usd("claude-sonnet-5-5", Usage(MILLION, 0, 0, 0)) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("on", "dollars"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), 2.0),
        (date(2026, 10, 6), 2.0),
        (date(2026, 10, 7), 1.0),
        (None, 1.0),
    ],
)
def test_a_price_holds_from_its_day(
    home: Path, on: date | None, dollars: float | None
) -> None:
    usage = Usage(MILLION, 0, 0, 0)
    assert cost_usd("changed", usage, home, on=on) == pytest.approx(dollars)


def test_the_error_names_a_row_whose_day_is_no_date(home: Path) -> None:
    with pytest.raises(BadInput, match="model undated"):
        cost_usd("undated", Usage(1, 0, 0, 0), home)


def test_reading_the_cache_of_sonnet_costs_half_since_october() -> None:
    read = Usage(0, 0, MILLION, 0)
    before, after = date(2026, 10, 6), date(2026, 10, 7)
    assert cost_usd("claude-sonnet-5-5", read, on=before) == pytest.approx(0.20)
    assert cost_usd("claude-sonnet-5-5", read, on=after) == pytest.approx(0.10)
