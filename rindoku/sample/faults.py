"""Faults to order from the stand-in, each as the real services have been seen to fail."""

import threading
import time
from dataclasses import dataclass
from typing import Any, Literal, get_args

from rindoku.sample.answers import (
    HTML,
    Answer,
    json_answer,
    model_error,
    problem,
    rate_limit,
)

Kind = Literal[
    "429",
    "429-no-reset",
    "429-usage-cap",
    "429-spend-limit",
    "404",
    "400-old-names",
    "401",
    "402",
    "403",
    "500-html",
    "503-html",
    "529",
    "200-html",
    "200-empty",
    "truncated-json",
    "refusal",
    "max-tokens",
    "not-json",
    "slow",
    "dropped",
    "answer-lost",
    "batch-errored",
    "batch-invalid",
    "batch-expired",
    "batch-canceled",
]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass
class Fault:
    """The next `times` requests whose `host/path` contains `path` fail; `seconds` is a wait or a retry-after."""

    kind: Kind
    path: str
    times: int = 1
    seconds: float = 1.0


class Faults:
    """The faults on order. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Adds a fault. Raises ValueError for a kind there is none of."""
        if fault.kind not in KINDS:
            raise ValueError(
                f"no such fault: {fault.kind!r}; there are {', '.join(KINDS)}"
            )
        with self._lock:
            self._ordered.append(fault)

    def clear(self) -> None:
        """Takes all orders back."""
        with self._lock:
            self._ordered.clear()

    def next_for(self, target: str) -> Fault | None:
        """The fault this request gets, used up by it."""
        with self._lock:
            for fault in self._ordered:
                if fault.times > 0 and fault.path in target:
                    fault.times -= 1
                    return fault
        return None


# Status and body by kind, as X and as Anthropic word it; None where the service has no such failure.
_BODIES: dict[str, tuple[int, dict[str, Any] | None, dict[str, Any] | None]] = {
    "429": (
        429,
        problem("too-many-requests", "Too Many Requests"),
        model_error("rate_limit_error", "Slow down."),
    ),
    "429-no-reset": (
        429,
        problem("too-many-requests", "Too Many Requests"),
        model_error("rate_limit_error", "Slow down."),
    ),
    "429-usage-cap": (
        429,
        problem("usage-capped", "Usage cap exceeded: monthly product cap"),
        None,
    ),
    "429-spend-limit": (
        429,
        None,
        model_error(
            "rate_limit_error", "You have reached your specified API spend limit."
        ),
    ),
    "400-old-names": (
        400,
        problem(
            "invalid-request",
            "The query parameter [tweet.fields] is not one of [post.fields]",
        ),
        None,
    ),
    "401": (
        401,
        problem("unauthorized", "Unauthorized"),
        model_error("authentication_error", "invalid x-api-key"),
    ),
    "402": (
        402,
        problem("credits-depleted", "CreditsDepleted"),
        model_error("billing_error", "No credit is left."),
    ),
    "403": (
        403,
        problem("client-not-enrolled", "Client Forbidden"),
        model_error("permission_error", "Forbidden."),
    ),
    "404": (
        404,
        problem("not-found", "Not Found"),
        model_error("not_found_error", "No such thing."),
    ),
    "529": (529, None, model_error("overloaded_error", "Overloaded")),
    "200-empty": (200, {}, {}),
}
_PAGES = {"500-html": 500, "503-html": 503, "200-html": 200}
_PAGE = b"<!doctype html><html><head><title>Service error</title></head><body>Over capacity.</body></html>"


def failure(fault: Fault, *, x: bool) -> Answer | None:
    """The answer a fault gives in place of the real one, worded as X or as the others; None when it lets that through."""
    if fault.kind in _PAGES:
        return Answer(_PAGES[fault.kind], HTML, _PAGE)
    if fault.kind not in _BODIES:
        return None
    status, as_x, as_model = _BODIES[fault.kind]
    body = (as_x or as_model if x else as_model or as_x) or {}
    if fault.kind != "429":
        return json_answer(status, body)
    when = (
        rate_limit(0, time.time() + fault.seconds)
        if x
        else (("retry-after", str(int(fault.seconds))),)
    )
    return json_answer(status, body, *when)
