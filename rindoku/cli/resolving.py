"""`rindoku resolve`: the decision on one address, with what led to it, and nothing saved but what was fetched."""

import sys
import uuid
from pathlib import Path
from typing import Any

from rindoku.errors import BadInput
from rindoku.identifiers import identify
from rindoku.lists.contract import make_link
from rindoku.models import (
    Candidate,
    Entry,
    LinkCheck,
    PaperVersion,
    Payload,
    Resolution,
)
from rindoku.papers.arxiv import find_metadata, valid_ids
from rindoku.papers.bind import decide, ids_to_confirm
from rindoku.papers.look_up import direct_candidate, look_up_links, look_up_payload
from rindoku.run import Run
from rindoku.web.fetch import make_payload
from rindoku.web.retrieve import retrieve

_KINDS = {
    "openreview": "openreview",
    "doi": "doi",
    "biorxiv": "doi",
    "medrxiv": "doi",
    "acl": "acl",
    "pmlr": "pmlr",
    "github": "repository",
    "huggingface": "repository",
    "post": "post",
}


def resolve_url(url: str, page: Path | None, *, confirm: bool) -> dict[str, Any]:
    """What an address leads to, as plain values.

    With `page` that file is taken for what the address gives, and nothing else is opened; without `confirm` arXiv
    is not asked, and the page's own word decides. Raises BadInput, NoText and what fetching raises.
    """
    run = Run(f"resolve-{uuid.uuid4()}")
    entry = Entry("", 1, "", "", (make_link(url),))
    candidate = _candidate(run, entry, page)
    known: dict[str, PaperVersion] = {}
    notes: tuple[str, ...] = ()
    if confirm:
        metadata = find_metadata(
            valid_ids(c.arxiv_id for c in ids_to_confirm(candidate)), run.settings
        )
        known, notes = dict(metadata.known), metadata.notes
    resolution, paper = (
        decide(entry, candidate, known) if confirm else _unconfirmed(candidate)
    )
    return _as_json(url, candidate, resolution, paper, known, notes, confirm=confirm)


def _candidate(run: Run, entry: Entry, page: Path | None) -> Candidate:
    if not entry.links or entry.links[0].role == "post":
        raise BadInput(
            f"{entry.links[0].url if entry.links else ''} is a post, not a paper.",
            "Give a link from the post.",
        )
    if page is not None:
        if not page.is_file():
            raise BadInput(
                f"There is no file {page}.",
                "Give the page or PDF that the address gives.",
            )
        payload = make_payload("file", entry.links[0].canonical, 200, page.read_bytes())
        return look_up_payload(entry, payload, None)
    direct = direct_candidate(entry)
    if direct is not None:
        return direct

    def fetch(url: str, source: str) -> Payload:
        return retrieve(run, url, source)

    return look_up_links(entry, fetch)


def _unconfirmed(candidate: Candidate) -> tuple[Resolution, PaperVersion | None]:
    """The decision by the page's own word."""
    if candidate.chosen is not None:
        named = next(c for c in candidate.arxiv_ids if c.arxiv_id == candidate.chosen)
        version = (
            int(named.arxiv_id.rpartition("v")[2])
            if named.arxiv_id != named.base
            else None
        )
        found = Resolution(
            "",
            f"arxiv:{named.base}",
            version,
            candidate.method,
            candidate.confidence,
            candidate.evidence,
            candidate.arxiv_ids,
        )
        return found, candidate.work
    work = candidate.work
    found = Resolution(
        "",
        work.paper_id if work else None,
        work.version if work else None,
        candidate.method,
        candidate.confidence,
        candidate.evidence,
        candidate.arxiv_ids,
    )
    return found, work


def _as_json(
    url: str,
    candidate: Candidate,
    resolution: Resolution,
    paper: PaperVersion | None,
    known: dict[str, PaperVersion],
    notes: tuple[str, ...],
    *,
    confirm: bool,
) -> dict[str, Any]:
    return {
        "url": url,
        "canonical": make_link(url).canonical,
        "kind": _kind(resolution, paper),
        "paper_id": resolution.paper_id,
        "version": resolution.version or None,
        "title": paper.title if paper else None,
        "authors": list(paper.authors) if paper else [],
        "authors_complete": paper.authors_complete if paper else None,
        "published_on": paper.published_on if paper else None,
        "updated_on": paper.updated_on if paper else None,
        "withdrawn": paper.withdrawn if paper else None,
        "method": resolution.method,
        "confidence": resolution.confidence,
        "evidence": resolution.evidence,
        "confirmed": confirm
        and bool(resolution.paper_id and resolution.paper_id.startswith("arxiv:")),
        "candidates": [
            {
                "arxiv_id": c.arxiv_id,
                "score": round(c.score, 2),
                "why": c.why,
                "title": known[c.base].title if c.base in known else None,
            }
            for c in candidate.arxiv_ids
        ],
        "links": [_check(c) for c in candidate.checks],
        "notes": list(notes),
    }


def _kind(resolution: Resolution, paper: PaperVersion | None) -> str:
    if resolution.paper_id is None:
        return "unresolved"
    if resolution.paper_id.startswith("arxiv:"):
        return "arxiv"
    scheme = resolution.paper_id.partition(":")[0]
    named = identify(paper.url if paper and scheme == "url" else "")
    if scheme == "url" and named.scheme == "url":
        return "pdf" if resolution.method == "pdf" else "page"
    return _KINDS.get(named.scheme if scheme == "url" else scheme, "page")


def _check(check: LinkCheck) -> dict[str, Any]:
    return {
        "url": check.url,
        "state": check.state,
        "reason": check.reason,
        "read_at": check.read_at,
    }


def print_resolution(found: dict[str, Any]) -> None:
    """The decision for people: what it is, and why."""
    rows = [
        ("paper", found["paper_id"] or "none"),
        ("kind", found["kind"]),
        ("title", found["title"] or "not stated"),
        (
            "authors",
            ", ".join(found["authors"])
            + ("" if found["authors_complete"] in {True, None} else ", et al.")
            or "not stated",
        ),
        ("published", found["published_on"] or "not stated"),
        ("updated", found["updated_on"] or "not stated"),
        (
            "method",
            f"{found['method']}, confidence {found['confidence']:.2f}"
            + (", confirmed by arXiv" if found["confirmed"] else ""),
        ),
        ("evidence", found["evidence"]),
    ]
    rows += [("withdrawn", found["withdrawn"])] if found["withdrawn"] else []
    rows += [
        (
            "candidate",
            f"{c['arxiv_id']}  {c['score']:.2f}  {c['why']}"
            + (f"  {c['title']}" if c["title"] else ""),
        )
        for c in found["candidates"]
    ]
    rows += [
        ("link", f"{c['state']}: {c['reason'] or c['read_at']}") for c in found["links"]
    ]
    rows += [("note", note) for note in found["notes"]]
    sys.stdout.writelines(f"{name:<10} {value}\n" for name, value in rows)
