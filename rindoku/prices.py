"""What a call costs, by a dated price file. An unknown model's cost is unknown, not zero."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from rindoku.errors import BadInput
from rindoku.models import Usage

_SHIPPED = Path(__file__).with_name("prices.toml")
# What an explanation has been seen to need; only for estimates before a call.
EXPECTED_OUTPUT_TOKENS = 5_000
CHARACTERS_PER_TOKEN = 3.0


def cost_usd(model: str, usage: Usage, home: Path | None = None) -> float | None:
    """US dollars for one call, None when the price file does not know the model."""
    prices = _prices(home)
    price = prices["models"].get(model)
    if price is None:
        return None
    prompt = usage.input + usage.cache_write + usage.cache_read
    factor = price.get("long_factor", 1) if prompt > price.get("long_input_from", prompt) else 1
    dollars = (
        usage.input * price["input"]
        + usage.cache_write * price["input"] * prices["cache"]["write"]
        + usage.cache_read * price["cache_read"]
        + usage.output * price["output"]
    )
    return float(factor * dollars / 1e6)


def estimate_usd(model: str, characters: int, home: Path | None = None) -> float | None:
    """What a call with a prompt of so many characters may cost, before it is made."""
    tokens = round(characters / CHARACTERS_PER_TOKEN)
    return cost_usd(model, Usage(0, tokens, 0, EXPECTED_OUTPUT_TOKENS), home)


def x_cost_usd(posts: int, users: int, home: Path | None = None) -> float:
    """US dollars for posts and users that X returned."""
    price = _prices(home)["x"]
    return float(posts * price["post"] + users * price["user"])


def _prices(home: Path | None) -> dict[str, Any]:
    own = home / "prices.toml" if home else None
    path = own if own and own.is_file() else _SHIPPED
    return _load(path)


@cache
def _load(path: Path) -> dict[str, Any]:
    try:
        prices = tomllib.loads(path.read_text(encoding="utf-8"))
        return {"models": prices["models"], "cache": prices["cache"], "x": prices["x"]}
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise BadInput(f"The price file {path} can't be read: {error}.", f"Compare it with {_SHIPPED}.") from None
