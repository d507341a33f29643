"""What the stand-in answers with."""

import json
from dataclasses import dataclass
from typing import Any

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    """Status, type, bytes and further headers."""

    status: int
    content_type: str
    body: bytes
    headers: Headers = ()


def json_answer(status: int, value: Any, *headers: tuple[str, str]) -> Answer:
    """An answer in JSON."""
    return Answer(status, JSON, json.dumps(value, ensure_ascii=False).encode(), headers)


def rate_limit(remaining: int, reset: float) -> Headers:
    """X's headers: requests left, and when the window ends, in epoch seconds."""
    return (
        ("x-rate-limit-limit", "300"),
        ("x-rate-limit-remaining", str(remaining)),
        ("x-rate-limit-reset", str(int(reset))),
    )


def model_error(kind: str, message: str) -> dict[str, Any]:
    """An error as Anthropic words it."""
    return {"type": "error", "error": {"type": kind, "message": message}}


def problem(kind: str, title: str) -> dict[str, Any]:
    """An error as X words it."""
    return {
        "title": title,
        "type": f"https://api.twitter.com/2/problems/{kind}",
        "detail": title,
    }
