"""The steps of a week as plain calls, without Prefect."""

from datetime import datetime

from rindoku.errors import Failure
from rindoku.explain import explain_document, repair_explanation, save_explanation
from rindoku.flows import pipeline
from rindoku.models import Outcome
from rindoku.publish import close_run, open_run
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK
from rindoku.tasks.executor import PlainExecutor


def read_week(
    run: Run, source: str = "x", week: str = SAMPLE_WEEK, as_of: datetime = AS_OF
) -> str:
    """Observes, resolves and reads a week; returns the id of its sighting."""
    executor, failures = PlainExecutor(), list[Failure]()
    open_run(run, "test", week, as_of, source)
    sighting_id = pipeline.observe(run, week, source, as_of, executor, failures)
    pipeline.resolve(run, sighting_id, as_of, executor, failures)
    pipeline.read(run, sighting_id, executor, failures)
    assert failures == []
    return sighting_id


def work_week(
    run: Run, source: str = "x", week: str = SAMPLE_WEEK, as_of: datetime = AS_OF
) -> Outcome:
    """Takes a week through all its steps; returns its outcome."""
    open_run(run, "test", week, as_of, source)
    outcome, failures = pipeline.work_week(run, week, source, as_of, PlainExecutor())
    assert failures == []
    close_run(run, outcome, "")
    return outcome


def explain_and_save(run: Run, document_id: str) -> str:
    """Explains a document, repairs what fails and saves it.

    Returns the id of the explanation.
    """
    generation_id = explain_document(run, document_id)
    repair_explanation(run, generation_id)
    save_explanation(run, generation_id)
    return generation_id
