"""The stand-in's web: arXiv's pages, GitHub, project pages, publishers, their APIs."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit

from rindoku.identifiers import identify
from rindoku.links import raw_file
from rindoku.sample.content import PDF_PATH, SamplePaper, SampleWeek
from rindoku.sample.pages import (
    latexml,
    project_page,
    publisher_page,
    repository_page,
    shell_page,
    work_page,
    year_file,
)
from rindoku.sample.pdf_page import small_pdf
from rindoku.sample.records import (
    crossref_work,
    oai_record,
    openreview_challenge,
    search_titles,
)
from rindoku.sample.responses import (
    HTML,
    HttpResponse,
    html_response,
    json_response,
    not_found,
)

_PDF = "application/pdf"
_XML = "text/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
# Schemes of identifiers whose pages are those of publishers.
_SCHOLARLY = {"doi", "biorxiv", "medrxiv", "acl", "pmlr"}


class Web:
    """All web hosts."""

    def __init__(
        self,
        weeks: Sequence[SampleWeek],
        papers: Sequence[SamplePaper],
        *,
        ageing: bool = False,
    ) -> None:
        self._weeks = weeks
        self._papers = papers
        self._by_arxiv_id = papers_by_arxiv_id(papers)
        self._pages: dict[str, HttpResponse] = {}
        # Reversed, so that a page that two papers share is that of the first.
        for paper in reversed(papers):
            self._put_pages_of(paper, ageing=ageing)

    def put(self, url: str, response: HttpResponse) -> None:
        """Sets the response of a web address."""
        parts = urlsplit(url)
        self._pages[_key(parts.netloc, parts.path)] = response

    def get(
        self, host: str, path: str, query: Mapping[str, str], now: datetime
    ) -> HttpResponse:
        """The response of a host to GET at `now`."""
        page = self._pages.get(_key(host, path))
        if page is not None:
            return page
        match host:
            case "arxiv.org":
                return self._get_arxiv_page(path, now)
            case "oaipmh.arxiv.org":
                record = oai_record(self._by_arxiv_id, query, now)
                return HttpResponse(200, _XML, record.encode())
            case "api2.openreview.net":
                return json_response(403, openreview_challenge())
            case "api.crossref.org":
                return self._get_crossref_work(path)
            case "huggingface.co" if path == "/api/papers/search":
                words = query.get("q", "")
                return json_response(200, search_titles(self._by_arxiv_id, words, now))
            case "raw.githubusercontent.com" if "/years/" in path:
                return self._get_year_file(path)
            case _:
                return self._get_project_page(_key(host, path), now)

    def _put_pages_of(self, paper: SamplePaper, *, ageing: bool) -> None:
        if paper.url:
            aged = _aged_page(paper) if ageing else None
            self.put(raw_file(paper.url), aged or _page_of(paper))
        if paper.repository:
            self.put(paper.repository, html_response(repository_page(paper)))
        if paper.pdf:
            self.put(raw_file(paper.pdf), _sample_pdf())

    def _get_arxiv_page(self, path: str, now: datetime) -> HttpResponse:
        """arxiv.org/html/ID and arxiv.org/pdf/ID."""
        _, form, versioned_id = [*path.split("/", 2), "", ""][:3]
        paper = self._by_arxiv_id.get(versioned_id.partition("v")[0])
        if paper is None or paper.versions[0] > now:
            return not_found()
        if form == "pdf" and paper.pdf:
            return _sample_pdf()
        if form == "html" and not paper.pdf:
            return html_response(latexml(paper))
        return not_found()

    def _get_crossref_work(self, path: str) -> HttpResponse:
        doi = unquote(path.removeprefix("/works/"))
        work = crossref_work(self._papers, doi)
        if work is None:
            return HttpResponse(404, "application/json", b"Resource not found.")
        return json_response(200, work)

    def _get_year_file(self, path: str) -> HttpResponse:
        year = int(path.rsplit("/", 1)[1].removesuffix(".md"))
        if year not in {week.ends_on.year for week in self._weeks}:
            return not_found()
        return HttpResponse(200, _TEXT, year_file(year, self._weeks).encode())

    def _get_project_page(self, key: str, now: datetime) -> HttpResponse:
        """A project's page at `now`, with a link to the paper once that is out."""
        for paper in self._papers:
            if paper.page and key == paper.page.removeprefix("https://").rstrip("/"):
                is_published = paper.versions[0] <= now
                return html_response(project_page(paper, published=is_published))
        return not_found()


def papers_by_arxiv_id(papers: Sequence[SamplePaper]) -> dict[str, SamplePaper]:
    """The papers on arXiv by base id; of several with one id, the first."""
    return {paper.arxiv: paper for paper in reversed(papers) if paper.arxiv}


def _key(host: str, path: str) -> str:
    return f"{host}{path}".rstrip("/")


def _sample_pdf() -> HttpResponse:
    return HttpResponse(200, _PDF, PDF_PATH.read_bytes())


def _page_of(paper: SamplePaper) -> HttpResponse:
    """The page of a work, of the kind that fits its address."""
    url = paper.url or ""
    if urlsplit(url).path.lower().endswith(".pdf"):
        return HttpResponse(200, _PDF, small_pdf(paper))
    if identify(url).scheme in _SCHOLARLY:
        return html_response(publisher_page(paper))
    return html_response(work_page(paper))


def _aged_page(paper: SamplePaper) -> HttpResponse | None:
    """The response of a page that has aged: one page in five, always the same ones."""
    digest = hashlib.blake2b((paper.url or "").encode(), digest_size=1).digest()
    match digest[0] % 20:
        case 0 | 1:
            return not_found()
        case 2:
            body = b"<!doctype html><html><body>For subscribers</body></html>"
            return HttpResponse(403, HTML, body)
        case 3:
            return html_response(shell_page(paper))
        case _:
            return None
