"""Faults to order from the stand-in: failures that the real services have shown."""

import threading
import time
from dataclasses import dataclass
from typing import Any, Literal, get_args

from rindoku.sample.responses import (
    HTML,
    HttpResponse,
    json_response,
    model_error,
    problem,
    rate_limit,
)

Kind = Literal[
    "429",
    "429-no-reset",
    "429-odd-reset",
    "429-usage-cap",
    "429-tier-limit",
    "400-spend-limit",
    "400-enforced-limit",
    "400-contract-limit",
    "403-spend-cap",
    "404",
    "401",
    "402",
    "403",
    "400-list",
    "500-list",
    "500-html",
    "503-html",
    "529",
    "200-html",
    "200-empty",
    "200-binary",
    "truncated-json",
    "cut",
    "torn-gzip",
    "garbage",
    "refusal",
    "max-tokens",
    "not-json",
    "slow",
    "dropped",
    "response-lost",
    "batch-errored",
    "batch-invalid",
    "batch-expired",
    "batch-canceled",
]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass
class Fault:
    """The next `times` requests whose `host/path` contains `path` fail.

    `seconds` is a wait, or a retry-after; the first `after` of those requests pass.
    """

    kind: Kind
    path: str
    times: int = 1
    seconds: float = 1.0
    after: int = 0


class Faults:
    """The ordered faults. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Adds a fault. Raises ValueError for an unknown kind."""
        if fault.kind not in KINDS:
            raise ValueError(
                f"There is no fault {fault.kind!r}; there are {', '.join(KINDS)}."
            )
        with self._lock:
            self._ordered.append(fault)

    def clear(self) -> None:
        """Cancels all ordered faults."""
        with self._lock:
            self._ordered.clear()

    def next_for(self, target: str) -> Fault | None:
        """The fault for a request, if one is ordered; uses it up once."""
        with self._lock:
            for fault in self._ordered:
                if fault.path not in target:
                    continue
                if fault.after > 0:
                    fault.after -= 1
                elif fault.times > 0:
                    fault.times -= 1
                    return fault
        return None


@dataclass(frozen=True)
class _Failure:
    """Status and bodies of a failure; None for a service that does not have it."""

    status: int
    x: dict[str, Any] | None
    model: dict[str, Any] | None

    def body(self, *, x: bool) -> dict[str, Any]:
        """The body in X's form, or in that of the other services."""
        if x:
            return self.x or self.model or {}
        return self.model or self.x or {}


_RATE_LIMITED = _Failure(
    429,
    x=problem("too-many-requests", "Too Many Requests"),
    model=model_error("rate_limit_error", "Slow down."),
)
_FAILURES = {
    "429": _RATE_LIMITED,
    "429-no-reset": _RATE_LIMITED,
    "429-odd-reset": _RATE_LIMITED,
    "429-usage-cap": _Failure(
        429,
        x=problem("usage-capped", "Usage cap exceeded: monthly product cap"),
        model=None,
    ),
    # A limit that the user has set has no code, one of the tier or a contract has.
    "400-spend-limit": _Failure(
        400,
        x=None,
        model=model_error(
            "invalid_request_error",
            "You have reached your specified API usage limits. You will regain access "
            "on 2026-12-01 at 00:00 UTC.",
        ),
    ),
    "400-enforced-limit": _Failure(
        400,
        x=None,
        model=model_error(
            "invalid_request_error",
            "Requests are paused until the next month.",
            error_code="enforced_spend_limit_reached",
        ),
    ),
    "400-contract-limit": _Failure(
        400,
        x=None,
        model=model_error(
            "invalid_request_error",
            "The contract does not allow for more.",
            error_code="contract_spend_limit_reached",
        ),
    ),
    "429-tier-limit": _Failure(
        429,
        x=None,
        model=model_error(
            "rate_limit_error",
            "You have reached your API usage limits.",
            error_code="enforced_spend_limit_reached",
        ),
    ),
    "403-spend-cap": _Failure(
        403,
        x=problem(
            "credits", "SpendCapReached", "The billing cycle's spend cap is reached."
        ),
        model=None,
    ),
    "401": _Failure(
        401,
        x=problem("unauthorized", "Unauthorized"),
        model=model_error("authentication_error", "invalid x-api-key"),
    ),
    "402": _Failure(
        402,
        x=problem("credits-depleted", "CreditsDepleted"),
        model=model_error("billing_error", "No credit is left."),
    ),
    "403": _Failure(
        403,
        x=problem("client-not-enrolled", "Client Forbidden"),
        model=model_error("permission_error", "Forbidden."),
    ),
    "404": _Failure(
        404,
        x=problem("not-found", "Not Found"),
        model=model_error("not_found_error", "No such thing."),
    ),
    "529": _Failure(529, x=None, model=model_error("overloaded_error", "Overloaded")),
    "200-empty": _Failure(200, x=None, model=None),
}
# An error whose body is JSON, and no object.
_LISTS = {"400-list": 400, "500-list": 500}
_PAGES = {"500-html": 500, "503-html": 503, "200-html": 200}
_PAGE = (
    b"<!doctype html><html><head><title>Service error</title></head>"
    b"<body>Over capacity.</body></html>"
)
# No text in any encoding, and no kind of file.
_NOISE = bytes(range(256)) * 8


def failure(fault: Fault, *, x: bool) -> HttpResponse | None:
    """The response that a fault gives instead of the real one, in X's form or another.

    None if the fault does not replace the response.
    """
    if fault.kind in _PAGES:
        return HttpResponse(_PAGES[fault.kind], HTML, _PAGE)
    if fault.kind == "200-binary":
        return HttpResponse(200, "application/octet-stream", _NOISE)
    if fault.kind in _LISTS:
        return json_response(_LISTS[fault.kind], ["unexpected"])
    failed = _FAILURES.get(fault.kind)
    if failed is None:
        return None
    body = failed.body(x=x)
    if fault.kind == "429-odd-reset":
        return json_response(failed.status, body, ("x-rate-limit-reset", "soon"))
    if fault.kind != "429":
        return json_response(failed.status, body)
    if x:
        headers = rate_limit(0, time.time() + fault.seconds)
    else:
        headers = (("retry-after", str(int(fault.seconds))),)
    return json_response(failed.status, body, *headers)
