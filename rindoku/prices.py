"""What a call costs, by a dated price file. An unknown model's cost is unknown, not zero."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from rindoku.errors import BadInput
from rindoku.models import Usage

_SHIPPED = Path(__file__).with_name("prices.toml")
# Only for estimates before a call, when nobody has counted.
CHARACTERS_PER_TOKEN = 3.0


def cost_usd(
    model: str, usage: Usage, home: Path | None = None, *, batch: bool = False
) -> float | None:
    """US dollars for one call, None when the price file does not know the model."""
    prices = _prices(home)
    price = prices["models"].get(model)
    if price is None:
        return None
    prompt = usage.input + usage.cache_write + usage.cache_read
    factor = (
        price.get("long_factor", 1)
        if prompt > price.get("long_input_from", prompt)
        else 1
    )
    if batch:
        factor *= prices["batch"]
    dollars = (
        usage.input * price["input"]
        + usage.cache_write * price["input"] * prices["cache"]["write"]
        + usage.cache_read * price["cache_read"]
        + usage.output * price["output"]
    )
    return float(factor * dollars / 1e6)


def estimate_tokens(characters: int) -> int:
    """Tokens that so many characters of a prompt may be."""
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
    """What a call may cost, before it is made."""
    usage = (
        Usage(0, tokens, 0, output_tokens)
        if cached
        else Usage(tokens, 0, 0, output_tokens)
    )
    return cost_usd(model, usage, home, batch=batch)


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
        # A price file of an older version knows no batches.
        batch = prices.get("batch", {}).get("factor", 0.5)
        return {
            "models": prices["models"],
            "cache": prices["cache"],
            "x": prices["x"],
            "batch": batch,
        }
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise BadInput(
            f"The price file {path} can't be read: {error}.",
            f"Compare it with {_SHIPPED}.",
        ) from None
