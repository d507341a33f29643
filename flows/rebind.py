"""Late binding: entries that had only a page are looked at again, and read anew where a paper has come."""

from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, runtime
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.steps import finish_papers
from rindoku import weeks
from rindoku.errors import RindokuError
from rindoku.models import Outcome
from rindoku.papers import rebind as rebinding
from rindoku.publish import issue as publish
from rindoku.run import Run
from tasks import week as week_tasks
from tasks.progress import gather, reasons, tell

AT_ONCE = 6
_POOL: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=AT_ONCE)


@flow(name="rebind", task_runner=_POOL, persist_result=False)
def rebind(
    week: str | None = None,
    as_of: datetime | None = None,
    every: bool = False,  # noqa: FBT001 - a flow's parameters are given by name
    max_usd: float | None = None,
) -> dict[str, Any]:
    """Look again -> bind anew -> read and explain what changed -> render with an errata line.

    Entries bound to pages, repositories and works without versions are due 7 and 30 days after they were first
    resolved; `every` takes all of them, `week` those of one week. Nothing is deleted: a later resolution supersedes.
    A paper is explained again only when its text has changed. `max_usd` is the ceiling of all weeks together.
    """
    as_of = (as_of or datetime.now(UTC)).astimezone(UTC)
    run = Run(str(runtime.flow_run.id), max_usd)
    week_id = weeks.parse_week(week, as_of) if week else None
    due = rebinding.due_entries(run, as_of, week_id, every=every)
    looks, failures = [], []  # type: tuple[list[rebinding.Look], list[str]]
    for one_week in sorted({entry.week for entry in due}):
        # A run of its own for each week: costs are booked on the week they are for.
        part = Run(f"{run.run_id}/{one_week}", rebinding.left_to_spend(run, max_usd))
        looks += _look_again(
            part, one_week, [e for e in due if e.week == one_week], as_of, failures
        )
    get_run_logger().info(
        "%d entries looked at, %d changed. %s",
        len(looks),
        sum(k.changed for k in looks),
        " ".join(failures),
    )
    return {
        "run_id": run.run_id,
        "looks": [look.as_json() for look in looks],
        "message": " ".join(failures),
    }


def _look_again(
    run: Run,
    week: str,
    due: list[rebinding.Bound],
    as_of: datetime,
    failures: list[str],
) -> list[rebinding.Look]:
    """The steps for one week."""
    publish.open_run(run, "rebind", week, as_of, "rebind")
    tell("observe", 1, 1)
    looked_up = {
        e.entry_id: week_tasks.look_up_entry.submit(run, e.entry_id, again=True)
        for e in due
    }
    candidates = gather("look up", looked_up.values(), failures)
    try:
        looks = week_tasks.rebind_entries(
            run, due, candidates, as_of, reasons(looked_up)
        )
        if any(look.changed for look in looks):
            finish_papers(run, due[0].sighting_id, failures)
            week_tasks.render_week(run, week)
    except RindokuError as error:
        publish.close_run(run, Outcome.FAILED, str(error))
        raise
    publish.close_run(
        run, Outcome.PARTIAL if failures else Outcome.COMPLETE, " ".join(failures)
    )
    return looks
