"""JSON that strangers wrote: deeply nested, with numbers of any length, or none."""

import json
from typing import Any


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text, with a replacement for each half of a character.

    Halves can be written as escapes, and cannot be stored. Raises ValueError for what
    is no JSON, whatever is wrong with it.
    """
    try:
        return _with_whole_characters(json.loads(text))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _with_whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_with_whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {
            _with_whole_characters(name): _with_whole_characters(item)
            for name, item in value.items()
        }
    return value
