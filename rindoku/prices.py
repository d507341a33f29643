"""The cost of calls, by a dated price file.

The file is prices.toml in the home folder, else the one that comes with rindoku. The
prices of a model are rows, each with the day from which it holds. The cost of a model
that the file does not list is unknown, not zero.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from rindoku.errors import BadInput
from rindoku.models import Usage

_SHIPPED = Path(__file__).with_name("prices.toml")
# Only for estimates before a call, when no service has counted the tokens.
CHARACTERS_PER_TOKEN = 3.0
_PER_MILLION = 1e6
# For price files that are older than batches and lack the factor.
_BATCH_FACTOR = 0.5


@dataclass(frozen=True)
class _ModelPrices:
    """US dollars per million tokens of a model.

    A call with more than `long_input_from` input tokens costs `long_factor` times as
    much.
    """

    input: float
    cache_read: float
    output: float
    long_input_from: float = float("inf")
    long_factor: float = 1


@dataclass(frozen=True)
class _PriceFile:
    """A price file; models are parsed when they are used."""

    path: Path
    models: Mapping[str, Any]
    cache_write_factor: float
    batch_factor: float
    x_post: float
    x_user: float

    def find_model(self, model: str, on: date) -> _ModelPrices | None:
        """The prices of a model on a day, None if the file does not list them."""
        table = self.models.get(model, [])
        # Files that are older than dated rows have one table for each model.
        rows = [table] if isinstance(table, Mapping) else table
        try:
            dated = [(row.get("from", date.min), row) for row in rows]
            held = [(day, row) for day, row in dated if day <= on]
            if not held:
                return None
            _, newest = max(held, key=lambda pair: pair[0])
            return _ModelPrices(**{k: v for k, v in newest.items() if k != "from"})
        except (TypeError, AttributeError) as error:
            raise _unreadable(self.path, f"model {model}: {error}") from None


def cost_usd(
    model: str,
    usage: Usage,
    home: Path | None = None,
    *,
    batch: bool = False,
    on: date | None = None,
) -> float | None:
    """US dollars for one call, None when the price file does not list the model.

    By the prices of the day `on`, which is today when None. Raises BadInput when the
    price file can't be read.
    """
    prices = _load_prices(home)
    price = prices.find_model(model, on or datetime.now(UTC).date())
    if price is None:
        return None
    dollars = (
        usage.input * price.input
        + usage.cache_write * price.input * prices.cache_write_factor
        + usage.cache_read * price.cache_read
        + usage.output * price.output
    )
    factor: float = 1
    if usage.input + usage.cache_write + usage.cache_read > price.long_input_from:
        factor *= price.long_factor
    if batch:
        factor *= prices.batch_factor
    return float(factor * dollars / _PER_MILLION)


def estimate_tokens(characters: int) -> int:
    """Estimated tokens of a prompt with this many characters."""
    return round(characters / CHARACTERS_PER_TOKEN)


def estimate_usd(
    model: str,
    tokens: int,
    output_tokens: int,
    home: Path | None = None,
    *,
    cached: bool = False,
    batch: bool = False,
) -> float | None:
    """What a call may cost in US dollars, None when the model's price is unknown.

    A `cached` call writes all of its prompt to the cache.
    """
    if cached:
        usage = Usage(0, tokens, 0, output_tokens)
    else:
        usage = Usage(tokens, 0, 0, output_tokens)
    return cost_usd(model, usage, home, batch=batch)


def x_cost_usd(posts: int, users: int, home: Path | None = None) -> float:
    """US dollars for posts and users that X returned."""
    prices = _load_prices(home)
    return float(posts * prices.x_post + users * prices.x_user)


def _load_prices(home: Path | None) -> _PriceFile:
    if home is not None and (home / "prices.toml").is_file():
        return _parse_file(home / "prices.toml")
    return _parse_file(_SHIPPED)


@cache
def _parse_file(path: Path) -> _PriceFile:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return _PriceFile(
            path=path,
            models=tables["models"],
            cache_write_factor=tables["cache"]["write"],
            batch_factor=tables.get("batch", {}).get("factor", _BATCH_FACTOR),
            x_post=tables["x"]["post"],
            x_user=tables["x"]["user"],
        )
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise _unreadable(path, str(error)) from None


def _unreadable(path: Path, reason: str) -> BadInput:
    return BadInput(
        f"The price file {path} can't be read: {reason}.",
        f"Compare it with {_SHIPPED}.",
    )
