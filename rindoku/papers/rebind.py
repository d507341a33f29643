"""Late binding: papers follow their pages by days or weeks, so that what had only a page is looked at again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rindoku.archive.finding import find_due, find_resolution, get_entry, spent_usd
from rindoku.archive.saving import save_link_checks, save_look
from rindoku.errors import NoText
from rindoku.models import Candidate
from rindoku.papers.look_up import unreachable_candidate
from rindoku.papers.read import read_paper
from rindoku.papers.resolve import bind_entries
from rindoku.run import Run


@dataclass(frozen=True)
class Bound:
    """An entry that is due, as it is bound now; `paper_id` None when it never found a paper."""

    week: str
    sighting_id: str
    entry_id: str
    rank: int
    name: str
    paper_id: str | None
    version: int | None
    document_id: str | None


@dataclass(frozen=True)
class Look:
    """What came of looking again. `rebound` when it is another paper now, `reread` when only the text had changed."""

    entry: Bound
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


def left_to_spend(run: Run, max_usd: float | None) -> float | None:
    """What the parts of a run, one a week, have left of its ceiling; None when there is none."""
    if max_usd is None:
        return None
    with run.archive.write() as con:
        return max(0.0, max_usd - spent_usd(con, run.run_id))


def due_entries(
    run: Run, as_of: datetime, week: str | None = None, *, every: bool = False
) -> list[Bound]:
    """Entries bound to pages, repositories and works without versions, 7 and 30 days on; `every` such entry on demand."""
    with run.archive.write() as con:
        rows = find_due(con, as_of, week, every=every)
    return [
        Bound(
            r["week"],
            r["sighting_id"],
            r["entry_id"],
            r["rank"],
            r["title"] or r["nickname"],
            r["paper_id"],
            r["version"],
            r["document_id"],
        )
        for r in rows
    ]


def rebind_entries(
    run: Run,
    due: Sequence[Bound],
    candidates: Sequence[Candidate],
    as_of: datetime,
    failed: Mapping[str, str],
) -> list[Look]:
    """Binds due entries anew by what was found; a later resolution supersedes, nothing is deleted.

    An entry whose links do not answer any more keeps what it was bound to. One that stays with its page has the page
    read again: it is explained again only if its text has changed.
    """
    found = {c.entry_id: c for c in candidates}
    with run.archive.write() as con:
        entries = {b.entry_id: get_entry(con, b.entry_id) for b in due}
    looked = {
        e: found.get(e) or unreachable_candidate(entry, failed.get(e, "not looked at"))
        for e, entry in entries.items()
    }
    # What can't be found now is no reason to give up what was found before.
    lost = {
        b.entry_id
        for b in due
        if b.paper_id and not (looked[b.entry_id].arxiv_ids or looked[b.entry_id].work)
    }
    papers = bind_entries(
        run,
        [(entries[e], c) for e, c in looked.items() if e not in lost],
        as_of,
        "rebind",
    )
    looks = [
        _look(run, bound, papers.get(bound.entry_id) or bound.paper_id) for bound in due
    ]
    with run.archive.write() as con:
        for entry_id in lost:
            save_link_checks(con, entry_id, looked[entry_id].checks, as_of, run.run_id)
        for look in looks:
            save_look(con, look.entry.entry_id, as_of, run.run_id, changed=look.changed)
    return looks


def _look(run: Run, bound: Bound, paper_id: str | None) -> Look:
    with run.archive.write() as con:
        resolution = find_resolution(con, bound.entry_id)
    evidence = resolution["evidence"] if resolution else ""
    if paper_id is None or paper_id != bound.paper_id or bound.version is None:
        return Look(
            bound, paper_id, evidence, rebound=paper_id != bound.paper_id, reread=False
        )
    try:
        document_id = read_paper(run, paper_id, bound.version)
    except NoText:
        # The text that was read before stays.
        document_id = bound.document_id or ""
    return Look(
        bound,
        paper_id,
        evidence,
        rebound=False,
        reread=document_id != (bound.document_id or ""),
    )
