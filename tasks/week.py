"""Tasks about a week as a whole: observe it, list it, resolve its entries, publish it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from prefect import task

from rindoku.lists import observe
from rindoku.models import Candidate
from rindoku.papers import rebind as rebinding
from rindoku.papers import resolve as resolving
from rindoku.papers.rebind import Bound, Look
from rindoku.publish import issue as publish
from rindoku.run import Run
from tasks.policy import LOCAL, NETWORK


@task(name="observe", tags=["network"], **NETWORK)
def observe_week(run: Run, week: str, source: str, as_of: datetime) -> list[str]:
    """Asks X or the twin for the week; ids of the saved answers."""
    return observe.observe_week(run, week, source, as_of)


@task(name="list", **LOCAL)
def list_week(run: Run, week: str, payload_ids: list[str], as_of: datetime) -> str:
    """Reads the week's entries out of saved answers; id of the sighting."""
    return observe.list_week(run, week, payload_ids, as_of).sighting_id


@task(name="complete", **LOCAL)
def complete_week(
    run: Run, sighting_id: str, week: str, payload_ids: list[str], as_of: datetime
) -> int:
    """Takes missing links from the twin's answers, and notes where the two differ; entries completed."""
    twin = observe.list_week(run, week, payload_ids, as_of)
    return observe.complete_from(run, observe.find_sighting(run, sighting_id), twin)


@task(name="look up", task_run_name="look up {entry_id}", tags=["network"], **NETWORK)
def look_up_entry(run: Run, entry_id: str, *, again: bool = False) -> Candidate:
    """Opens what an entry links when that is not arXiv itself; `again` asks the sites whether it has changed."""
    return resolving.look_up_entry(run, entry_id, again=again)


@task(name="resolve", tags=["network"], **NETWORK)
def resolve_entries(
    run: Run,
    sighting_id: str,
    candidates: Sequence[Candidate],
    as_of: datetime,
    failed: Mapping[str, str],
) -> int:
    """One request to arXiv for the whole week; the number of entries resolved."""
    return resolving.resolve_entries(run, sighting_id, candidates, as_of, failed)


@task(name="rebind", tags=["network"], **NETWORK)
def rebind_entries(
    run: Run,
    due: Sequence[Bound],
    candidates: Sequence[Candidate],
    as_of: datetime,
    failed: Mapping[str, str],
) -> list[Look]:
    """Binds due entries to what they are now; what came of each."""
    return rebinding.rebind_entries(run, due, candidates, as_of, failed)


@task(name="render", **LOCAL)
def render_week(run: Run, week: str) -> list[str]:
    """Publishes the archive's copy and the article in every form; paths of the files."""
    return publish.publish_week(run, week)
