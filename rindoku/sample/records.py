"""The stand-in's records: OAI-PMH, OpenReview, Crossref, and Hugging Face's search."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from rapidfuzz import fuzz

from rindoku.identifiers import identify
from rindoku.sample.content import SamplePaper

LICENCE = "http://creativecommons.org/licenses/by/4.0/"
Json = dict[str, Any]
_MOST_FOUND = 5
# Similarity of titles, in per cent, from which a search finds them.
_SIMILAR = 50
_OAI = """<?xml version="1.0" encoding="UTF-8"?>\
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\
<responseDate>2024-04-15T00:00:00Z</responseDate>{content}</OAI-PMH>"""
_OAI_UNKNOWN = '<error code="idDoesNotExist">nothing has this identifier</error>'
_OAI_RECORD = """<GetRecord><record>\
<header><identifier>oai:arXiv.org:{arxiv_id}</identifier></header>\
<metadata>{metadata}</metadata></record></GetRecord>"""
_OAI_ARXIV = """<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{arxiv_id}</id>\
<created>{created:%Y-%m-%d}</created><authors>{authors}</authors>\
<title>{title}</title><categories>{categories}</categories>\
<license>{licence}</license><abstract>{abstract}</abstract></arXiv>"""
_OAI_AUTHOR = """<author><keyname>{family}</keyname>\
<forenames>{given}</forenames></author>"""
_OAI_RAW = """<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{arxiv_id}</id>\
{versions}<title>{title}</title></arXivRaw>"""
_OAI_VERSION = '<version version="v{number}"><date>{date}</date></version>'


def oai_record(
    papers: Mapping[str, SamplePaper], query: Mapping[str, str], now: datetime
) -> str:
    """The response of arXiv's OAI-PMH to GetRecord, in the form arXiv or arXivRaw.

    An unknown identifier gives an error with status 200.
    """
    base = query.get("identifier", "").removeprefix("oai:arXiv.org:")
    paper = papers.get(base)
    versions = [v for v in paper.versions if v <= now] if paper else []
    if query.get("verb") != "GetRecord" or paper is None or not versions:
        return _OAI.format(content=_OAI_UNKNOWN)
    if query.get("metadataPrefix") == "arXiv":
        metadata = _oai_arxiv(paper, versions[0])
    else:
        metadata = _oai_raw(paper, versions)
    record = _OAI_RECORD.format(arxiv_id=base, metadata=metadata)
    return _OAI.format(content=record)


def openreview_challenge() -> Json:
    """What OpenReview's API answers to requests without a session, with status 403."""
    return {
        "name": "ChallengeRequiredError",
        "message": "Please complete the challenge to continue.",
        "status": 403,
    }


def crossref_work(papers: Iterable[SamplePaper], doi: str) -> Json | None:
    """GET /works/:doi of Crossref; None for a DOI it does not have."""
    for paper in papers:
        if paper.url and identify(paper.url).paper_id == f"doi:{doi.lower()}":
            return {"status": "ok", "message": _crossref_message(paper, doi)}
    return None


def search_titles(
    papers: Mapping[str, SamplePaper], words: str, now: datetime
) -> list[Json]:
    """GET /api/papers/search?q= of Hugging Face: papers by the similarity of titles."""
    wanted = re.sub(r"\W+", " ", words).casefold()
    scored = []
    for paper in papers.values():
        if paper.versions and paper.versions[0] <= now:
            score = fuzz.token_sort_ratio(wanted, paper.title.casefold())
            scored.append((score, paper))
    scored.sort(key=lambda pair: (-pair[0], pair[1].title))
    return [
        _search_result(paper)
        for score, paper in scored[:_MOST_FOUND]
        if score > _SIMILAR
    ]


def _oai_arxiv(paper: SamplePaper, created: datetime) -> str:
    authors = []
    for name in paper.authors:
        given, _, family = name.rpartition(" ")
        authors.append(_OAI_AUTHOR.format(family=escape(family), given=escape(given)))
    return _OAI_ARXIV.format(
        arxiv_id=paper.arxiv,
        created=created,
        authors="".join(authors),
        title=escape(paper.title),
        categories=" ".join(paper.categories),
        licence=LICENCE,
        abstract=escape(paper.abstract),
    )


def _oai_raw(paper: SamplePaper, versions: Sequence[datetime]) -> str:
    dates = [
        _OAI_VERSION.format(number=number, date=format_datetime(version, usegmt=True))
        for number, version in enumerate(versions, 1)
    ]
    return _OAI_RAW.format(
        arxiv_id=paper.arxiv, versions="".join(dates), title=escape(paper.title)
    )


def _crossref_message(paper: SamplePaper, doi: str) -> Json:
    authors = []
    for name in paper.authors:
        given, _, family = name.rpartition(" ")
        authors.append({"given": given, "family": family})
    message: Json = {
        "DOI": doi,
        "title": [paper.title],
        "author": authors,
        "abstract": f"<jats:p>{escape(paper.abstract)}</jats:p>",
    }
    if day := paper.published:
        message["published"] = {"date-parts": [[day.year, day.month, day.day]]}
    return message


def _search_result(paper: SamplePaper) -> Json:
    authors = [{"name": author} for author in paper.authors]
    return {
        "paper": {"id": paper.arxiv, "title": paper.title, "authors": authors},
        "title": paper.title,
    }
