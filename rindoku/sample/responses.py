"""The stand-in's HTTP responses, and errors in the form of each service."""

import json
from dataclasses import dataclass
from typing import Any

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class HttpResponse:
    """Status, type, bytes and further headers."""

    status: int
    content_type: str
    body: bytes
    headers: Headers = ()


def html_response(page: str) -> HttpResponse:
    """A page that was found."""
    return HttpResponse(200, HTML, page.encode())


def not_found() -> HttpResponse:
    """A page that was not found."""
    return HttpResponse(
        404, HTML, b"<!doctype html><html><body>Not found</body></html>"
    )


def json_response(status: int, value: Any, *headers: tuple[str, str]) -> HttpResponse:
    """A response in JSON."""
    return HttpResponse(
        status, JSON, json.dumps(value, ensure_ascii=False).encode(), headers
    )


def rate_limit(remaining: int, reset: float) -> Headers:
    """X's headers: the requests that remain, and the window's end in epoch seconds."""
    return (
        ("x-rate-limit-limit", "300"),
        ("x-rate-limit-remaining", str(remaining)),
        ("x-rate-limit-reset", str(int(reset))),
    )


def model_error(kind: str, message: str, error_code: str = "") -> dict[str, Any]:
    """An error in the form of Anthropic's API."""
    error: dict[str, Any] = {"type": kind, "message": message}
    if error_code:
        error["details"] = {"error_code": error_code}
    return {"type": "error", "error": error}


def problem(kind: str, title: str, detail: str = "") -> dict[str, Any]:
    """An error in the form of X's API."""
    return {
        "title": title,
        "type": f"https://api.x.com/2/problems/{kind}",
        "detail": detail or title,
    }
