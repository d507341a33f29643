"""The stand-in's records: arXiv's OAI-PMH, OpenReview's API, Crossref, and Hugging Face's search for titles."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from email.utils import format_datetime
from html import escape
from typing import Any

from rapidfuzz import fuzz

from rindoku.identifiers import identify
from rindoku.sample.content import SamplePaper

LICENCE = "http://creativecommons.org/licenses/by/4.0/"
Json = dict[str, Any]


def oai_record(
    papers: Mapping[str, SamplePaper], query: Mapping[str, str], now: datetime
) -> str:
    """The answer to GetRecord with metadataPrefix arXiv or arXivRaw; an error inside a 200 for what there is not."""
    base = query.get("identifier", "").removeprefix("oai:arXiv.org:")
    paper = papers.get(base)
    versions = [v for v in paper.versions if v <= now] if paper else []
    if query.get("verb") != "GetRecord" or paper is None or not versions:
        return _envelope(
            '<error code="idDoesNotExist">nothing has this identifier</error>'
        )
    form = _oai_arxiv if query.get("metadataPrefix") == "arXiv" else _oai_raw
    header = f"<header><identifier>oai:arXiv.org:{base}</identifier></header>"
    return _envelope(
        f"<GetRecord><record>{header}<metadata>{form(paper, versions)}</metadata></record></GetRecord>"
    )


def _oai_arxiv(paper: SamplePaper, versions: list[datetime]) -> str:
    authors = "".join(
        f"<author><keyname>{escape(last)}</keyname><forenames>{escape(first)}</forenames></author>"
        for first, _, last in (name.rpartition(" ") for name in paper.authors)
    )
    return (
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{paper.arxiv}</id><created>{versions[0]:%Y-%m-%d}</created>'
        f"<authors>{authors}</authors><title>{escape(paper.title)}</title><categories>{' '.join(paper.categories)}</categories>"
        f"<license>{LICENCE}</license><abstract>{escape(paper.abstract)}</abstract></arXiv>"
    )


def _oai_raw(paper: SamplePaper, versions: list[datetime]) -> str:
    dates = "".join(
        f'<version version="v{n}"><date>{format_datetime(v, usegmt=True)}</date></version>'
        for n, v in enumerate(versions, 1)
    )
    return (
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{paper.arxiv}</id>{dates}'
        f"<title>{escape(paper.title)}</title></arXivRaw>"
    )


def _envelope(inner: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>2024-04-15T00:00:00Z</responseDate>{inner}</OAI-PMH>"
    )


def openreview_notes(papers: Iterable[SamplePaper], note_id: str) -> Json:
    """GET /notes?id= of OpenReview's API, version 2."""
    for paper in papers:
        if (
            paper.url
            and (found := identify(paper.url)).scheme == "openreview"
            and found.value == note_id
        ):
            when = (
                int(datetime.combine(paper.published, time(), UTC).timestamp() * 1000)
                if paper.published
                else None
            )
            content = {
                "title": {"value": paper.title},
                "authors": {"value": list(paper.authors)},
                "abstract": {"value": paper.abstract},
                "venue": {"value": "Sample Conference"},
            }
            return {
                "notes": [
                    {"id": note_id, "forum": note_id, "pdate": when, "content": content}
                ],
                "count": 1,
            }
    return {"notes": [], "count": 0}


def crossref_work(papers: Iterable[SamplePaper], doi: str) -> Json | None:
    """GET /works/:doi of Crossref; None for a DOI it does not have."""
    for paper in papers:
        found = identify(paper.url) if paper.url else None
        if found is not None and found.paper_id == f"doi:{doi.lower()}":
            names = [
                {"given": first, "family": last}
                for first, _, last in (a.rpartition(" ") for a in paper.authors)
            ]
            day = paper.published
            message: Json = {
                "DOI": doi,
                "title": [paper.title],
                "author": names,
                "abstract": f"<jats:p>{escape(paper.abstract)}</jats:p>",
            }
            return {
                "status": "ok",
                "message": message
                | (
                    {"published": {"date-parts": [[day.year, day.month, day.day]]}}
                    if day
                    else {}
                ),
            }
    return None


def search_titles(
    papers: Mapping[str, SamplePaper], words: str, now: datetime
) -> list[Json]:
    """GET /api/papers/search?q= of Hugging Face: papers on arXiv whose title is like the words, the likest first."""
    published = [p for p in papers.values() if p.versions and p.versions[0] <= now]
    wanted = re.sub(r"\W+", " ", words).casefold()
    scored = sorted(
        (
            (fuzz.token_sort_ratio(wanted, p.title.casefold()), p.title, p)
            for p in published
        ),
        key=lambda s: (-s[0], s[1]),
    )
    return [
        {
            "paper": {
                "id": p.arxiv,
                "title": p.title,
                "authors": [{"name": a} for a in p.authors],
            },
            "title": p.title,
        }
        for score, _, p in scored[:5]
        if score > 50
    ]
