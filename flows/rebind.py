"""Late binding: looks up again entries for which only a web page was found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypedDict

from prefect import flow, get_run_logger, runtime
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from rindoku import papers, publish
from rindoku.archive.papers import ImprovableWeek
from rindoku.archive.resolutions import DueEntry
from rindoku.errors import RindokuError
from rindoku.flows.pipeline import finish_papers
from rindoku.flows.run_end import recorded_end
from rindoku.llm import sweep_inbox
from rindoku.models import Outcome
from rindoku.papers import Look
from rindoku.run import Run
from rindoku.tasks import week_tasks
from rindoku.tasks.executor import ENDS_RUN, Executor, PrefectExecutor

AT_ONCE = 6
_POOL: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=AT_ONCE)


class RebindResult(TypedDict):
    """What the flow returns; `message` is empty when nothing failed."""

    run_id: str
    looks: list[dict[str, Any]]
    message: str


@flow(name="rebind", task_runner=_POOL, persist_result=False)
def rebind(
    week: str | None = None,
    as_of: datetime | None = None,
    every: bool = False,  # noqa: FBT001 - a flow's parameters are given by name
    max_usd: float | None = None,
    digest: str = "",
) -> RebindResult:
    """Look up again, rebind, read and explain what changed, publish with an erratum.

    Entries bound to pages, repositories and works without versions are due 7 and 30
    days after they were first resolved; with `every` all of them are looked up, with
    `week` only those of one week. A later resolution supersedes the one before, and
    nothing is deleted. A paper is explained again only when its text has changed.
    `max_usd` is the ceiling of all weeks together; `digest` as in the flow `weekly`.
    """
    as_of = (as_of or datetime.now(UTC)).astimezone(UTC)
    run = Run(str(runtime.flow_run.id), max_usd, digest_name=digest)
    week_id = run.parse_week(week, as_of) if week else None
    sweep_inbox(run)
    due = papers.due_entries(run, as_of, week_id, every=every)
    improvable = papers.improvable_weeks(run, week_id)
    looks, messages = rebind_weeks(run, due, as_of, PrefectExecutor(), improvable)
    message = "\n".join(messages)
    changed = sum(look.changed for look in looks)
    get_run_logger().info(
        "%d entries looked up again, %d changed. %s", len(looks), changed, message
    )
    return {
        "run_id": run.run_id,
        "looks": [look.as_json() for look in looks],
        "message": message,
    }


def rebind_weeks(
    run: Run,
    due: list[DueEntry],
    as_of: datetime,
    executor: Executor,
    improvable: Sequence[ImprovableWeek] = (),
) -> tuple[list[Look], list[str]]:
    """Rebinds the due entries, and reads improvable papers again.

    Returns what was found, and a message for each week in which something failed. A
    week that fails does not stop the others.
    """
    sightings = {entry.week: entry.sighting_id for entry in due}
    sightings |= {week.week: week.sighting_id for week in improvable}
    looks: list[Look] = []
    messages: list[str] = []
    for week, sighting_id in sorted(sightings.items()):
        # A run for each week, so that costs are recorded by week.
        week_run = replace(
            run, run_id=f"{run.run_id}/{week}", max_usd=papers.remaining_usd(run)
        )
        entries = [entry for entry in due if entry.week == week]
        try:
            found, message = _rebind_week(
                week_run, week, sighting_id, entries, as_of, executor=executor
            )
        except ENDS_RUN:
            raise
        except RindokuError as error:
            messages.append(f"{week}: {error}")
        else:
            looks += found
            messages += [f"{week}: {message}"] if message else []
    return looks, messages


def _rebind_week(
    run: Run,
    week: str,
    sighting_id: str,
    due: list[DueEntry],
    as_of: datetime,
    *,
    executor: Executor,
) -> tuple[list[Look], str]:
    """The steps for one week: what was found, and what failed, in sentences."""
    publish.open_run(run, "rebind", week, as_of, "rebind")
    with recorded_end(run, week):
        calls = {entry.entry_id: (run, entry.entry_id) for entry in due}
        looked_up = executor.map(week_tasks.look_up_entry_again, calls)
        failures = looked_up.failures
        looks = executor.call(
            week_tasks.rebind_entries,
            run,
            due,
            looked_up.values,
            as_of,
            failed=looked_up.reasons,
        )
        has_changed = any(look.changed for look in looks)
        if has_changed or papers.papers_to_read(run, sighting_id):
            finish_papers(run, sighting_id, executor, failures)
            executor.call(week_tasks.publish_week, run, week)
        message = publish.record_failures(run, week, failures)
    outcome = Outcome.PARTIAL if failures else Outcome.COMPLETE
    publish.close_run(run, outcome, message)
    return looks, message
