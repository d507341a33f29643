"""The first steps of the weekly flow as plain calls, for the benchmarks."""

from datetime import datetime

from rindoku.errors import RindokuError
from rindoku.lists import observe
from rindoku.papers import read
from rindoku.papers import resolve as resolving
from rindoku.publish import issue as publish
from rindoku.run import Run


def read_week(run: Run, week: str, source: str, as_of: datetime) -> tuple[str, int]:
    """Observes, resolves and reads a week; id of the sighting, and how many papers had no text at all."""
    publish.open_run(run, "benchmark", week, as_of, source)
    sighting = observe.list_week(
        run, week, observe.observe_week(run, week, source, as_of), as_of
    ).sighting_id
    candidates = [
        resolving.look_up_entry(run, e)
        for e in resolving.entries_to_look_up(run, sighting)
    ]
    resolving.resolve_entries(run, sighting, candidates, as_of)
    unread = 0
    for paper_id, version in publish.papers_to_read(run, sighting):
        try:
            read.read_paper(run, paper_id, version)
        except RindokuError:
            unread += 1
    return sighting, unread
