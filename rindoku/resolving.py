"""Resolving a week's entries: the network and the archive around the decisions of resolve.py."""

from collections.abc import Sequence
from datetime import datetime

from rindoku.archive.finding import get_entry, pending_entries
from rindoku.archive.saving import save_paper, save_payload, save_resolution
from rindoku.fetch import fetch
from rindoku.models import Candidate, Entry, Payload
from rindoku.resolve import decide, direct_candidate, examine
from rindoku.run import Run
from rindoku.sources.arxiv import fetch_versions, valid_ids


def entries_to_look_up(run: Run, sighting_id: str) -> list[str]:
    """Ids of pending entries whose links have to be opened to know what they are."""
    return [e.entry_id for e in _pending(run, sighting_id) if direct_candidate(e) is None]


def look_up_entry(run: Run, entry_id: str) -> Candidate:
    """Opens what an entry links, keeps what came, and says what it leads to."""
    with run.archive.write() as con:
        entry = get_entry(con, entry_id)

    def keep(url: str) -> Payload:
        payload = fetch(url, run.settings)
        with run.archive.write() as con:
            save_payload(con, payload)
        return payload

    return examine(entry, keep)


def resolve_entries(run: Run, sighting_id: str, candidates: Sequence[Candidate], as_of: datetime) -> int:
    """Resolves all pending entries with one request to arXiv; returns how many found a paper."""
    looked_up = {c.entry_id: c for c in candidates}
    pending = [(e, looked_up.get(e.entry_id) or direct_candidate(e)) for e in _pending(run, sighting_id)]
    decidable = [(entry, candidate) for entry, candidate in pending if candidate is not None]
    ids = valid_ids(c.arxiv_id for _, c in decidable if c.arxiv_id)
    answer, known = fetch_versions(ids, run.settings) if ids else (None, {})
    found = 0
    with run.archive.write() as con:
        if answer is not None:
            save_payload(con, answer)
        for entry, candidate in decidable:
            resolution, paper = decide(entry, candidate, known)
            if paper is not None:
                found += 1
                save_paper(con, paper)
            save_resolution(con, resolution, as_of, run.run_id)
    return found


def _pending(run: Run, sighting_id: str) -> list[Entry]:
    with run.archive.write() as con:
        return pending_entries(con, sighting_id)
