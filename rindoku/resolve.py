"""From an entry's links to the paper behind it: candidates first, then one confirmation by arXiv."""

from collections.abc import Callable, Iterable, Mapping

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from rindoku.documents import clean, pdf_pages
from rindoku.errors import FetchRefused, NoText, NotFound
from rindoku.identifiers import find_arxiv_id, find_arxiv_stamp
from rindoku.links import canonical, raw_file, repository
from rindoku.models import Candidate, Entry, Link, PaperVersion, Payload, Resolution
from rindoku.pages import PageFacts, read_facts

Fetch = Callable[[str], Payload]
_ORDER = {"paper": 0, "project": 1, "code": 2, "other": 3}
_SAME_TITLE = 85.0


def direct_candidate(entry: Entry) -> Candidate | None:
    """The candidate of an entry that links arXiv itself; no network is needed. None for others."""
    for link in _by_use(entry):
        arxiv_id = find_arxiv_id(link.canonical)
        if arxiv_id is not None:
            return Candidate(entry.entry_id, "arxiv link", link.canonical, 1.0, arxiv_id=str(arxiv_id))
    return None


def examine(entry: Entry, fetch: Fetch) -> Candidate:
    """What an entry's other links lead to: the first that can be read decides.

    Dead and refused links are noted in the evidence; transient errors pass through to be retried.
    """
    reasons = []
    for link in _by_use(entry):
        try:
            return _examine_link(entry, link.canonical, fetch)
        except (NotFound, FetchRefused, NoText) as error:
            reasons.append(error.message)
    return Candidate(entry.entry_id, "unresolved", " ".join(reasons) or "The entry has no link to a paper.", 0.0)


def _by_use(entry: Entry) -> list[Link]:
    return sorted((link for link in entry.links if link.role in _ORDER), key=lambda link: _ORDER[link.role])


def _examine_link(entry: Entry, url: str, fetch: Fetch) -> Candidate:
    payload = fetch(raw_file(url))
    if payload.content_type == "pdf":
        return _examine_pdf(entry, payload)
    if payload.content_type != "html":
        raise NoText(f"{payload.url} is {payload.content_type}, neither a page nor a PDF.")
    facts = read_facts(payload.body, payload.url)
    if facts.arxiv_id is None and facts.site and repository(url):
        site = fetch(facts.site)
        if site.content_type == "html":
            return _page_candidate(entry, site, read_facts(site.body, site.url), "project page")
    return _page_candidate(entry, payload, facts, "web page")


def _examine_pdf(entry: Entry, payload: Payload) -> Candidate:
    first_page = next(iter(pdf_pages(payload.body)), "")
    stamp = find_arxiv_stamp(first_page)
    title = next((clean(line) for line in first_page.splitlines() if len(clean(line)) > 15), entry.title)
    if stamp is not None:
        evidence = f"{payload.url} is stamped arXiv:{stamp}"
        return Candidate(entry.entry_id, "arxiv stamp on the PDF", evidence, 1.0, arxiv_id=str(stamp))
    return Candidate(entry.entry_id, "web page", payload.url, 0.6, work=_work(payload, title))


def _page_candidate(entry: Entry, payload: Payload, facts: PageFacts, method: str) -> Candidate:
    work = _work(payload, facts.title, facts)
    if facts.arxiv_id is None:
        return Candidate(entry.entry_id, method, payload.url, 0.8, work=work)
    evidence = f"{payload.url}: {facts.arxiv_why}"
    return Candidate(entry.entry_id, "arxiv id on the page", evidence, 0.9, arxiv_id=str(facts.arxiv_id), work=work)


def _work(payload: Payload, title: str, facts: PageFacts | None = None) -> PaperVersion:
    url = canonical(payload.url)
    return PaperVersion(
        paper_id=f"url:{url}", kind="web", version=0, title=title,
        authors=facts.authors if facts else (), authors_complete=facts.authors_complete if facts else True,
        abstract=None, published_on=facts.published_on if facts else None, updated_on=None, categories=(),
        url=url, comment=None, payload_id=payload.payload_id,
    )  # fmt: skip


def decide(
    entry: Entry, candidate: Candidate, known: Mapping[str, PaperVersion]
) -> tuple[Resolution, PaperVersion | None]:
    """The resolution of an entry, given what arXiv knows (`known`, by base id), and its paper.

    An id found on a page counts only when arXiv's title is the page's or the entry's.
    """
    paper = known.get((candidate.arxiv_id or "").partition("v")[0])
    if paper is not None:
        if candidate.method != "arxiv id on the page" or _same_work(paper, entry, candidate):
            return _resolution(candidate, paper, candidate.evidence), paper
        note = f"{candidate.evidence}, but arXiv calls {paper.paper_id} {paper.title!r}"
    elif candidate.arxiv_id:
        note = f"{candidate.evidence}, but arXiv does not know {candidate.arxiv_id}"
    else:
        note = candidate.evidence
    if candidate.work is not None:
        return _resolution(candidate, candidate.work, note, "web page"), candidate.work
    return Resolution(entry.entry_id, None, None, "unresolved", 0.0, note), None


def _resolution(candidate: Candidate, paper: PaperVersion, evidence: str, fallback: str = "") -> Resolution:
    method = fallback if fallback and candidate.arxiv_id else candidate.method
    return Resolution(candidate.entry_id, paper.paper_id, paper.version, method, candidate.confidence, evidence)


def _same_work(paper: PaperVersion, entry: Entry, candidate: Candidate) -> bool:
    titles: Iterable[str] = (entry.title, candidate.work.title if candidate.work else "")
    return any(
        fuzz.token_set_ratio(title, paper.title, processor=default_process) >= _SAME_TITLE for title in titles if title
    )
