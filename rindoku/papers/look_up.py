"""Looks up what the links of an entry lead to, before arXiv confirms anything.

Nothing here uses the network or the archive: pages come from the `fetch` that the
caller passes in.
"""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from rindoku.documents import markdown_as_html, pdf_first_page
from rindoku.errors import (
    FetchRefused,
    NoText,
    NotFound,
    Paywalled,
    Permanent,
    RobotsRefused,
    ScriptOnly,
    Transient,
)
from rindoku.identifiers import Identifier, find_arxiv_id, find_arxiv_stamp, identify
from rindoku.links import raw_file, repository
from rindoku.models import (
    Candidate,
    Entry,
    Link,
    LinkCheck,
    LinkState,
    Payload,
    ScoredId,
)
from rindoku.papers.methods import Method
from rindoku.papers.pages import PageFacts, read_facts
from rindoku.papers.records import (
    RECORD_SERVICES,
    Record,
    RecordService,
    read_citation_file,
    read_title_search,
    title_search_url,
)
from rindoku.papers.similarity import is_found_title
from rindoku.papers.works import work_of_page, work_of_pdf, work_of_record

# Takes an address and the name of its source; robots.txt is respected for "web".
Fetch = Callable[[str, str], Payload]
_ORDER_OF_ROLES = {"paper": 0, "project": 1, "code": 2, "other": 3}
_MOST_CANDIDATES = 5
_LEAST_WORDS_TO_SEARCH = 4
# Scores of ids that were not found in the text of a page.
_STATED_SCORE = 3.0
_CITATION_FILE_SCORE = 2.0
_SEARCH_SCORE = 0.9
_STATES: tuple[tuple[type[Permanent], LinkState], ...] = (
    (NotFound, "dead"),
    (Paywalled, "paywalled"),
    (RobotsRefused, "robots"),
    (FetchRefused, "refused"),
    (ScriptOnly, "script only"),
    (NoText, "no text"),
)


def direct_candidate(entry: Entry) -> Candidate | None:
    """The candidate of an entry that links arXiv itself, else None."""
    for link in _links_in_order(entry):
        arxiv_id = find_arxiv_id(link.canonical)
        if arxiv_id is not None:
            scored = ScoredId(str(arxiv_id), _STATED_SCORE, "the entry links it")
            return Candidate(
                entry_id=entry.entry_id,
                method=Method.ARXIV_LINK,
                evidence=link.canonical,
                confidence=1.0,
                arxiv_ids=(scored,),
                chosen=str(arxiv_id),
            )
    return None


def look_up_links(entry: Entry, fetch: Fetch) -> Candidate:
    """What the links of an entry lead to: the first one that can be read decides.

    `checks` of the result has the state of each link that was opened; dead, paywalled
    and refused links are states, not errors. Transient errors are raised, so that the
    caller can retry.
    """
    checks: list[LinkCheck] = []
    for link in _links_in_order(entry):
        try:
            candidate = _look_up_link(entry, link.canonical, fetch)
            candidate = _search_title(candidate, fetch)
        except (NotFound, FetchRefused, NoText) as error:
            checks.append(LinkCheck(link.canonical, _state_of(error), error.message))
            continue
        read_at = candidate.work.url if candidate.work else link.canonical
        checks.append(LinkCheck(link.canonical, "read", read_at=read_at))
        return replace(candidate, checks=(*checks, *candidate.checks))
    reasons = " ".join(check.reason for check in checks)
    return Candidate(
        entry_id=entry.entry_id,
        method=Method.UNRESOLVED,
        evidence=reasons or "The entry has no link to a paper.",
        confidence=0.0,
        checks=tuple(checks),
    )


def look_up_payload(entry: Entry, payload: Payload, fetch: Fetch | None) -> Candidate:
    """What a page or PDF leads to; without `fetch`, no further page is opened.

    Raises NoText when the payload is neither, ScriptOnly for a page without text.
    """
    payload = markdown_as_html(payload)
    if payload.content_type == "pdf":
        return _pdf_candidate(entry, payload)
    if payload.content_type != "html":
        raise NoText(
            f"{payload.url} is {payload.content_type}, neither a page nor a PDF."
        )
    facts = read_facts(payload.body, payload.url)
    if facts.script_only and not facts.candidates:
        raise ScriptOnly(f"{payload.url} has no text until a browser runs its scripts.")
    candidate = _page_candidate(entry, payload, facts)
    if candidate.chosen is None and fetch is not None and repository(payload.url):
        return _repository_candidate(entry, payload, facts, fetch) or candidate
    return candidate


def unreachable_candidate(entry: Entry, reason: str) -> Candidate:
    """The candidate of an entry whose links did not respond in any attempt."""
    first = _links_in_order(entry)[:1]
    checks = [LinkCheck(link.canonical, "unreachable", reason) for link in first]
    return Candidate(
        entry_id=entry.entry_id,
        method=Method.UNRESOLVED,
        evidence=reason,
        confidence=0.0,
        checks=tuple(checks),
    )


def _links_in_order(entry: Entry) -> list[Link]:
    """Links to papers first, then project pages, code and others; no posts."""
    links = [link for link in entry.links if link.role in _ORDER_OF_ROLES]
    return sorted(links, key=lambda link: _ORDER_OF_ROLES[link.role])


def _state_of(error: Permanent) -> LinkState:
    return next(state for kind, state in _STATES if isinstance(error, kind))


def _look_up_link(entry: Entry, url: str, fetch: Fetch) -> Candidate:
    identifier = identify(url)
    service = RECORD_SERVICES.get(identifier.scheme)
    if service is None or not service.has_record(identifier):
        return _look_up_page(entry, url, fetch)
    if service.asked_first:
        try:
            return _record_candidate(entry, service, identifier, fetch)
        except (NotFound, FetchRefused, NoText):
            # The service may block programs; the page may still respond.
            return _look_up_page(entry, url, fetch)
    try:
        return _look_up_page(entry, url, fetch)
    except (FetchRefused, NoText) as error:
        try:
            candidate = _record_candidate(entry, service, identifier, fetch)
        except (NotFound, FetchRefused):
            raise error from None
        return _at_page(candidate, url, error)


def _look_up_page(entry: Entry, url: str, fetch: Fetch) -> Candidate:
    payload = fetch(raw_file(url), "web")
    _check_not_front_page(url, payload)
    return look_up_payload(entry, payload, fetch)


def _check_not_front_page(url: str, payload: Payload) -> None:
    """Raises NotFound for a deep link that redirects to the front page of its site."""
    linked = urlsplit(url)
    reached = urlsplit(payload.url)
    if _site(linked.hostname) != _site(reached.hostname):
        return
    is_deep = "/" in linked.path.strip("/")
    is_front_page = not reached.path.strip("/") and not reached.query
    if is_deep and is_front_page:
        raise NotFound(
            f"{url} leads to the front page of {reached.hostname}.", "The page is gone."
        )


def _site(host: str | None) -> str:
    return (host or "").removeprefix("www.")


def _pdf_candidate(entry: Entry, payload: Payload) -> Candidate:
    first_page = pdf_first_page(payload.body)
    stamp = find_arxiv_stamp(first_page.text)
    work = work_of_pdf(payload, first_page.title or entry.title)
    if stamp is None:
        return Candidate(
            entry_id=entry.entry_id,
            method=Method.PDF,
            evidence=payload.url,
            confidence=0.6,
            work=work,
        )
    scored = ScoredId(str(stamp), _STATED_SCORE, "stamped on the first page")
    return Candidate(
        entry_id=entry.entry_id,
        method=Method.ARXIV_STAMP,
        evidence=f"{payload.url} is stamped arXiv:{stamp}",
        confidence=1.0,
        arxiv_ids=(scored,),
        chosen=str(stamp),
        work=work,
    )


def _page_candidate(
    entry: Entry, payload: Payload, facts: PageFacts, method: Method = Method.WEB_PAGE
) -> Candidate:
    candidate = Candidate(
        entry_id=entry.entry_id,
        method=method,
        evidence=payload.url,
        confidence=0.8,
        arxiv_ids=facts.candidates[:_MOST_CANDIDATES],
        work=work_of_page(payload, facts),
    )
    if facts.arxiv_id is None:
        return candidate
    return replace(
        candidate,
        method=Method.ARXIV_ON_PAGE,
        evidence=f"{payload.url}: {facts.arxiv_why}",
        confidence=0.9,
        chosen=facts.arxiv_id,
    )


def _repository_candidate(
    entry: Entry, payload: Payload, facts: PageFacts, fetch: Fetch
) -> Candidate | None:
    """What a repository whose page names no paper leads to, else None.

    Its CITATION.cff decides, else the project page that its README links.
    """
    record = _fetch_citation_file(payload, fetch)
    if record is not None and record.arxiv_id:
        candidate = _page_candidate(entry, payload, facts)
        return _with_cited_id(candidate, record, record.arxiv_id)
    if not facts.site:
        return None
    try:
        site = fetch(facts.site, "web")
        site_facts = _facts_of(site)
    except (NotFound, FetchRefused, NoText) as error:
        check = LinkCheck(facts.site, _state_of(error), error.message)
        return replace(_page_candidate(entry, payload, facts), checks=(check,))
    return _page_candidate(entry, site, site_facts, Method.PROJECT_PAGE)


def _facts_of(page: Payload) -> PageFacts:
    """What a page says. Raises NoText when it is none."""
    if page.content_type != "html":
        raise NoText(f"{page.url} is {page.content_type}, not a page.")
    return read_facts(page.body, page.url)


def _fetch_citation_file(payload: Payload, fetch: Fetch) -> Record | None:
    if b"CITATION.cff" not in payload.body:
        return None
    owner, name = repository(payload.url) or ("", "")
    url = f"https://raw.githubusercontent.com/{owner}/{name}/HEAD/CITATION.cff"
    citation_file = _fetch_optional(url, "github", fetch)
    return read_citation_file(citation_file.body) if citation_file else None


def _with_cited_id(candidate: Candidate, record: Record, arxiv_id: str) -> Candidate:
    why = "in CITATION.cff"
    scored = ScoredId(arxiv_id, _CITATION_FILE_SCORE, why)
    work = candidate.work
    if work is not None:
        work = replace(work, title=record.title, authors=record.authors)
    return replace(
        candidate,
        method=Method.ARXIV_ON_PAGE,
        evidence=f"{candidate.evidence}: {why}",
        confidence=0.9,
        arxiv_ids=(scored, *candidate.arxiv_ids)[:_MOST_CANDIDATES],
        chosen=arxiv_id,
        work=work,
    )


def _record_candidate(
    entry: Entry, service: RecordService, identifier: Identifier, fetch: Fetch
) -> Candidate:
    payload = fetch(service.url_of(identifier), service.source)
    record = service.read(payload.body)
    return Candidate(
        entry_id=entry.entry_id,
        method=service.method,
        evidence=f"{service.name}'s record of {identifier.value}",
        confidence=service.confidence,
        work=work_of_record(identifier, record, payload),
    )


def _at_page(candidate: Candidate, url: str, error: Permanent) -> Candidate:
    """The candidate of a record, at the address of the page that can't be read."""
    work = replace(candidate.work, url=url) if candidate.work else None
    evidence = f"{candidate.evidence}; {error.message}"
    return replace(candidate, evidence=evidence, work=work)


def _search_title(candidate: Candidate, fetch: Fetch) -> Candidate:
    """Adds the id that a title search finds, if no id was chosen from the page."""
    work = candidate.work
    if candidate.chosen is not None or work is None:
        return candidate
    if len(work.title.split()) < _LEAST_WORDS_TO_SEARCH:
        return candidate
    try:
        payload = fetch(title_search_url(work.title), "huggingface")
    except (NotFound, FetchRefused, Transient):
        # The search is optional, and rebinding repeats it.
        return candidate
    for record in read_title_search(payload.body):
        if record.arxiv_id and is_found_title(work.title, record.title):
            return _with_searched_id(candidate, record.arxiv_id)
    return candidate


def _with_searched_id(candidate: Candidate, arxiv_id: str) -> Candidate:
    searched = ScoredId(
        arxiv_id, _SEARCH_SCORE, "found by searching for the title", found_by="search"
    )
    others = [scored for scored in candidate.arxiv_ids if scored.base != searched.base]
    return replace(candidate, arxiv_ids=(searched, *others)[:_MOST_CANDIDATES])


def _fetch_optional(url: str | None, source: str, fetch: Fetch) -> Payload | None:
    """A page with optional information; None when it can't be read."""
    if not url:
        return None
    try:
        return fetch(url, source)
    except (NotFound, FetchRefused, NoText):
        return None
