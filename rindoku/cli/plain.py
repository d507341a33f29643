"""What programs see: JSON."""

import json
import sys
from datetime import date, datetime
from typing import Any


def print_json(value: Any) -> None:
    """JSON on standard output, dates in ISO form."""
    sys.stdout.write(
        json.dumps(value, ensure_ascii=False, indent=2, default=plain) + "\n"
    )


def plain(value: Any) -> Any:
    """A value that JSON does not know, as one that it does."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        return f"<{len(value)} bytes>"
    return str(value)
