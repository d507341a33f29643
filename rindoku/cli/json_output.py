"""JSON for `--json`."""

import json
import sys
from datetime import date, datetime
from typing import Any


def print_json(value: Any) -> None:
    """Prints a value as JSON on standard output, with dates in ISO form."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=as_plain)
    sys.stdout.write(text + "\n")


def as_plain(value: Any) -> Any:
    """A JSON value in place of one that JSON cannot represent."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        return f"<{len(value)} bytes>"
    return str(value)
