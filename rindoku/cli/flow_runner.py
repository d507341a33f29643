"""Runs flows in this process, with a progress bar."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from rindoku.cli.interrupt import ending_soon
from rindoku.cli.json_output import print_json
from rindoku.cli.options import load_digest
from rindoku.cli.own_server import is_ready, own_server
from rindoku.errors import SourceUnavailable
from rindoku.settings import load_settings

if TYPE_CHECKING:
    from rindoku.flows.rebind import RebindResult
    from rindoku.flows.weekly import WeeklyResult

Result = TypeVar("Result")

# The tasks of a week in their order; see flows/pipeline.py.
STAGES = (
    "observe",
    "list",
    "complete",
    "look up",
    "resolve",
    "read",
    "explain",
    "repair",
    "save",
    "publish",
)
# Prefect's environment, where the user has not set it: no telemetry, no logs, as we
# report errors ourselves, and time for a slow machine to start the server.
_PREFECT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_ROOT_LEVEL": "CRITICAL",
}


@dataclass(frozen=True)
class Spending:
    """A run's ceiling in US dollars, and how it asks the model."""

    max_usd: float | None = None
    batch: bool = False
    second_reader: bool = False
    again: bool = False


def run_weekly(
    week: str, source: str, as_of: datetime, spending: Spending
) -> "WeeklyResult":
    """Runs the weekly flow and returns its result."""
    from rindoku.lists import choose_source

    def call() -> "WeeklyResult":
        from rindoku.flows.weekly import weekly

        result: WeeklyResult = weekly(
            week=week,
            source=source,
            as_of=as_of,
            digest=load_settings().digest,
            **asdict(spending),
        )
        return result

    # Before Prefect starts, which takes longer than finding a mistake in the settings.
    choose_source(source, load_settings(), load_digest())
    return _in_prefect(call)


def run_rebind(
    week: str | None, as_of: datetime, max_usd: float | None, *, every: bool
) -> "RebindResult":
    """Runs the rebind flow and returns its result."""

    def call() -> "RebindResult":
        from rindoku.flows.rebind import rebind

        return rebind(
            week=week,
            as_of=as_of,
            every=every,
            max_usd=max_usd,
            digest=load_settings().digest,
        )

    return _in_prefect(call)


def report_run(week: str, message: str, *, as_json: bool) -> None:
    """Prints what the archive has of a week after a run, and the run's message."""
    from rindoku.archive import open_archive
    from rindoku.publish import report_week

    settings = load_settings()
    with open_archive(settings).read() as con:
        report = report_week(con, week, settings.language)
    if as_json:
        print_json(report.as_json() | {"message": message})
        return
    from rindoku.cli.output import console
    from rindoku.cli.show import print_report

    print_report(report, settings)
    if message:
        console().print(message, style="yellow", markup=False)


def _in_prefect(call: Callable[[], Result]) -> Result:
    """Calls a flow with a progress bar.

    Without PREFECT_API_URL, a server is started for the call, which ends with it.
    """
    for name, value in _PREFECT.items():
        os.environ.setdefault(name, value)
    with ending_soon(), _checked_home(), _progress_bar() as listener:
        from prefect.settings import get_current_settings, temporary_settings

        from rindoku.tasks.progress import listen

        url = get_current_settings().api.url
        with ExitStack() as stack:
            if url is None:
                url = stack.enter_context(own_server())
                stack.enter_context(temporary_settings({"api.url": url}))
            elif not is_ready(url):
                raise SourceUnavailable(
                    f"Prefect's API at {url} does not respond.",
                    "Start it with `prefect server start`, or unset PREFECT_API_URL: "
                    "then rindoku starts a server of its own.",
                )
            stack.callback(listen(listener))
            return call()


@contextmanager
def _checked_home() -> Iterator[None]:
    """Reports an unusable folder before Prefect starts and anything is paid."""
    from rindoku.run import Run

    archive = Run("check").archive
    archive.check_publishable()
    with archive.write():
        pass
    yield


@contextmanager
def _progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar over all stages on standard error; silent when that is not a terminal."""
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
        bar = progress.add_task("starting Prefect", total=len(STAGES), count="")

        def listener(stage: str, done: int, total: int) -> None:
            share = done / total if total else 1.0
            progress.update(
                bar,
                description=stage,
                completed=STAGES.index(stage) + share,
                count=f"{done}/{total}",
            )

        yield listener
