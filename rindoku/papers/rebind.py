"""Late binding: looks up again entries for which only a web page was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rindoku.archive.papers import ImprovableWeek, find_improvable_weeks
from rindoku.archive.resolutions import (
    DueEntry,
    find_due_entries,
    find_resolution,
    save_link_checks,
    save_look,
)
from rindoku.archive.run_log import spent_usd
from rindoku.archive.sightings import get_entry
from rindoku.errors import NoText
from rindoku.models import Candidate
from rindoku.papers.look_up import unreachable_candidate
from rindoku.papers.read import read_paper
from rindoku.papers.resolve import bind_entries
from rindoku.run import Run


@dataclass(frozen=True)
class Look:
    """The result of looking up an entry again.

    `rebound` is True if it is now another paper, `reread` if only its text has changed.
    """

    entry: DueEntry
    paper_id: str | None
    evidence: str
    rebound: bool
    reread: bool

    @property
    def changed(self) -> bool:
        return self.rebound or self.reread

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        return {
            "week": self.entry.week,
            "rank": self.entry.rank,
            "name": self.entry.name,
            "before": self.entry.paper_id,
            "after": self.paper_id,
            "rebound": self.rebound,
            "reread": self.reread,
            "evidence": self.evidence,
        }


def remaining_usd(run: Run) -> float | None:
    """US dollars that are left of a run's ceiling; None when it has none."""
    if run.max_usd is None:
        return None
    with run.archive.read_latest() as con:
        return max(0.0, run.max_usd - spent_usd(con, run.run_id))


def improvable_weeks(run: Run, week: str | None = None) -> list[ImprovableWeek]:
    """Weeks, or one of them, with papers that a later reading may improve."""
    with run.archive.read_latest() as con:
        return find_improvable_weeks(con, week)


def due_entries(
    run: Run, as_of: datetime, week: str | None = None, *, every: bool = False
) -> list[DueEntry]:
    """Entries without an arXiv paper that are due to be looked up again.

    They are due 7 and 30 days after they were first resolved; with `every`, all of
    them are returned.
    """
    with run.archive.read_latest() as con:
        return find_due_entries(con, as_of, week, every=every)


def rebind_entries(
    run: Run,
    due: Sequence[DueEntry],
    candidates: Sequence[Candidate],
    as_of: datetime,
    failed: Mapping[str, str],
) -> list[Look]:
    """Resolves due entries again; new resolutions supersede old ones, which stay.

    An entry whose links no longer respond keeps its paper. If an entry keeps its page,
    the page is read again, and explained again only if its text has changed.
    """
    looked_up = {candidate.entry_id: candidate for candidate in candidates}
    with run.archive.read_latest() as con:
        entries = [get_entry(con, bound.entry_id) for bound in due]
    to_bind, without_result = [], []
    for bound, entry in zip(due, entries, strict=True):
        candidate = looked_up.get(entry.entry_id)
        if candidate is None:
            reason = failed.get(entry.entry_id, "not looked up")
            candidate = unreachable_candidate(entry, reason)
        if bound.paper_id and not (candidate.arxiv_ids or candidate.work):
            # The entry keeps the paper that was found before.
            without_result.append(candidate)
        else:
            to_bind.append((entry, candidate))
    bound_now = bind_entries(run, to_bind, as_of, "rebind")
    looks = []
    for bound in due:
        paper_id = bound_now.paper_ids.get(bound.entry_id) or bound.paper_id
        looks.append(_look(run, bound, paper_id))
    with run.archive.write() as con:
        for candidate in without_result:
            checks = candidate.checks
            save_link_checks(con, candidate.entry_id, checks, as_of, run.run_id)
        for look in looks:
            save_look(con, look.entry.entry_id, as_of, run.run_id, changed=look.changed)
    return looks


def _look(run: Run, bound: DueEntry, paper_id: str | None) -> Look:
    """What has changed for an entry; if its paper is the same, it is read again."""
    with run.archive.read_latest() as con:
        resolution = find_resolution(con, bound.entry_id)
    evidence = resolution.evidence if resolution else ""
    rebound = paper_id != bound.paper_id
    if rebound or paper_id is None or bound.version is None:
        return Look(bound, paper_id, evidence, rebound=rebound, reread=False)
    try:
        document_id = read_paper(run, paper_id, bound.version)
    except NoText:
        # The document that was read before is kept.
        return Look(bound, paper_id, evidence, rebound=False, reread=False)
    reread = document_id != bound.document_id
    return Look(bound, paper_id, evidence, rebound=False, reread=reread)
