"""Resolves a week's entries: the network and the archive around bind.py's decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from rindoku.archive.findings import save_findings
from rindoku.archive.papers import save_paper
from rindoku.archive.payloads import save_payload
from rindoku.archive.resolutions import (
    pending_entries,
    save_link_checks,
    save_resolution,
)
from rindoku.archive.sightings import get_entry
from rindoku.errors import CONCERNS_ALL, Failure, failure_of
from rindoku.models import (
    Candidate,
    Entry,
    Finding,
    LinkCheck,
    PaperVersion,
    Payload,
)
from rindoku.papers.arxiv import find_metadata, valid_ids
from rindoku.papers.bind import decide, ids_to_confirm
from rindoku.papers.look_up import (
    direct_candidate,
    look_up_links,
    unreachable_candidate,
)
from rindoku.run import Run
from rindoku.web.retrieve import has_moved, retrieve


def entries_to_look_up(run: Run, sighting_id: str) -> list[str]:
    """Ids of pending entries whose links have to be opened."""
    return [
        entry.entry_id
        for entry in _pending(run, sighting_id)
        if direct_candidate(entry) is None
    ]


def look_up_entry(run: Run, entry_id: str, *, again: bool = False) -> Candidate:
    """Opens an entry's links, saves what was fetched, and returns what they lead to.

    What was fetched before comes from the archive; with `again`, the sites are asked
    whether it has changed.
    """
    with run.archive.read_latest() as con:
        entry = get_entry(con, entry_id)

    def fetch(url: str, source: str) -> Payload:
        return retrieve(run, url, source, again=again)

    candidate = look_up_links(entry, fetch)
    checks: list[LinkCheck] = []
    for check in candidate.checks:
        if check.state == "read" and has_moved(run, check.url):
            checks.append(replace(check, state="moved"))
        else:
            checks.append(check)
    return replace(candidate, checks=tuple(checks))


def resolve_entries(
    run: Run,
    sighting_id: str,
    candidates: Sequence[Candidate],
    as_of: datetime,
    failed: Mapping[str, str] | None = None,
) -> list[Failure]:
    """Resolves all pending entries with one request to arXiv.

    Returns what failed for single entries. `failed` has the reasons for entries whose
    links did not respond, by entry id; they stay pending, with that reason.
    """
    looked_up = {candidate.entry_id: candidate for candidate in candidates}
    reasons = failed or {}
    pending = []
    for entry in _pending(run, sighting_id):
        candidate = looked_up.get(entry.entry_id) or direct_candidate(entry)
        if candidate is None and entry.entry_id in reasons:
            candidate = unreachable_candidate(entry, reasons[entry.entry_id])
        if candidate is not None:
            pending.append((entry, candidate))
    return bind_entries(run, pending, as_of, sighting_id).failures


class Bound(NamedTuple):
    """The ids of papers by entry, and what failed for single entries."""

    paper_ids: dict[str, str]
    failures: list[Failure]


def bind_entries(
    run: Run, pending: Sequence[tuple[Entry, Candidate]], as_of: datetime, subject: str
) -> Bound:
    """Decides the papers of entries with one request to arXiv; saves the decisions.

    Notes on arXiv's responses become findings
    on `subject`.
    """
    ids = valid_ids(
        scored.arxiv_id
        for _, candidate in pending
        for scored in ids_to_confirm(candidate)
    )
    metadata = find_metadata(ids, run.settings)
    with run.archive.write() as con:
        for payload in metadata.payloads:
            save_payload(con, payload)
        notes = [Finding(subject, "arxiv", "note", note) for note in metadata.notes]
        save_findings(con, notes, run.run_id)
    bound = Bound({}, [])
    for entry, candidate in pending:
        try:
            paper_id = _bind(run, entry, candidate, metadata.known, as_of=as_of)
        except CONCERNS_ALL:
            raise
        except Exception as error:  # noqa: BLE001 - it costs this entry only
            failure = failure_of("resolve", entry.entry_id, error)
            bound.failures.append(failure)
            unresolved = unreachable_candidate(entry, failure.message)
            _bind(run, entry, unresolved, {}, as_of=as_of)
        else:
            if paper_id is not None:
                bound.paper_ids[entry.entry_id] = paper_id
    return bound


def _bind(
    run: Run,
    entry: Entry,
    candidate: Candidate,
    known: Mapping[str, PaperVersion],
    *,
    as_of: datetime,
) -> str | None:
    """Decides the paper of an entry and saves the decision; returns the paper's id."""
    resolution, paper = decide(entry, candidate, known)
    with run.archive.write() as con:
        save_link_checks(con, entry.entry_id, candidate.checks, as_of, run.run_id)
        if paper is not None:
            save_paper(con, paper)
            save_findings(con, _failed_links(candidate), run.run_id)
        save_resolution(con, resolution, as_of, run.run_id)
    return paper.paper_id if paper else None


def _failed_links(candidate: Candidate) -> Iterable[Finding]:
    """A note for each link of a resolved entry that could not be read."""
    for check in candidate.checks:
        if check.state not in {"read", "moved"}:
            message = f"{check.state}: {check.reason}"
            yield Finding(candidate.entry_id, "link", "note", message)


def _pending(run: Run, sighting_id: str) -> list[Entry]:
    with run.archive.read_latest() as con:
        return pending_entries(con, sighting_id)
