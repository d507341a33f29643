"""Tasks about a week: observe it, list it, resolve its entries, publish it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from prefect import task

from rindoku import lists, papers, publish
from rindoku.archive.resolutions import DueEntry
from rindoku.errors import Failure
from rindoku.models import Candidate
from rindoku.papers import Look
from rindoku.run import Run
from rindoku.tasks.policy import LOCAL, NETWORK


@task(name="observe", tags=["network"], **NETWORK)
def observe_week(run: Run, week: str, source: str, as_of: datetime) -> list[str]:
    """Asks a source for the week; returns the ids of the saved responses."""
    return lists.observe_week(run, week, source, as_of)


@task(name="list", **LOCAL)
def list_week(run: Run, week: str, payload_ids: list[str], as_of: datetime) -> str:
    """Parses the week's entries from saved responses; returns the sighting's id."""
    return lists.list_week(run, week, payload_ids, as_of).sighting_id


@task(name="complete", **LOCAL)
def complete_week(
    run: Run, sighting_id: str, week: str, payload_ids: list[str], as_of: datetime
) -> int:
    """Adds missing links from the twin, and records differences.

    Returns the number of entries that got links.
    """
    twin = lists.list_week(run, week, payload_ids, as_of)
    return lists.complete_from(run, lists.get_saved_sighting(run, sighting_id), twin)


@task(name="look up", task_run_name="look up {entry_id}", tags=["network"], **NETWORK)
def look_up_entry(run: Run, entry_id: str) -> Candidate:
    """Opens the links of an entry, unless one is to arXiv."""
    return papers.look_up_entry(run, entry_id)


@task(name="look up", task_run_name="look up {entry_id}", tags=["network"], **NETWORK)
def look_up_entry_again(run: Run, entry_id: str) -> Candidate:
    """Opens the links of an entry again, with conditional requests to the sites."""
    return papers.look_up_entry(run, entry_id, again=True)


@task(name="resolve", tags=["network"], **NETWORK)
def resolve_entries(
    run: Run,
    sighting_id: str,
    candidates: Sequence[Candidate],
    as_of: datetime,
    failed: Mapping[str, str],
) -> list[Failure]:
    """Resolves a week with one request to arXiv; returns what failed for one entry."""
    return papers.resolve_entries(run, sighting_id, candidates, as_of, failed)


@task(name="resolve", tags=["network"], **NETWORK)
def rebind_entries(
    run: Run,
    due: Sequence[DueEntry],
    candidates: Sequence[Candidate],
    as_of: datetime,
    failed: Mapping[str, str],
) -> list[Look]:
    """Resolves due entries again, with one request to arXiv."""
    return papers.rebind_entries(run, due, candidates, as_of, failed)


@task(name="publish", **LOCAL)
def publish_week(run: Run, week: str) -> list[str]:
    """Writes the article in every form, and publishes the archive.

    Returns the paths of the files.
    """
    return publish.publish_week(run, week)
