"""The first steps of a week as plain calls, for the benchmarks."""

from datetime import datetime

from rindoku.errors import Failure
from rindoku.flows import pipeline
from rindoku.publish import open_run
from rindoku.run import Run
from rindoku.tasks.executor import PlainExecutor


def read_week(run: Run, week: str, source: str, as_of: datetime) -> tuple[str, int]:
    """Observes, resolves and reads a week.

    Returns the id of the sighting, and how many papers had no text at all.
    """
    executor, failures = PlainExecutor(), list[Failure]()
    open_run(run, "benchmark", week, as_of, source)
    sighting_id = pipeline.observe(run, week, source, as_of, executor, failures)
    pipeline.resolve(run, sighting_id, as_of, executor, failures)
    unread = list[Failure]()
    pipeline.read(run, sighting_id, executor, unread)
    return sighting_id, len(unread)
