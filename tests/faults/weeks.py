"""Weeks as the flow works them, with its retries and without its waits."""

import importlib
import itertools
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ParamSpec, TypeVar
from unittest import mock

import duckdb
import pytest
from prefect.tasks import Task

from rindoku.errors import RindokuError
from rindoku.models import Outcome
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK, StandIn
from rindoku.sample.content import SampleWeek
from rindoku.tasks.executor import PlainExecutor, Results
from tests.conftest import build_once, environment_of, set_environment
from tests.sample.entries import later_week, short_week
from tests.steps import read_week, work_week

P = ParamSpec("P")
R = TypeVar("R")
_connect = duckdb.connect
EARLIER_WEEK = "2024-W15"
# Papers that an earlier week has read and explained, by service: those that a fault of
# the service does not concern cost nothing more.
_SWE_AGENT, _MIXTURE, _EURUS = "SWE-Agent", "Mixture-of-Depths", "Advancing LLM"
_DONE_EARLIER = {
    "html": (_SWE_AGENT,),
    "pdf": (_SWE_AGENT, _MIXTURE),
    "page": (_MIXTURE, _EURUS),
    "model": (),
    "batches": (),
}
_ALL = (_SWE_AGENT, _MIXTURE, _EURUS)


class RetryingExecutor(PlainExecutor):
    """Executes tasks as plain calls with the retries that Prefect would make."""

    def call(self, task: Task[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return _with_retries(task, *args, **kwargs)

    def map(self, task: Task[..., R], calls: Any) -> Results[R]:
        results: Results[R] = Results(task.name)
        for key, args in calls.items():
            try:
                result: R | BaseException = _with_retries(task, *args)
            except Exception as error:  # noqa: BLE001 - add() tells what it concerns
                result = error
            results.add(key, result)
        return results


def _with_retries(task: Task[..., R], *args: Any, **kwargs: Any) -> R:
    for attempt in itertools.count(1):
        try:
            return task.fn(*args, **kwargs)
        except Exception as error:
            failed = SimpleNamespace(result=lambda raised=error, **_: raised)
            run: Any = SimpleNamespace(run_count=attempt)
            retry = task.retry_condition_fn
            is_tried_again = retry is not None and retry(task, run, failed)  # type: ignore[arg-type]
            if attempt > (task.retries or 0) or not is_tried_again:
                raise
    raise AssertionError("unreachable")


@dataclass(frozen=True)
class Worked:
    """How a run ended, and what it told."""

    run_id: str
    outcome: Outcome
    message: str


def work(
    run_id: str,
    source: str = "x",
    *,
    batch: bool = False,
    max_usd: float | None = None,
) -> Worked:
    """The flow `weekly` without Prefect's engine and without waiting."""
    flow = importlib.import_module("rindoku.flows.weekly")
    no_wait: Any = SimpleNamespace(sleep=lambda _seconds: None)
    with (
        mock.patch.object(flow, "PrefectExecutor", RetryingExecutor),
        mock.patch.object(flow, "get_run_logger", mock.MagicMock()),
        mock.patch.object(
            flow, "runtime", SimpleNamespace(flow_run=SimpleNamespace(id=run_id))
        ),
        mock.patch("rindoku.tasks.policy.time", no_wait),
        mock.patch("rindoku.tasks.progress.time", no_wait),
    ):
        try:
            result = flow.weekly.fn(
                week=SAMPLE_WEEK,
                source=source,
                as_of=AS_OF,
                max_usd=max_usd,
                batch=batch,
            )
        except RindokuError as error:
            return Worked(run_id, Outcome.FAILED, str(error))
    return Worked(run_id, Outcome(result["outcome"]), result["message"])


@contextmanager
def home_and_services(service: str, shared: Path, home: Path) -> Iterator[StandIn]:
    """The stand-in, and a home in which all is done that does not matter."""
    done = _DONE_EARLIER.get(service, _ALL)
    name = "-".join(title.split()[0] for title in done) or "nothing"

    def build(folder: Path) -> None:
        week = short_week(folder)
        if done:
            _work_earlier_week(week, done, folder)
        else:
            _read_only(week, folder)

    built = build_once(shared / f"faults-{name}", build)
    shutil.copytree(built, home)
    week = short_week_of(home)
    with StandIn(first_week=week) as standin, pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", _connect_with_one_thread)
        set_environment(patch, environment_of(standin, home))
        yield standin


def _connect_with_one_thread(
    path: Path | str = ":memory:",
    read_only: bool = False,
    config: Mapping[str, str] | None = None,
) -> duckdb.DuckDBPyConnection:
    """As `duckdb.connect`. Small tables take a third less time with one thread."""
    one_thread: dict[str, Any] = {**(config or {}), "threads": 1}
    return _connect(path, read_only, one_thread)


def short_week_of(home: Path) -> SampleWeek:
    """The short week, without making a home for it."""
    return short_week(home.with_name("unused") / os.urandom(4).hex())


def _work_earlier_week(week: SampleWeek, done: tuple[str, ...], home: Path) -> None:
    earlier = _earlier_week(week, done)
    _expect(home, len(done))
    with StandIn([earlier]) as standin, pytest.MonkeyPatch.context() as patch:
        set_environment(patch, environment_of(standin, home))
        as_of = standin.now
        outcome = work_week(Run("earlier"), "twin", EARLIER_WEEK, as_of)
        assert outcome == Outcome.COMPLETE
    _expect(home, len(week.entries))


def _read_only(week: SampleWeek, home: Path) -> None:
    with (
        StandIn(first_week=week) as standin,
        pytest.MonkeyPatch.context() as patch,
    ):
        set_environment(patch, environment_of(standin, home))
        read_week(Run("earlier"), "twin")


def _earlier_week(week: SampleWeek, done: tuple[str, ...]) -> SampleWeek:
    entries = [entry for entry in week.entries if entry.title.startswith(done)]
    ranked = tuple(replace(entry, rank=n) for n, entry in enumerate(entries, 1))
    return replace(later_week(EARLIER_WEEK, ranks=[]), entries=ranked)


def _expect(home: Path, entries: int) -> None:
    """Changes how many entries the home's digest expects."""
    file = home / "digests.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    changed = [
        f"entries = {entries}" if line.startswith("entries = ") else line
        for line in lines
    ]
    file.write_text("\n".join(changed), encoding="utf-8")
