"""The main job: one week, from the post to the article."""

from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, runtime
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.steps import finish_papers
from rindoku import weeks
from rindoku.errors import NothingPublishedYet, RindokuError
from rindoku.lists import observe
from rindoku.models import Outcome
from rindoku.papers import resolve as resolving
from rindoku.publish import issue as publish
from rindoku.run import Run
from tasks import week as week_tasks
from tasks.progress import gather, reasons, tell

AT_ONCE = 6


# A bounded pool: Prefect's own default has no limit.
_POOL: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=AT_ONCE)


@flow(name="weekly", task_runner=_POOL, persist_result=False)
def weekly(
    week: str | None = None,
    source: str = "auto",
    as_of: datetime | None = None,
    max_usd: float | None = None,
    batch: bool = False,  # noqa: FBT001 - a flow's parameters are given by name
    second_reader: bool = False,  # noqa: FBT001
) -> dict[str, str]:
    """Observe -> list -> resolve -> read -> explain -> verify -> save -> render.

    `week` is an id, a date in the week, or None for the newest that may be out at `as_of` (now, when not
    given). `source` is x, twin, a file's path, or auto: X when there is a token, the twin when X fails.
    `max_usd` is the run's ceiling; with `batch` the model is asked in batches, at half the price and within a day; with
    `second_reader` a cheap model reads answers against their quotes as well. Each step does only what the archive
    does not have yet, so that running it again finishes what is missing, and does nothing when nothing is.
    """
    as_of = (as_of or datetime.now(UTC)).astimezone(UTC)
    week_id = weeks.parse_week(week or "last", as_of)
    run = Run(str(runtime.flow_run.id), max_usd, second_reader)
    outcome, message = (
        Outcome.COMPLETE,
        "Everything is there already; nothing was done.",
    )
    if publish.open_run(run, "weekly", week_id, as_of, source) != Outcome.COMPLETE:
        try:
            outcome, message = _work(run, week_id, source, as_of, batch=batch)
        except NothingPublishedYet as nothing:
            outcome, message = Outcome.NOTHING_YET, str(nothing)
        except RindokuError as error:
            publish.close_run(run, Outcome.FAILED, str(error))
            raise
    publish.close_run(run, outcome, message)
    get_run_logger().info("%s: %s. %s", week_id, outcome, message)
    return {
        "run_id": run.run_id,
        "week": week_id,
        "outcome": str(outcome),
        "message": message,
    }


def _work(
    run: Run, week_id: str, source: str, as_of: datetime, *, batch: bool
) -> tuple[Outcome, str]:
    """The steps themselves; what came of the week, and what failed on the way."""
    failures: list[str] = []
    tell("observe", 0, 1)
    sighting = _observe(run, week_id, source, as_of, failures)
    tell("observe", 1, 1)

    linked = resolving.entries_to_look_up(run, sighting)
    looked_up = {e: week_tasks.look_up_entry.submit(run, e) for e in linked}
    candidates = gather("look up", looked_up.values(), failures)
    week_tasks.resolve_entries(run, sighting, candidates, as_of, reasons(looked_up))

    finish_papers(run, sighting, failures, batch=batch)
    week_tasks.render_week(run, week_id)
    return publish.outcome_of(run, week_id), " ".join(failures)


def _observe(
    run: Run, week_id: str, source: str, as_of: datetime, failures: list[str]
) -> str:
    """The sighting of the week; the twin stands in where X fails, and completes what X leaves without links."""
    chosen = observe.choose_source(source, run.settings)
    try:
        sighting = week_tasks.list_week(
            run, week_id, week_tasks.observe_week(run, week_id, chosen, as_of), as_of
        )
    except NothingPublishedYet:
        raise
    except RindokuError as error:
        if (chosen, source) != ("x", "auto"):
            raise
        failures.append(f"X could not be read, the twin was: {error}")
        return week_tasks.list_week(
            run, week_id, week_tasks.observe_week(run, week_id, "twin", as_of), as_of
        )
    if chosen == "x":
        _compare_with_twin(run, week_id, sighting, as_of, failures)
    return sighting


def _compare_with_twin(
    run: Run, week_id: str, sighting: str, as_of: datetime, failures: list[str]
) -> None:
    """Takes what X leaves without a link from the twin, and notes where the two differ; the twin may lag."""
    try:
        twin = week_tasks.observe_week(run, week_id, "twin", as_of)
        week_tasks.complete_week(run, sighting, week_id, twin, as_of)
    except RindokuError as error:
        if observe.lacks_links(observe.find_sighting(run, sighting)):
            failures.append(
                f"Some entries have no link, and the twin can't complete them yet: {error}"
            )
