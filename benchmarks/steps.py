"""The first steps of a week as plain calls, for the benchmarks."""

from datetime import datetime

from flows import pipeline
from rindoku.papers import papers_to_read
from rindoku.publish import open_run
from rindoku.run import Run
from tasks import paper_tasks
from tasks.executor import PlainExecutor


def read_week(run: Run, week: str, source: str, as_of: datetime) -> tuple[str, int]:
    """Observes, resolves and reads a week.

    Returns the id of the sighting, and how many papers had no text at all.
    """
    executor, failures = PlainExecutor(), list[str]()
    open_run(run, "benchmark", week, as_of, source)
    sighting_id = pipeline.observe(run, week, source, as_of, executor, failures)
    pipeline.resolve(run, sighting_id, as_of, executor, failures)
    pending = papers_to_read(run, sighting_id)
    read = executor.map(
        paper_tasks.read_paper,
        {paper.paper_id: (run, paper.paper_id, paper.version) for paper in pending},
    )
    return sighting_id, len(read.failures)
