"""Runs a schedule against the stand-in, and checks after each kill and at the end."""

import atexit
import fcntl
import json
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from rindoku.models import Usage
from rindoku.prices import cost_usd
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK, SampleWeek, StandIn
from rindoku.sample.faults import Fault, Faults
from tests.conftest import environment_of
from tests.kill_points import KILLED, die_at
from tests.sample.entries import later_week, short_week
from tests.simulator.check import Billed, Seen, check, find_keys
from tests.simulator.journal import Event, arguments_key, read
from tests.simulator.schedule import Attempt, PlannedFault, Schedule, draw
from tests.simulator.work import Plan, work
from tests.steps import read_week

SECOND_WEEK = "2024-W15"
# Entries of the sample that the second week lists.
_SECOND_RANKS = (3, 5, 7)
_keys = cache(find_keys)


@dataclass
class Ended:
    """What became of a schedule, for the summary."""

    schedule: Schedule
    kills: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    error: str = ""


class PlannedFaults(Faults):
    """Faults that come after some requests went well."""

    def __init__(self) -> None:
        super().__init__()
        self._planned: list[PlannedFault] = []
        self.met: Counter[str] = Counter()

    def plan(self, planned: Sequence[PlannedFault]) -> None:
        """Replaces those that were not met yet."""
        self._planned = [replace(p, fault=replace(p.fault)) for p in planned]

    def next_for(self, target: str) -> Fault | None:
        """The fault for a request, if one is due; uses it up once."""
        with self._lock:
            for planned in self._planned:
                fault = planned.fault
                meets = fault.path in target and not (
                    # Single calls have no further path, batches and counts do.
                    fault.path == "/v1/messages" and not target.endswith(fault.path)
                )
                if not meets or fault.times <= 0:
                    continue
                if planned.skip:
                    planned.skip -= 1
                    continue
                fault.times -= 1
                self.met[f"{fault.kind} {fault.path}"] += 1
                return fault
        return None


class Simulation:
    """One schedule in a folder of its own."""

    def __init__(self, schedule: Schedule, folder: Path) -> None:
        self.ended = Ended(schedule)
        self._schedule = schedule
        self._home = folder / "home"
        self._journal = folder / "journal"
        self._billed: list[Billed] = []
        self._seen = Seen()
        first = short_week(self._home, schedule.papers)
        weeks = [_second_week(len(schedule.papers))] if schedule.weeks == 2 else []
        self._weeks = [SAMPLE_WEEK, SECOND_WEEK][: schedule.weeks]
        self._as_of = AS_OF + timedelta(days=7 * len(weeks))
        self._standin = StandIn(weeks, now=self._as_of, first_week=first)
        self._faults = PlannedFaults()
        self._standin.faults = self._faults
        self._standin.batches.patience = schedule.patience
        self._standin.model.edit_message = self._note_billed
        if schedule.start == "read":
            shutil.rmtree(self._home)
            shutil.copytree(read_home(schedule.papers), self._home)

    def run(self) -> None:
        """Every attempt, a check after each, and a rerun that pays for nothing."""
        with self._standin:
            for number, attempt in enumerate(self._schedule.attempts):
                self._attempt(number, attempt)
                check(
                    self._home,
                    self._events(),
                    self._billed,
                    self._seen,
                    is_last=attempt.kill is None,
                )
            self._check_last()
        self.ended.faults = self._faults.met
        self.ended.calls = len(self._billed)

    def _events(self) -> list[Event]:
        return read(self._journal)

    def _attempt(self, number: int, attempt: Attempt) -> None:
        kill = attempt.kill
        self._faults.plan(attempt.faults)
        plan = Plan(
            run_id=f"run-{number}",
            environment=environment_of(self._standin, self._home),
            journal=str(self._journal),
            weeks=self._weeks,
            source=self._schedule.source,
            as_of=self._as_of.isoformat(),
            batch=attempt.batch,
            second_reader=self._schedule.second_reader,
            max_usd=attempt.max_usd,
            is_patient=attempt.is_patient,
            keys=_keys(),
        )
        before = len(self._events())
        point = kind = None
        if kill is not None:
            plan = replace(plan, takes=kill.takes, lingers=kill.lingers)
            if kill.where == "run":
                point, kind = kill.point, kill.kind
            else:
                plan = replace(plan, courier_point=kill.point, courier_kind=kill.kind)
        code = die_at(point, work, json.dumps(asdict(plan)), kind=kind)
        assert code in {0, KILLED}, f"attempt {number} ended with {code}"
        killed = [e for e in self._events()[before:] if e["event"] == "killed"]
        self.ended.kills += [
            f"{e['where']}, {e['place']} ({e['takes']})" for e in killed
        ]
        assert kill is not None or code == 0, "the last run was killed"
        if kill is None or not kill.lingers:
            self._settle()

    def _settle(self) -> None:
        """Waits for couriers that outlived their runs."""
        with Path(f"{self._journal}.courier").open("w") as is_under_way:
            fcntl.flock(is_under_way, fcntl.LOCK_EX)

    def _check_last(self) -> None:
        """The last run is complete, or says why not; after it nothing is paid for."""
        ends = self._ends()
        for end in ends:
            is_complete = end["outcome"] == "complete"
            may_lack = self._schedule.has_lasting_faults and end["message"]
            assert is_complete or (end["outcome"] == "partial" and may_lack), end
        billed, reads = len(self._billed), self._x_requests()
        self._attempt(len(self._schedule.attempts), self._schedule.attempts[-1])
        assert len(self._billed) == billed, "the run after the last one paid for calls"
        again = self._ends()
        assert [e["outcome"] for e in again] == [e["outcome"] for e in ends], again
        if all(end["outcome"] == "complete" for end in ends):
            assert self._x_requests() == reads, "the run after a complete one read X"

    def _ends(self) -> list[Event]:
        ends = [e for e in self._events() if e["event"] == "ended"]
        return ends[-len(self._weeks) :]

    def _x_requests(self) -> int:
        return sum("/2/" in asked.target for asked in self._standin.log)

    def _note_billed(
        self, message: dict[str, Any], request: dict[str, Any]
    ) -> dict[str, Any]:
        used = message["usage"]
        usage = Usage(
            input=used["input_tokens"],
            cache_write=used["cache_creation_input_tokens"],
            cache_read=used["cache_read_input_tokens"],
            output=used["output_tokens"],
        )
        # At half the price, as it may be in a batch: the least that is billed.
        usd = cost_usd(request["model"], usage, batch=True) or 0.0
        self._billed.append(Billed(arguments_key(request), usd))
        return message


def _second_week(papers: int) -> SampleWeek:
    week = later_week(SECOND_WEEK, _SECOND_RANKS[:papers])
    entries = [replace(entry, rank=n) for n, entry in enumerate(week.entries, 1)]
    return replace(week, entries=tuple(entries))


@cache
def read_home(papers: tuple[str, ...]) -> Path:
    """The home of a week that was read and not explained yet."""
    folder = Path(tempfile.mkdtemp(prefix="rindoku-read-"))
    atexit.register(shutil.rmtree, folder)
    home = folder / "home"
    with StandIn(first_week=short_week(home, papers)) as standin:
        environment = environment_of(standin, home)
        with mock.patch.dict("os.environ", environment):
            read_week(Run("read"))
    return home


def simulate(seed: int) -> Ended:
    """Runs the schedule of a seed; what is wrong is in the result."""
    folder = Path(tempfile.mkdtemp(prefix=f"rindoku-{seed}-"))
    simulation = Simulation(draw(seed), folder)
    try:
        simulation.run()
    except Exception:  # noqa: BLE001 - whatever it is, it is the schedule's failure
        simulation.ended.error = traceback.format_exc()
    shutil.rmtree(folder)
    return simulation.ended
