"""A schedule: which work, faults and kills, all of it drawn from one seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from rindoku.sample.faults import Fault
from tests.kill_points import Kind

Where = Literal["run", "courier"]
Takes = Literal["run", "courier", "all"]
Start = Literal["nothing", "read"]
# SWE-agent has a page, Mixture-of-Depths arXiv's HTML and a repair, Eurus a PDF only.
# Most weeks have one paper: its moments are the same, and cost a third.
_PAPERS = ("Mixture-of-Depths", "SWE-Agent", "Advancing LLM Reasoning")
WORKS = ("week", "week", "week", "two weeks", "batch", "batch")

# The last boundary to draw, by process and kind, for one paper: about as many as there
# are, and for each further paper. Kinds are drawn first, as most boundaries are of the
# database and most harm is done elsewhere.
_MOST_POINTS: dict[tuple[Where, Start, Kind], tuple[int, int]] = {
    ("run", "nothing", "database"): (1700, 700),
    ("run", "nothing", "file"): (30, 12),
    ("run", "nothing", "request"): (8, 6),
    ("run", "read", "database"): (1300, 400),
    ("run", "read", "file"): (30, 12),
    ("run", "read", "request"): (4, 0),
    ("courier", "nothing", "file"): (14, 8),
    ("courier", "nothing", "request"): (4, 4),
    ("courier", "read", "file"): (14, 8),
    ("courier", "read", "request"): (4, 4),
}
# A week in batches polls and waits, for which it uses the database more often.
_IN_BATCHES = 2
# What fails at services, by a part of the address.
_SERVER = ("503-html", "500-html", "429", "429-no-reset", "dropped", "200-html")
_UPSTREAMS: dict[str, Sequence[str]] = {
    "/2/": (*_SERVER, "truncated-json", "500-list", "403"),
    "/years/": (*_SERVER, "200-empty"),
    "/api/query": (*_SERVER, "200-empty"),
    "arxiv.org/html": (*_SERVER, "403", "404"),
    "arxiv.org/pdf": (*_SERVER, "403", "404"),
    "swe-agent": (*_SERVER, "403", "404"),
}
_MODEL = (
    *("529", "500-html", "503-html", "429", "200-html", "dropped"),
    *("response-lost", "response-lost", "truncated-json", "truncated-json"),
    *("refusal", "max-tokens", "not-json", "402", "400-spend-limit", "slow"),
)
_SINGLE_CALLS, _BATCHES = "/v1/messages", "/v1/messages/batches"
_OF_BATCHES = (
    *("529", "503-html", "429", "200-html", "dropped", "response-lost"),
    *("truncated-json", "batch-errored", "batch-expired", "batch-canceled"),
    *("refusal", "max-tokens", "not-json", "404"),
)
# Faults that leave something that no later run can heal on its own.
LASTING = {"refusal", "max-tokens", "404", "403"}
_CEILINGS = (None, None, None, 0.05, 0.25, 0.5, 0.9, 1.5)


@dataclass(frozen=True)
class Kill:
    """At the nth boundary of a kind in one process, `takes` are killed.

    A courier that `lingers` answers only when the next run is under way.
    """

    where: Where
    kind: Kind
    point: int
    takes: Takes
    lingers: bool


@dataclass
class PlannedFault:
    """A fault that comes after `skip` requests that would have met it."""

    fault: Fault
    skip: int


@dataclass(frozen=True)
class Attempt:
    """One run, with what happens to it."""

    kill: Kill | None = None
    faults: list[PlannedFault] = field(default_factory=list)
    batch: bool = False
    max_usd: float | None = None
    is_patient: bool = True


@dataclass(frozen=True)
class Schedule:
    """What happens, in order; the last attempt is the undisturbed run."""

    seed: int
    work: str
    start: Start
    papers: tuple[str, ...]
    source: str
    second_reader: bool
    patience: int
    attempts: list[Attempt]

    @property
    def weeks(self) -> int:
        return 2 if self.work == "two weeks" else 1

    @property
    def has_lasting_faults(self) -> bool:
        kinds = {p.fault.kind for a in self.attempts for p in a.faults}
        return bool(kinds & LASTING)

    def __str__(self) -> str:
        papers = len(self.papers)
        lines = [
            f"seed {self.seed}: {self.work} of {papers} from {self.start}",
            f"  by {self.source}",
        ]
        attempts = [f"  {number}. {a}" for number, a in enumerate(self.attempts, 1)]
        return "\n".join(lines + attempts)


def draw(seed: int) -> Schedule:
    """The schedule of a seed."""
    chance = random.Random(seed)
    work = chance.choice(WORKS)
    start: Start = "nothing"
    if work != "two weeks" and chance.random() < 0.75:
        start = "read"
    in_batches = work == "batch"
    papers = _PAPERS[: chance.choice((1, 1, 1, 1, 2, 3))]
    kills = chance.choice((1, 1, 2, 2, 3))
    attempts = [_draw_attempt(chance, start, len(papers), in_batches=in_batches)]
    # After the first attempt less is left to do.
    left: tuple[Start, ...] = (start, "read")
    attempts += [
        _draw_attempt(chance, chance.choice(left), len(papers), in_batches=in_batches)
        for _ in range(kills - 1)
    ]
    attempts.append(Attempt(batch=in_batches))
    return Schedule(
        seed=seed,
        work=work,
        start=start,
        papers=papers,
        source=chance.choice(("x", "x", "x", "auto", "twin")),
        second_reader=in_batches or chance.random() < 0.2,
        patience=chance.choice((0, 0, 1, 3)),
        attempts=attempts,
    )


def _draw_attempt(
    chance: random.Random, start: Start, papers: int, *, in_batches: bool
) -> Attempt:
    # A reply to a single call may be awaited when the week goes on in batches.
    batch = in_batches and chance.random() < 0.85
    return Attempt(
        kill=_draw_kill(chance, start, papers, batch=batch),
        faults=[
            _draw_fault(chance, batch=batch)
            for _ in range(chance.choice((0, 0, 1, 1, 2, 3)))
        ],
        batch=batch,
        max_usd=chance.choice(_CEILINGS),
        is_patient=chance.random() < 0.7,
    )


def _draw_kill(
    chance: random.Random, start: Start, papers: int, *, batch: bool
) -> Kill:
    where: Where = chance.choice(("run", "run", "courier"))
    kinds: tuple[Kind, ...] = ("database", "file", "request")
    kind = chance.choice(kinds if where == "run" else kinds[1:])
    one, further = _MOST_POINTS[where, start, kind]
    most = (one + (papers - 1) * further) * (_IN_BATCHES if batch else 1)
    return Kill(
        where=where,
        kind=kind,
        point=chance.randint(1, most),
        takes=chance.choice(("run", "run", "all", "courier")),
        lingers=chance.random() < 0.3,
    )


def _draw_fault(chance: random.Random, *, batch: bool) -> PlannedFault:
    if chance.random() < 0.55:
        path = _BATCHES if batch else _SINGLE_CALLS
        kinds: Sequence[str] = _OF_BATCHES if batch else _MODEL
    else:
        path = chance.choice(list(_UPSTREAMS))
        kinds = _UPSTREAMS[path]
    fault = Fault(
        chance.choice(kinds),  # type: ignore[arg-type]
        path,
        times=chance.choice((1, 1, 1, 2, 9)),
        seconds=chance.choice((0, 0.2)),
    )
    return PlannedFault(fault, skip=chance.choice((0, 0, 1, 2, 4)))
