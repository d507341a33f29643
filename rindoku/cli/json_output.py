"""JSON for `--json`."""

import json
import sys
from datetime import date, datetime
from typing import Any


def print_json(value: Any) -> None:
    """JSON on standard output, dates in ISO form."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=as_plain)
    sys.stdout.write(text + "\n")


def as_plain(value: Any) -> Any:
    """A value that JSON has no form for, as one that it has."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        return f"<{len(value)} bytes>"
    return str(value)
