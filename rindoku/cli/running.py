"""Running the weekly flow in this process, with a progress bar, and reporting what came of it."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from rindoku.cli.output import console, print_report
from rindoku.cli.plain import print_json
from rindoku.languages import get_language
from rindoku.models import Outcome
from rindoku.settings import load_settings

_STAGES = ("observe", "look up", "read", "explain", "verify", "save")
# Quiet (errors are told by us), offline, patient with its own server. What the user has set, stays.
_PREFECT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_ROOT_LEVEL": "CRITICAL",
}


@dataclass(frozen=True)
class How:
    """How a run spends: its ceiling in US dollars, in batches or not, with a second reader or without."""

    max_usd: float | None = None
    batch: bool = False
    second_reader: bool = False


def run_week(
    week: str, source: str, as_of: datetime, how: How, *, as_json: bool = False
) -> int:
    """Runs the flow for a week, prints the report and returns the exit code."""
    result = run_flow(week, source, as_of, how)
    outcome = Outcome(result["outcome"])
    report_week(week, result["message"], as_json=as_json)
    return outcome.exit_code


def run_flow(week: str, source: str, as_of: datetime, how: How) -> dict[str, Any]:
    """Runs the weekly flow and returns its result."""

    def call() -> dict[str, Any]:
        from flows.weekly import weekly

        result: dict[str, Any] = weekly(
            week=week, source=source, as_of=as_of, **asdict(how)
        )
        return result

    return _in_prefect(call)


def run_rebind(
    week: str | None, as_of: datetime, max_usd: float | None, *, every: bool
) -> dict[str, Any]:
    """Runs the rebind flow and returns its result."""

    def call() -> dict[str, Any]:
        from flows.rebind import rebind

        result: dict[str, Any] = rebind(
            week=week, as_of=as_of, every=every, max_usd=max_usd
        )
        return result

    return _in_prefect(call)


def _in_prefect(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Calls a flow with a progress bar. Uses Prefect's server if one is set, else one of its own."""
    for name, value in _PREFECT.items():
        os.environ.setdefault(name, value)
    # Before Prefect's long start: a folder that can't be used should say so at once.
    from rindoku.archive import Archive

    settings = load_settings()
    get_language(settings.language)
    with Archive(settings.home_path).write():
        pass
    with _progress() as listener:
        from tasks.progress import listen

        stop = listen(listener)
        try:
            return call()
        finally:
            stop()


def report_week(week: str, message: str, *, as_json: bool) -> None:
    """Prints what the archive has of a week."""
    from rindoku.archive import Archive
    from rindoku.publish.report import week_report

    settings = load_settings()
    with Archive(settings.home_path).read() as con:
        report = week_report(con, week, settings.language)
    if as_json:
        print_json(report.as_json() | {"message": message})
        return
    print_report(report, settings)
    if message:
        console().print(message, style="yellow", markup=False)


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar over all stages on standard error; plain silence when that is no terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<22}"),
        BarColumn(),
        TextColumn("{task.fields[count]:>7}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with progress:
        bar = progress.add_task("starting Prefect", total=len(_STAGES), count="")

        def listener(stage: str, done: int, total: int) -> None:
            part = done / total if total else 1.0
            progress.update(
                bar,
                description=stage,
                completed=_STAGES.index(stage) + part,
                count=f"{done}/{total}",
            )

        yield listener
