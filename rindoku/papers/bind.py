"""From an entry's links to the paper behind it: what each link leads to, and the decision once arXiv was asked.

Nothing here touches the network: pages come from the `fetch` that is handed in.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from rindoku.documents.characters import clean
from rindoku.documents.markdown import markdown_as_html
from rindoku.documents.pdf import pdf_first_page
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
from rindoku.links import canonical, raw_file, repository
from rindoku.models import (
    Candidate,
    Entry,
    Link,
    LinkCheck,
    LinkState,
    PaperVersion,
    Payload,
    Resolution,
    ScoredId,
)
from rindoku.papers.pages.facts import PageFacts, read_facts
from rindoku.papers.records import (
    Record,
    crossref_url,
    openreview_url,
    read_citation_file,
    read_crossref,
    read_openreview,
    read_title_search,
    title_search_url,
)

# Address and source (web pages ask robots.txt, records of a service do not) to what it gives.
Fetch = Callable[[str, str], Payload]
_ORDER = {"paper": 0, "project": 1, "code": 2, "other": 3}
_SAME_TITLE, _FOUND_TITLE = 85.0, 95.0
_MOST_CANDIDATES = 5
_SEARCHED, _SEARCHED_SCORE = "a search for the title finds it", 0.9
_WORTH_ASKING = 0.0
_STATES: tuple[tuple[type[Permanent], LinkState], ...] = (
    (NotFound, "dead"),
    (Paywalled, "paywalled"),
    (RobotsRefused, "robots"),
    (FetchRefused, "refused"),
    (ScriptOnly, "script only"),
    (NoText, "no text"),
)


def direct_candidate(entry: Entry) -> Candidate | None:
    """The candidate of an entry that links arXiv itself; no network is needed. None for others."""
    for link in _by_use(entry):
        arxiv_id = find_arxiv_id(link.canonical)
        if arxiv_id is not None:
            own = ScoredId(str(arxiv_id), 3.0, "the entry links it")
            return Candidate(
                entry.entry_id, "arxiv link", link.canonical, 1.0, (own,), str(arxiv_id)
            )
    return None


def examine(entry: Entry, fetch: Fetch) -> Candidate:
    """What an entry's links lead to: the first that can be read decides.

    What became of each is in `checks`: dead, paywalled and refused links are reasons, not failures. Transient
    errors pass through to be retried.
    """
    checks: list[LinkCheck] = []
    for link in _by_use(entry):
        try:
            found = _search_title(_examine_link(entry, link.canonical, fetch), fetch)
        except (NotFound, FetchRefused, NoText) as error:
            state = next(state for kind, state in _STATES if isinstance(error, kind))
            checks.append(LinkCheck(link.canonical, state, error.message))
            continue
        read_at = found.work.url if found.work else link.canonical
        checks.append(LinkCheck(link.canonical, "read", read_at=read_at))
        return replace(found, checks=tuple(checks))
    reasons = " ".join(c.reason for c in checks) or "The entry has no link to a paper."
    return Candidate(entry.entry_id, "unresolved", reasons, 0.0, checks=tuple(checks))


def worth_asking(candidate: Candidate) -> list[ScoredId]:
    """The ids that arXiv is asked about: not those that stand only in lists of others."""
    return [c for c in candidate.arxiv_ids if c.score > _WORTH_ASKING]


def unreachable(entry: Entry, reason: str) -> Candidate:
    """The candidate of an entry whose links did not answer, however often they were asked."""
    checks = tuple(
        LinkCheck(link.canonical, "unreachable", reason) for link in _by_use(entry)[:1]
    )
    return Candidate(entry.entry_id, "unresolved", reason, 0.0, checks=checks)


def _by_use(entry: Entry) -> list[Link]:
    return sorted(
        (link for link in entry.links if link.role in _ORDER),
        key=lambda link: _ORDER[link.role],
    )


def _examine_link(entry: Entry, url: str, fetch: Fetch) -> Candidate:
    named = identify(url)
    if named.scheme == "openreview" and not named.value.endswith(".pdf"):
        try:
            return _from_openreview(entry, named, fetch)
        except (NotFound, FetchRefused, NoText):
            # The API asks for a person now and then; the page may still answer.
            return _examine_page(entry, url, fetch)
    if named.scheme in {"doi", "biorxiv", "medrxiv"}:
        try:
            return _examine_page(entry, url, fetch)
        except (FetchRefused, NoText) as error:
            return _from_crossref(entry, named, url, error, fetch)
    return _examine_page(entry, url, fetch)


def _examine_page(entry: Entry, url: str, fetch: Fetch) -> Candidate:
    payload = fetch(raw_file(url), "web")
    _check_not_home(url, payload)
    return examine_payload(entry, payload, fetch)


def examine_payload(entry: Entry, payload: Payload, fetch: Fetch | None) -> Candidate:
    """What a page or PDF that is at hand leads to; without `fetch` nothing further is opened.

    Raises NoText for what is neither, ScriptOnly for a page without text.
    """
    payload = markdown_as_html(payload)
    if payload.content_type == "pdf":
        return _examine_pdf(entry, payload)
    if payload.content_type != "html":
        raise NoText(
            f"{payload.url} is {payload.content_type}, neither a page nor a PDF."
        )
    facts = read_facts(payload.body, payload.url)
    if facts.script_only and not facts.candidates:
        raise ScriptOnly(
            f"{payload.url} holds no text until a browser runs its scripts."
        )
    found = _page_candidate(entry, payload, facts)
    if fetch is not None and found.chosen is None and repository(payload.url):
        return _from_repository(entry, payload, facts, found, fetch)
    return found


def _check_not_home(url: str, payload: Payload) -> None:
    """A deep link that ends at its own site's front page is dead, whatever the status says."""
    asked, got = urlsplit(url), urlsplit(payload.url)
    same_site = (asked.hostname or "").removeprefix("www.") == (
        got.hostname or ""
    ).removeprefix("www.")
    if (
        same_site
        and asked.path.strip("/").count("/") >= 1
        and not got.path.strip("/")
        and not got.query
    ):
        raise NotFound(
            f"{url} leads to the front page of {got.hostname}.", "The page is gone."
        )


def _examine_pdf(entry: Entry, payload: Payload) -> Candidate:
    first_page = pdf_first_page(payload.body)
    stamp = find_arxiv_stamp(first_page.text)
    work = _work(payload, first_page.title or entry.title)
    if stamp is None:
        return Candidate(entry.entry_id, "pdf", payload.url, 0.6, work=work)
    evidence = f"{payload.url} is stamped arXiv:{stamp}"
    own = ScoredId(str(stamp), 3.0, "stamped on the first page")
    return Candidate(
        entry.entry_id,
        "arxiv stamp on the PDF",
        evidence,
        1.0,
        (own,),
        str(stamp),
        work,
    )


def _page_candidate(
    entry: Entry, payload: Payload, facts: PageFacts, method: str = "web page"
) -> Candidate:
    work = _work(payload, facts.title, facts)
    ids = facts.candidates[:_MOST_CANDIDATES]
    if facts.arxiv_id is None:
        return Candidate(entry.entry_id, method, payload.url, 0.8, ids, None, work)
    evidence = f"{payload.url}: {facts.arxiv_why}"
    return Candidate(
        entry.entry_id, "arxiv id on the page", evidence, 0.9, ids, facts.arxiv_id, work
    )


def _from_repository(
    entry: Entry, payload: Payload, facts: PageFacts, found: Candidate, fetch: Fetch
) -> Candidate:
    """A repository without a badge: its CITATION.cff, else the project page its README sends readers to."""
    owner, name = repository(payload.url) or ("", "")
    if b"CITATION.cff" in payload.body:
        cited = _try(
            lambda: fetch(
                f"https://raw.githubusercontent.com/{owner}/{name}/HEAD/CITATION.cff",
                "github",
            )
        )
        record = read_citation_file(cited.body) if cited else None
        if record is not None and record.arxiv_id:
            own = ScoredId(record.arxiv_id, 2.0, "CITATION.cff names it")
            work = (
                replace(found.work, title=record.title, authors=record.authors)
                if found.work
                else None
            )
            return Candidate(
                entry.entry_id,
                "arxiv id on the page",
                f"{payload.url}: CITATION.cff names it",
                0.9,
                (own, *found.arxiv_ids)[:_MOST_CANDIDATES],
                record.arxiv_id,
                work,
            )
    site = _try(lambda: fetch(facts.site or "", "web")) if facts.site else None
    if site is not None and site.content_type == "html":
        return _page_candidate(
            entry, site, read_facts(site.body, site.url), "project page"
        )
    return found


def _from_openreview(entry: Entry, named: Identifier, fetch: Fetch) -> Candidate:
    payload = fetch(openreview_url(named), "openreview")
    record = read_openreview(payload.body)
    work = _record_work(named, record, payload)
    return Candidate(
        entry.entry_id,
        "openreview",
        f"OpenReview's record of {named.value}",
        0.95,
        work=work,
    )


def _from_crossref(
    entry: Entry, named: Identifier, url: str, reason: Permanent, fetch: Fetch
) -> Candidate:
    """A publisher's page that can't be read still has a public record."""
    payload = _try(lambda: fetch(crossref_url(named.value), "crossref"))
    if payload is None:
        raise reason
    work = replace(_record_work(named, read_crossref(payload.body), payload), url=url)
    evidence = f"Crossref's record of {named.value}; {reason.message}"
    return Candidate(entry.entry_id, "doi record", evidence, 0.9, work=work)


def _search_title(found: Candidate, fetch: Fetch) -> Candidate:
    """Asks for the title when the page named no id of its own: the paper may be on arXiv all the same."""
    if (
        found.chosen is not None
        or found.work is None
        or len(found.work.title.split()) < 4
    ):
        return found
    try:
        payload = fetch(title_search_url(found.work.title), "huggingface")
    except (NotFound, FetchRefused, Transient):
        # What the page says is enough without it, and looking again comes anyway.
        return found
    for record in read_title_search(payload.body):
        if (
            _same_title(found.work.title, record.title) >= _FOUND_TITLE
            and record.arxiv_id
        ):
            searched = ScoredId(record.arxiv_id, _SEARCHED_SCORE, _SEARCHED)
            others = tuple(c for c in found.arxiv_ids if c.base != searched.base)
            return replace(found, arxiv_ids=(searched, *others)[:_MOST_CANDIDATES])
    return found


def _try(get: Callable[[], Payload]) -> Payload | None:
    """What a helper gives, None when it has nothing: helpers add, they are not needed."""
    try:
        return get()
    except (NotFound, FetchRefused, NoText):
        return None


def _work(payload: Payload, title: str, facts: PageFacts | None = None) -> PaperVersion:
    url = canonical(payload.url)
    named = (
        identify(f"https://doi.org/{facts.doi}")
        if facts and facts.doi
        else identify(url)
    )
    scholarly = named.scheme in {
        "openreview",
        "doi",
        "biorxiv",
        "medrxiv",
        "acl",
        "pmlr",
    }
    return PaperVersion(
        paper_id=named.paper_id if scholarly else f"url:{url}",
        kind="web",
        version=0,
        title=title,
        authors=facts.authors if facts else (),
        authors_complete=facts.authors_complete if facts else True,
        abstract=facts.abstract if facts else None,
        published_on=facts.published_on if facts else None,
        updated_on=None,
        categories=(),
        url=url,
        comment=None,
        payload_id=payload.payload_id,
    )


def _record_work(named: Identifier, record: Record, payload: Payload) -> PaperVersion:
    return PaperVersion(
        paper_id=named.paper_id,
        kind="web",
        version=0,
        title=record.title,
        authors=record.authors,
        authors_complete=True,
        abstract=record.abstract,
        published_on=record.published_on,
        updated_on=None,
        categories=(),
        url=named.url,
        comment=record.venue,
        payload_id=payload.payload_id,
    )


def decide(
    entry: Entry, candidate: Candidate, known: Mapping[str, PaperVersion]
) -> tuple[Resolution, PaperVersion | None]:
    """The resolution of an entry, given what arXiv knows (`known`, by base id), and its paper.

    An id found on a page counts only when arXiv's title is the page's or the entry's; of several, the first that
    is confirmed so.
    """
    notes = []
    for scored in worth_asking(candidate):
        paper = known.get(scored.base)
        if paper is None:
            notes.append(f"arXiv does not know {scored.arxiv_id}")
        elif candidate.method in {"arxiv link", "arxiv stamp on the PDF"}:
            return _resolution(
                candidate,
                paper,
                candidate.method,
                candidate.evidence,
                candidate.confidence,
            ), paper
        elif _is_same_work(paper, entry, candidate, scored):
            method = (
                "title search" if scored.why == _SEARCHED else "arxiv id on the page"
            )
            evidence = f"{candidate.work.url if candidate.work else candidate.evidence}: {scored.why}; arXiv confirms the title"
            return _resolution(candidate, paper, method, evidence, 0.95), paper
        else:
            notes.append(f"arXiv calls {paper.paper_id} {paper.title!r}")
    evidence = ", but ".join([candidate.evidence, *notes[:1]])
    if candidate.work is not None:
        method = (
            "web page"
            if candidate.method == "arxiv id on the page"
            else candidate.method
        )
        return _resolution(
            candidate, candidate.work, method, evidence, candidate.confidence
        ), candidate.work
    return Resolution(
        entry.entry_id, None, None, "unresolved", 0.0, evidence, candidate.arxiv_ids
    ), None


def _resolution(
    candidate: Candidate,
    paper: PaperVersion,
    method: str,
    evidence: str,
    confidence: float,
) -> Resolution:
    return Resolution(
        candidate.entry_id,
        paper.paper_id,
        paper.version,
        method,
        confidence,
        evidence,
        candidate.arxiv_ids,
    )


def _is_same_work(
    paper: PaperVersion, entry: Entry, candidate: Candidate, scored: ScoredId
) -> bool:
    """Whether arXiv's title is the page's or the entry's; an id the page hardly speaks for needs the whole title."""
    titles = [
        t for t in (candidate.work.title if candidate.work else "", entry.title) if t
    ]
    if scored.score < 1:
        return any(_same_title(title, paper.title) >= _SAME_TITLE for title in titles)
    return any(
        fuzz.token_set_ratio(t, paper.title, processor=default_process) >= _SAME_TITLE
        for t in titles
    )


def _same_title(title: str, other: str) -> float:
    return float(
        fuzz.token_sort_ratio(clean(title), clean(other), processor=default_process)
    )
