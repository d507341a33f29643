"""Resolving a week's entries: the network and the archive around the decisions of resolve.py."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from rindoku.archive.finding import get_entry, pending_entries
from rindoku.archive.saving import (
    save_findings,
    save_link_checks,
    save_paper,
    save_payload,
    save_resolution,
)
from rindoku.models import Candidate, Entry, Finding, Payload
from rindoku.papers.arxiv import find_metadata, valid_ids
from rindoku.papers.bind import decide, ids_to_confirm
from rindoku.papers.look_up import (
    Fetch,
    direct_candidate,
    look_up_links,
    unreachable_candidate,
)
from rindoku.run import Run
from rindoku.web.retrieve import has_moved, retrieve


def entries_to_look_up(run: Run, sighting_id: str) -> list[str]:
    """Ids of pending entries whose links have to be opened to know what they are."""
    return [
        e.entry_id for e in _pending(run, sighting_id) if direct_candidate(e) is None
    ]


def look_up_entry(run: Run, entry_id: str, *, again: bool = False) -> Candidate:
    """Opens what an entry links, keeps what came, and says what it leads to.

    What was fetched before is taken from the archive; with `again` the sites are asked whether it has changed.
    """
    with run.archive.write() as con:
        entry = get_entry(con, entry_id)
    found = look_up_links(entry, _fetcher(run, again=again))
    moved = {c.url for c in found.checks if c.state == "read" and has_moved(run, c.url)}
    checks = tuple(
        replace(c, state="moved") if c.url in moved else c for c in found.checks
    )
    return replace(found, checks=checks)


def _fetcher(run: Run, *, again: bool) -> Fetch:
    def fetch(url: str, source: str) -> Payload:
        return retrieve(run, url, source, again=again)

    return fetch


def resolve_entries(
    run: Run,
    sighting_id: str,
    candidates: Sequence[Candidate],
    as_of: datetime,
    failed: Mapping[str, str] | None = None,
) -> int:
    """Resolves all pending entries with one request to arXiv; returns how many found a paper.

    `failed` are the entries whose links did not answer, with the reason: they stay pending and say so.
    """
    looked_up = {c.entry_id: c for c in candidates}
    failed = failed or {}
    pending = []
    for entry in _pending(run, sighting_id):
        candidate = looked_up.get(entry.entry_id) or direct_candidate(entry)
        if candidate is None and entry.entry_id in failed:
            candidate = unreachable_candidate(entry, failed[entry.entry_id])
        if candidate is not None:
            pending.append((entry, candidate))
    return len(bind_entries(run, pending, as_of, sighting_id))


def bind_entries(
    run: Run, pending: Sequence[tuple[Entry, Candidate]], as_of: datetime, subject: str
) -> dict[str, str]:
    """Decides entries with one request to arXiv, and saves what led there; the papers found, by entry.

    What arXiv did not know or gave otherwise is a finding on `subject`.
    """
    ids = valid_ids(scored.arxiv_id for _, c in pending for scored in ids_to_confirm(c))
    metadata = find_metadata(ids, run.settings)
    found = {}
    with run.archive.write() as con:
        for answer in metadata.payloads:
            save_payload(con, answer)
        save_findings(
            con,
            (Finding(subject, "arxiv", "note", note) for note in metadata.notes),
            run.run_id,
        )
        for entry, candidate in pending:
            resolution, paper = decide(entry, candidate, metadata.known)
            save_link_checks(con, entry.entry_id, candidate.checks, as_of, run.run_id)
            if paper is not None:
                found[entry.entry_id] = paper.paper_id
                save_paper(con, paper)
            save_resolution(con, resolution, as_of, run.run_id)
            save_findings(
                con, _doubts(entry, candidate, resolved=paper is not None), run.run_id
            )
    return found


def _doubts(entry: Entry, candidate: Candidate, *, resolved: bool) -> Iterable[Finding]:
    for check in candidate.checks:
        if check.state not in {"read", "moved"} and resolved:
            yield Finding(
                entry.entry_id, "link", "note", f"{check.state}: {check.reason}"
            )


def _pending(run: Run, sighting_id: str) -> list[Entry]:
    with run.archive.write() as con:
        return pending_entries(con, sighting_id)
