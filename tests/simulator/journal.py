"""What the killed processes noted before they ended, one line of JSON each."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

Event = dict[str, Any]


def note(path: str, event: str, **fields: Any) -> None:
    """Adds an event in one step, so that a kill leaves it whole or not at all."""
    line = json.dumps({"event": event} | fields, default=str, ensure_ascii=False)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


def read(path: Path) -> list[Event]:
    """All events in order."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def arguments_key(arguments: dict[str, Any]) -> str:
    """What tells model calls apart, in the client and in the stand-in."""
    text = json.dumps(arguments, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
