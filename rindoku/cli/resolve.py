"""`rindoku resolve`: shows which paper an address leads to, and why."""

import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rindoku.cli.options import AsJson, Home, choose_home

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rindoku.models import (
        Candidate,
        Entry,
        LinkCheck,
        PaperVersion,
        Payload,
        Resolution,
    )
    from rindoku.run import Run

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


def resolve(
    url: Annotated[str, typer.Argument(help="A web address.", show_default=False)],
    page: Annotated[
        Path | None,
        typer.Option(
            help="Read this file instead of the address; nothing is fetched.",
            show_default=False,
        ),
    ] = None,
    confirm: Annotated[
        bool,
        typer.Option(
            "--confirm/--no-confirm", help="Ask arXiv whether the titles agree."
        ),
    ] = True,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show which paper an address leads to, with evidence and candidates.

    Exit 4 when it leads to none.
    """
    from rindoku.cli.json_output import print_json

    choose_home(home)
    resolved = resolve_url(url, page, confirm=confirm)
    if as_json:
        print_json(_as_json(resolved))
    else:
        _print_resolved(resolved)
    raise typer.Exit(0 if resolved.resolution.paper_id else 4)


@dataclass(frozen=True)
class ResolvedLink:
    """The decision on an address, and what led to it.

    `known` are arXiv's papers by base id; `confirmed` if arXiv's title agrees.
    """

    url: str
    canonical: str
    candidate: "Candidate"
    resolution: "Resolution"
    paper: "PaperVersion | None"
    known: "Mapping[str, PaperVersion]"
    notes: tuple[str, ...]
    confirmed: bool


def resolve_url(url: str, page: Path | None, *, confirm: bool) -> ResolvedLink:
    """Resolves an address; only what was fetched is saved.

    With `page`, that file is read instead of the address; without `confirm`, arXiv is
    not asked. Raises BadInput, NoText, and what fetching raises.
    """
    from rindoku.lists import make_link
    from rindoku.models import Entry
    from rindoku.papers import decide, find_metadata, ids_to_confirm, valid_ids
    from rindoku.run import Run

    run = Run(f"resolve-{uuid.uuid4()}")
    link = make_link(url)
    entry = Entry("", 1, "", "", (link,))
    candidate = _candidate(run, entry, page)
    if not confirm:
        return ResolvedLink(
            url=url,
            canonical=link.canonical,
            candidate=candidate,
            resolution=_unconfirmed(candidate),
            paper=candidate.work,
            known={},
            notes=(),
            confirmed=False,
        )
    ids = valid_ids(scored.arxiv_id for scored in ids_to_confirm(candidate))
    metadata = find_metadata(ids, run.settings)
    resolution, paper = decide(entry, candidate, metadata.known)
    return ResolvedLink(
        url=url,
        canonical=link.canonical,
        candidate=candidate,
        resolution=resolution,
        paper=paper,
        known=metadata.known,
        notes=metadata.notes,
        confirmed=(resolution.paper_id or "").startswith("arxiv:"),
    )


def _candidate(run: "Run", entry: "Entry", page: Path | None) -> "Candidate":
    from rindoku.disk import is_file
    from rindoku.errors import BadInput
    from rindoku.papers import direct_candidate, look_up_links, look_up_payload
    from rindoku.web import make_payload
    from rindoku.web.retrieve import retrieve

    [link] = entry.links
    if link.role == "post":
        raise BadInput(
            f"{link.url} is a post on X.", "Give a link to the paper, not to a post."
        )
    if page is not None:
        if not is_file(page):
            raise BadInput(
                f"There is no file {page}.",
                "Give a copy of the page or PDF at the address.",
            )
        payload = make_payload("file", link.canonical, 200, page.read_bytes())
        return look_up_payload(entry, payload, None)

    def fetch(url: str, source: str) -> "Payload":
        return retrieve(run, url, source)

    return direct_candidate(entry) or look_up_links(entry, fetch)


def _unconfirmed(candidate: "Candidate") -> "Resolution":
    """The decision by the page alone."""
    from rindoku.models import Resolution

    paper_id, version = None, None
    if candidate.chosen is not None:
        [chosen] = [c for c in candidate.arxiv_ids if c.arxiv_id == candidate.chosen]
        paper_id = f"arxiv:{chosen.base}"
        if chosen.arxiv_id != chosen.base:
            version = int(chosen.arxiv_id.rpartition("v")[2])
    elif candidate.work is not None:
        paper_id, version = candidate.work.paper_id, candidate.work.version
    return Resolution(
        entry_id="",
        paper_id=paper_id,
        version=version,
        method=candidate.method,
        confidence=candidate.confidence,
        evidence=candidate.evidence,
        candidates=candidate.arxiv_ids,
    )


def _kind(resolved: ResolvedLink) -> str:
    """The kind of address at which the paper is."""
    from rindoku.identifiers import identify

    paper_id = resolved.resolution.paper_id
    if paper_id is None:
        return "unresolved"
    scheme = paper_id.partition(":")[0]
    if scheme == "arxiv":
        return "arxiv"
    if scheme != "url":
        return _KINDS.get(scheme, "page")
    named = identify(resolved.paper.url if resolved.paper else "")
    if named.scheme == "url":
        return "pdf" if resolved.resolution.method == "pdf" else "page"
    return _KINDS.get(named.scheme, "page")


def _as_json(resolved: ResolvedLink) -> dict[str, Any]:
    paper, resolution = resolved.paper, resolved.resolution
    return {
        "url": resolved.url,
        "canonical": resolved.canonical,
        "kind": _kind(resolved),
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
        "confirmed": resolved.confirmed,
        "candidates": [
            {
                "arxiv_id": scored.arxiv_id,
                "score": round(scored.score, 2),
                "why": scored.why,
                "title": _title(resolved, scored.base),
            }
            for scored in resolved.candidate.arxiv_ids
        ],
        "links": [_check(check) for check in resolved.candidate.checks],
        "notes": list(resolved.notes),
    }


def _title(resolved: ResolvedLink, base: str) -> str | None:
    """ArXiv's title of a candidate, if arXiv was asked about it."""
    return resolved.known[base].title if base in resolved.known else None


def _check(check: "LinkCheck") -> dict[str, str | None]:
    return {
        "url": check.url,
        "state": check.state,
        "reason": check.reason,
        "read_at": check.read_at,
    }


def _print_resolved(resolved: ResolvedLink) -> None:
    rows = [*_paper_rows(resolved), *_evidence_rows(resolved)]
    sys.stdout.writelines(f"{name:<10} {value}\n" for name, value in rows)


def _paper_rows(resolved: ResolvedLink) -> list[tuple[str, str]]:
    """Names and values that describe the paper."""
    paper = resolved.paper
    rows = [
        ("paper", resolved.resolution.paper_id or "none"),
        ("kind", _kind(resolved)),
    ]
    if paper is None:
        return rows
    authors = ", ".join(paper.authors)
    if authors and not paper.authors_complete:
        authors += ", et al."
    rows += [
        ("title", paper.title or "not stated"),
        ("authors", authors or "not stated"),
        ("published", str(paper.published_on or "not stated")),
        ("updated", str(paper.updated_on or "not stated")),
    ]
    if paper.withdrawn:
        rows.append(("withdrawn", paper.withdrawn))
    return rows


def _evidence_rows(resolved: ResolvedLink) -> list[tuple[str, str]]:
    """Names and values that give reasons for the decision, and other candidates."""
    resolution = resolved.resolution
    method = f"{resolution.method}, confidence {resolution.confidence:.2f}"
    if resolved.confirmed:
        method += ", confirmed by arXiv"
    rows = [("method", method), ("evidence", resolution.evidence)]
    for scored in resolved.candidate.arxiv_ids:
        title = _title(resolved, scored.base) or ""
        text = f"{scored.arxiv_id}  {scored.score:.2f}  {scored.why}  {title}"
        rows.append(("candidate", text.rstrip()))
    rows += [
        ("link", f"{check.state}: {check.reason or check.read_at}")
        for check in resolved.candidate.checks
    ]
    return [*rows, *(("note", note) for note in resolved.notes)]
