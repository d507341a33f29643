"""Decides the paper of an entry, by what its links lead to and what arXiv knows."""

from collections.abc import Mapping
from typing import NamedTuple

from rindoku.models import Candidate, Entry, PaperVersion, Resolution, ScoredId
from rindoku.papers.methods import Method
from rindoku.papers.similarity import contains_title, is_same_title

# Methods that identify the paper, so that its title need not be compared.
_CERTAIN = {Method.ARXIV_LINK, Method.ARXIV_STAMP}
_LEAST_SCORE_TO_CONFIRM = 0.0
_LEAST_SCORE_OF_OWN_ID = 1.0


class Decision(NamedTuple):
    """A resolution and its paper, which is None when the entry stays unresolved."""

    resolution: Resolution
    paper: PaperVersion | None


def ids_to_confirm(candidate: Candidate) -> list[ScoredId]:
    """The ids to ask arXiv about, without those that only occur in lists."""
    return [
        scored
        for scored in candidate.arxiv_ids
        if scored.score > _LEAST_SCORE_TO_CONFIRM
    ]


def decide(
    entry: Entry, candidate: Candidate, known: Mapping[str, PaperVersion]
) -> Decision:
    """The resolution of an entry; `known` are arXiv's papers by base id.

    An id found on a page counts only when arXiv's title is that of the page or of the
    entry; of several ids, the first one that is confirmed in this way counts.
    """
    doubts = []
    for scored in ids_to_confirm(candidate):
        paper = known.get(scored.base)
        if paper is None:
            doubts.append(f"arXiv does not know {scored.arxiv_id}")
        elif candidate.method in _CERTAIN:
            return Decision(_resolve(candidate, paper), paper)
        elif _is_same_work(paper, entry, candidate, scored):
            return _confirmed(candidate, paper, scored)
        else:
            doubts.append(f"arXiv calls {paper.paper_id} {paper.title!r}")
    return _unconfirmed(entry, candidate, doubts)


def _confirmed(candidate: Candidate, paper: PaperVersion, scored: ScoredId) -> Decision:
    method = Method.ARXIV_ON_PAGE
    if scored.found_by == "search":
        method = Method.TITLE_SEARCH
    page = candidate.work.url if candidate.work else candidate.evidence
    resolution = Resolution(
        entry_id=candidate.entry_id,
        paper_id=paper.paper_id,
        version=paper.version,
        method=method,
        confidence=0.95,
        evidence=f"{page}: {scored.why}; arXiv confirms the title",
        candidates=candidate.arxiv_ids,
    )
    return Decision(resolution, paper)


def _unconfirmed(entry: Entry, candidate: Candidate, doubts: list[str]) -> Decision:
    """The page as a work, else no paper; the first doubt is part of the evidence."""
    evidence = ", but ".join([candidate.evidence, *doubts[:1]])
    work = candidate.work
    if work is None:
        return Decision(_unresolved(entry, candidate, evidence), None)
    is_refuted = candidate.method == Method.ARXIV_ON_PAGE
    method = Method.WEB_PAGE if is_refuted else candidate.method
    return Decision(_resolve(candidate, work, method, evidence), work)


def _unresolved(entry: Entry, candidate: Candidate, evidence: str) -> Resolution:
    return Resolution(
        entry_id=entry.entry_id,
        paper_id=None,
        version=None,
        method=Method.UNRESOLVED,
        confidence=0.0,
        evidence=evidence,
        candidates=candidate.arxiv_ids,
    )


def _resolve(
    candidate: Candidate, paper: PaperVersion, method: str = "", evidence: str = ""
) -> Resolution:
    """A resolution to `paper`, by default with the candidate's method and evidence."""
    return Resolution(
        entry_id=candidate.entry_id,
        paper_id=paper.paper_id,
        version=paper.version,
        method=method or candidate.method,
        confidence=candidate.confidence,
        evidence=evidence or candidate.evidence,
        candidates=candidate.arxiv_ids,
    )


def _is_same_work(
    paper: PaperVersion, entry: Entry, candidate: Candidate, scored: ScoredId
) -> bool:
    """Whether arXiv's title is that of the page or of the entry.

    It is enough if one contains the other, as entries have nicknames; but for an id
    with a low score, the titles must be the same.
    """
    titles = [candidate.work.title if candidate.work else "", entry.title]
    is_own = scored.score >= _LEAST_SCORE_OF_OWN_ID
    is_match = contains_title if is_own else is_same_title
    return any(is_match(title, paper.title) for title in titles if title)
