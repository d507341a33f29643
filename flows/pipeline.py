"""The steps of a week in their order, for flows, tests and benchmarks alike.

    observe    what the source shows of the week, kept raw; the twin completes X
    look up    what each entry's links lead to
    resolve    entry -> paper, with one request to arXiv
    read       paper -> document
    explain    document -> answers, one paid call a paper
    repair     answers that failed verification, one paid call at most
    save       verified answers, with their evidence
    publish    the article, and the archive's copy for readers

Each step asks the archive what is missing and does only that. A paper that fails does
not stop the others: its reason is added to `failures`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rindoku import explain, lists, papers, publish
from rindoku.errors import (
    Failure,
    NothingPublishedYet,
    RindokuError,
    Transient,
    failure_of,
)
from rindoku.llm import Bought
from rindoku.models import Outcome
from rindoku.run import Run
from rindoku.tasks import paper_tasks, week_tasks
from rindoku.tasks.executor import ENDS_RUN, Executor


def work_week(
    run: Run,
    week: str,
    source: str,
    as_of: datetime,
    executor: Executor,
    *,
    batch: bool = False,
) -> tuple[Outcome, list[Failure]]:
    """All steps of a week; returns its outcome, and what failed.

    Raises NothingPublishedYet, and the error of a step that concerns all papers.
    """
    failures: list[Failure] = []
    sighting_id = observe(
        run, week, source, as_of, executor=executor, failures=failures
    )
    resolve(run, sighting_id, as_of, executor, failures)
    finish_papers(run, sighting_id, executor, failures, batch=batch)
    executor.call(week_tasks.publish_week, run, week)
    return publish.outcome_of(run, week), failures


def observe(
    run: Run,
    week: str,
    source: str,
    as_of: datetime,
    executor: Executor,
    failures: list[Failure],
) -> str:
    """Lists the week and returns the sighting's id.

    With the source `auto`, the twin is read if X fails.
    """
    chosen = lists.choose_source(source, run.settings, run.digest)
    try:
        sighting_id = _list(run, week, chosen, as_of, executor)
    except (NothingPublishedYet, *ENDS_RUN):
        raise
    except Exception as error:
        if chosen != "x" or source != "auto" or run.digest.twin is None:
            raise
        failed = failure_of("observe", week, error)
        message = f"X failed, so the twin was read: {failed.message}"
        failures.append(replace(failed, message=message))
        return _list_instead_of_x(run, week, as_of, executor, failed)
    if chosen == "x" and run.digest.twin is not None:
        _complete(run, week, sighting_id, as_of, executor=executor, failures=failures)
    return sighting_id


def _list_instead_of_x(
    run: Run, week: str, as_of: datetime, executor: Executor, failed: Failure
) -> str:
    """Lists the week from the twin; its errors name the failure of X as well."""
    try:
        return _list(run, week, "twin", as_of, executor)
    except RindokuError as error:
        because = f"X failed before: {failed.message}"
        remedy = " ".join(filter(None, (failed.remedy, error.remedy)))
        raise type(error)(f"{error.message} {because}", remedy) from None


def _list(run: Run, week: str, source: str, as_of: datetime, executor: Executor) -> str:
    payload_ids = executor.call(
        week_tasks.observe_week, run, week=week, source=source, as_of=as_of
    )
    return executor.call(week_tasks.list_week, run, week, payload_ids, as_of)


def _complete(
    run: Run,
    week: str,
    sighting_id: str,
    as_of: datetime,
    executor: Executor,
    failures: list[Failure],
) -> None:
    """Adds the twin's links to entries without one, and records differences."""
    try:
        payload_ids = executor.call(
            week_tasks.observe_week, run, week=week, source="twin", as_of=as_of
        )
        executor.call(
            week_tasks.complete_week, run, sighting_id, week, payload_ids, as_of=as_of
        )
    except ENDS_RUN:
        raise
    except Exception as error:  # noqa: BLE001 - X's list is there already
        # The twin may lag behind X, which matters only where links are missing.
        sighting = lists.get_saved_sighting(run, sighting_id)
        if lists.entries_without_links(sighting):
            failures.append(failure_of("complete", week, error))


def resolve(
    run: Run,
    sighting_id: str,
    as_of: datetime,
    executor: Executor,
    failures: list[Failure],
) -> None:
    """Opens links where that is necessary, then binds all entries to their papers."""
    entries = papers.entries_to_look_up(run, sighting_id)
    looked_up = executor.map(week_tasks.look_up_entry, _calls(run, entries))
    failures += looked_up.failures
    unresolved = executor.call(
        week_tasks.resolve_entries,
        run,
        sighting_id,
        looked_up.values,
        as_of,
        failed=looked_up.reasons,
    )
    failures += unresolved


def read(
    run: Run, sighting_id: str, executor: Executor, failures: list[Failure]
) -> None:
    """Reads the papers of a sighting that were not read as well as they may be.

    When a better text failed for a reason that may pass, it is tried a last time, and
    the abstract or the page is taken for now; then the failure stays, and later runs
    read again.
    """
    pending = papers.papers_to_read(run, sighting_id)
    calls = {p.paper_id: (run, p.paper_id, p.version) for p in pending}
    results = executor.map(paper_tasks.read_paper, calls)
    passing = {
        key: calls[key] for key, e in results.errors.items() if isinstance(e, Transient)
    }
    executor.map(paper_tasks.read_lesser_text, passing)
    if results.errors:
        left = {paper.paper_id for paper in papers.papers_to_read(run, sighting_id)}
        failures += [f for f in results.failures if f.subject in left]


def finish_papers(
    run: Run,
    sighting_id: str,
    executor: Executor,
    failures: list[Failure],
    *,
    batch: bool = False,
) -> None:
    """Reads, explains, repairs and saves what is pending of a sighting's papers."""
    read(run, sighting_id, executor, failures)
    documents = explain.documents_to_explain(run, sighting_id)
    if batch:
        generations = _explain_in_batches(run, documents, executor, failures)
    else:
        generations = _explain(run, documents, executor, failures)
    saved = executor.map(paper_tasks.save_explanation, _calls(run, generations))
    failures += saved.failures


def _calls(run: Run, ids: Iterable[str]) -> dict[str, tuple[Run, str]]:
    """The arguments of tasks that take a run and an id."""
    return {key: (run, key) for key in ids}


def _explain(
    run: Run, documents: list[str], executor: Executor, failures: list[Failure]
) -> list[str]:
    """Ids of the generations to save, bought with single calls."""
    explained = executor.map(paper_tasks.explain_document, _calls(run, documents))
    repaired = executor.map(
        paper_tasks.repair_explanation, _calls(run, explained.values)
    )
    failures += [*explained.failures, *repaired.failures]
    return repaired.values


def _explain_in_batches(
    run: Run, documents: list[str], executor: Executor, failures: list[Failure]
) -> list[str]:
    """Ids of the generations to save, bought in batches."""
    explained = executor.call(paper_tasks.explain_in_batches, run, documents)
    repaired = executor.call(
        paper_tasks.repair_in_batches, run, explained.generation_ids
    )
    failures += _of_batch("explain", explained) + _of_batch("repair", repaired)
    return repaired.generation_ids


def _of_batch(step: str, bought: Bought) -> list[Failure]:
    return [Failure(step, name, "", why) for name, why in bought.failures.items()]
