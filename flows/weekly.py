"""The main job: one week, from the post to the article."""

from datetime import UTC, datetime
from typing import Any, TypedDict

from prefect import flow, get_run_logger, runtime
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from rindoku import publish
from rindoku.errors import NothingPublishedYet
from rindoku.flows.pipeline import work_week
from rindoku.flows.run_end import recorded_end
from rindoku.llm import sweep_inbox
from rindoku.models import Outcome
from rindoku.run import Run
from rindoku.tasks.executor import PrefectExecutor

AT_ONCE = 6
# A bounded pool: Prefect's own default has no limit.
_POOL: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=AT_ONCE)


class WeeklyResult(TypedDict):
    """What the flow returns; `message` says what failed, or why nothing was done."""

    run_id: str
    week: str
    outcome: str
    message: str


@flow(name="weekly", task_runner=_POOL, persist_result=False)
def weekly(
    week: str | None = None,
    source: str = "auto",
    as_of: datetime | None = None,
    max_usd: float | None = None,
    batch: bool = False,  # noqa: FBT001 - a flow's parameters are given by name
    second_reader: bool = False,  # noqa: FBT001
    digest: str = "",
    again: bool = False,  # noqa: FBT001
) -> WeeklyResult:
    """One week: observe, look up, resolve, read, explain, repair, save, publish.

    `week` is an id, a date in the week, or None for the newest that may be out at
    `as_of` (default now). `source` is x, twin, a file's path, or auto: X when there is
    a token, and the twin if X fails. `max_usd` is the run's ceiling. With `batch` the
    model is called in batches, at half the price and within a day; with `second_reader`
    a cheap model checks answers against their quotes. `digest` is the weekly list, by
    its name in digests.toml; that of the settings if it is empty. With `again`, the
    model is asked anew about papers whose replies were refused or cut off. Each step
    does only what the archive lacks, so running the flow again completes the week.
    """
    as_of = (as_of or datetime.now(UTC)).astimezone(UTC)
    run = Run(
        str(runtime.flow_run.id),
        max_usd,
        second_reader,
        digest_name=digest,
        again=again,
    )
    week_id = run.parse_week(week or "last", as_of)
    outcome, message = Outcome.COMPLETE, "The week is complete; nothing was done."
    sweep_inbox(run)
    if publish.open_run(run, "weekly", week_id, as_of, source) != Outcome.COMPLETE:
        with recorded_end(run, week_id):
            outcome, message = _work(run, week_id, source, as_of, batch=batch)
    publish.close_run(run, outcome, message)
    get_run_logger().info("%s: %s. %s", week_id, outcome, message)
    return {
        "run_id": run.run_id,
        "week": week_id,
        "outcome": str(outcome),
        "message": message,
    }


def _work(
    run: Run, week: str, source: str, as_of: datetime, *, batch: bool
) -> tuple[Outcome, str]:
    """The outcome of a week, and what failed, in sentences."""
    try:
        outcome, failures = work_week(
            run, week, source, as_of, PrefectExecutor(), batch=batch
        )
    except NothingPublishedYet as error:
        return Outcome.NOTHING_YET, str(error)
    return outcome, publish.record_failures(run, week, failures)
