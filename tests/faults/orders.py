"""How a cell's fault is ordered: from the stand-in, or where requests leave."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from rindoku.sample import Fault, StandIn
from tests.faults.boundary import KINDS as BELOW_HTTP
from tests.faults.boundary import Broken
from tests.faults.matrix import Cell

ALWAYS = 999
# Where the calls of a service go.
PATHS = {
    "x": "/2/",
    "x-auto": "/2/",
    "twin": "raw.githubusercontent.com/",
    "query": "/api/query",
    "oai": "oaipmh.arxiv.org/",
    "html": "arxiv.org/html/",
    "pdf": "arxiv.org/pdf/",
    "page": "swe-agent.com/",
    "model": "/v1/messages",
    "batches": "/v1/messages/batches",
}
# The calls before a middle one: X's profile, robots.txt, a batch's submission.
BEFORE_THE_MIDDLE = {"model": 2, "batches": 1}
# The stand-in's kinds and seconds, where they differ from the fault's own name.
_ORDERS: dict[str, dict[str, Any]] = {
    "429-short": {"kind": "429", "seconds": 2},
    "429-long": {"kind": "429", "seconds": 600},
    "429-hopeless": {"kind": "429", "seconds": 80_000},
    "429-bare": {"kind": "429-no-reset"},
    "429-odd": {"kind": "429-odd-reset"},
    "500": {"kind": "500-html"},
    "503": {"kind": "503-html"},
    "torn": {"kind": "truncated-json"},
    "late": {"kind": "slow", "seconds": 0.2},
    "stalled": {"kind": "slow", "seconds": 3.5},
    "answer-lost": {"kind": "response-lost"},
}
STALLS_AFTER_S = 2
_SPEND_CAPS = {"x": "403-spend-cap", "x-auto": "403-spend-cap"}


@contextmanager
def ordered(cell: Cell, standin: StandIn) -> Iterator[None]:
    """The services have the fault of a cell, inside."""
    path = PATHS[cell.service]
    times = 1 if cell.place in {"first", "middle"} else ALWAYS
    after = BEFORE_THE_MIDDLE.get(cell.service, 1) if cell.place == "middle" else 0
    with ExitStack() as stack:
        if cell.service == "oai":
            standin.faults.order(Fault("503-html", PATHS["query"], times=ALWAYS))
        if cell.fault in BELOW_HTTP:
            broken = Broken(cell.fault, path, times, after)
            if cell.service == "batches":
                broken.path = PATHS["model"]
            stack.enter_context(broken.installed(standin))
        else:
            standin.faults.order(
                Fault(path=path, times=times, after=after, **_order(cell))
            )
        if cell.fault == "stalled":
            stack.enter_context(_impatience())
        yield
    standin.faults.clear()


def _order(cell: Cell) -> dict[str, Any]:
    if cell.fault == "spend-cap":
        return {"kind": _SPEND_CAPS.get(cell.service, "400-spend-limit")}
    return _ORDERS.get(cell.fault) or {"kind": cell.fault}


@contextmanager
def _impatience() -> Iterator[None]:
    """Time-outs of seconds instead of minutes."""
    limit = mock.patch("rindoku.web.session.TIMEOUT_S", (10.0, STALLS_AFTER_S))
    seconds = {"RINDOKU_FETCH_SECONDS": str(STALLS_AFTER_S)}
    with limit, mock.patch.dict("os.environ", seconds):
        yield
