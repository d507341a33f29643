"""arXiv's metadata: the query API through the `arxiv` package, a whole week in one request; OAI-PMH when that fails."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import arxiv
import requests

from rindoku.errors import BadInput, RateLimited, SourceUnavailable, Transient
from rindoku.identifiers import ArxivId, find_arxiv_id, parse_arxiv_id
from rindoku.models import PaperVersion, Payload
from rindoku.papers.oai import fetch_records
from rindoku.settings import Settings
from rindoku.web.fetch import make_payload, parse_retry_after
from rindoku.web.pace import arxiv_turn
from rindoku.web.session import Session

API = "https://export.arxiv.org"


@dataclass(frozen=True)
class Metadata:
    """What arXiv said: its raw answers, versions by base id, and notes on what went wrong on the way."""

    payloads: tuple[Payload, ...] = ()
    known: Mapping[str, PaperVersion] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def find_metadata(ids: Sequence[ArxivId], settings: Settings) -> Metadata:
    """Metadata of all `ids`: by one request to the query API; by halves when it refuses the batch; by OAI-PMH when
    it fails or has asked for patience.

    What came back is reconciled with what was asked for: an id that is missing, and a version that is not the one
    asked for, are notes. Raises what the query API raised when OAI-PMH fails as well.
    """
    if not ids:
        return Metadata()
    try:
        found = _by_halves(ids, settings)
    except Transient as error:
        try:
            payloads, known = fetch_records(ids, settings)
        except Transient:
            raise error from None
        found = Metadata(
            tuple(payloads), known, (f"{error.message} OAI-PMH was asked instead.",)
        )
    return replace(found, notes=(*found.notes, *_reconcile(ids, found.known)))


def _by_halves(ids: Sequence[ArxivId], settings: Settings) -> Metadata:
    """One refused id turns a whole batch into a 400: it is found by asking for halves, and left out."""
    try:
        payload, known = fetch_versions(ids, settings)
    except BadInput:
        if len(ids) == 1:
            return Metadata(notes=(f"arXiv refuses the id {ids[0]} (400).",))
        middle = len(ids) // 2
        left, right = (
            _by_halves(ids[:middle], settings),
            _by_halves(ids[middle:], settings),
        )
        return Metadata(
            left.payloads + right.payloads,
            {**left.known, **right.known},
            left.notes + right.notes,
        )
    return Metadata((payload,), known)


def _reconcile(
    ids: Iterable[ArxivId], known: Mapping[str, PaperVersion]
) -> Iterator[str]:
    for arxiv_id in ids:
        paper = known.get(arxiv_id.base)
        if paper is None:
            yield f"arXiv does not know {arxiv_id}."
        elif arxiv_id.version not in {None, paper.version}:
            yield f"arXiv gives v{paper.version} of {arxiv_id.base}, v{arxiv_id.version} was asked for."


def fetch_versions(
    ids: Sequence[ArxivId], settings: Settings
) -> tuple[Payload, dict[str, PaperVersion]]:
    """Metadata of all `ids` by one request: the raw answer, and what it holds by base id.

    Ids arXiv does not know are missing from the result. An id without version gives the newest.
    Raises RateLimited or SourceUnavailable, also for the failures that look like success: an empty
    feed with a 200, an error entry, a feed that breaks off.
    """
    if not ids:
        raise BadInput("No arXiv id to look up.", "Report this as a bug of rindoku.")
    session = _Recorder(settings)
    client = arxiv.Client(page_size=len(ids), delay_seconds=0, num_retries=0)
    client.query_url_format = API + "/api/query?{}"
    client._session = session  # noqa: SLF001 - the package's only way to a time-out and a user agent
    search = arxiv.Search(id_list=[str(i) for i in ids], max_results=len(ids))
    with arxiv_turn(settings, "query"):
        try:
            results = list(client.results(search))
        except arxiv.HTTPError as error:
            raise session.typed(error.status) from None
        except (arxiv.ArxivError, requests.RequestException) as error:
            raise SourceUnavailable(
                f"arXiv did not answer properly ({type(error).__name__})."
            ) from error
    payload = make_payload("arxiv", session.url, 200, session.body)
    versions = (_version(r, payload.payload_id) for r in results)
    return payload, {
        v.paper_id.removeprefix("arxiv:"): v for v in versions if v is not None
    }


class _Recorder(Session):
    """Keeps the last answer, as the package hands out results only."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.user_agent, settings.loopback_url)
        self.url, self.body, self._retry_after = "", b"", ""

    def get(self, url: str | bytes, **kwargs: object) -> requests.Response:
        response = super().get(url, **kwargs)  # type: ignore[arg-type]
        self.url, self.body = str(url), response.content
        self._retry_after = response.headers.get("retry-after", "")
        if response.status_code == 200:
            # At once: of a feed that breaks off the package asks for a next page, and takes both for whole.
            self._check_feed()
        return response

    def typed(self, status: int) -> RateLimited | SourceUnavailable | BadInput:
        if status == 429:
            return RateLimited(
                "arXiv asks for patience (429).",
                retry_after=parse_retry_after(self._retry_after),
            )
        if status == 400:
            return BadInput(
                "arXiv refuses an id of the batch (400).",
                f"The ids were in {self.url}.",
            )
        return SourceUnavailable(
            f"arXiv answers {status}.", retry_after=parse_retry_after(self._retry_after)
        )

    def _check_feed(self) -> None:
        """The package takes each of these for an empty or shorter answer."""
        if b"Rate exceeded" in self.body[:200]:
            raise RateLimited("arXiv answers 200 with 'Rate exceeded'.")
        if b"</feed>" not in self.body[-200:]:
            raise SourceUnavailable("arXiv's feed breaks off.")


def _version(result: arxiv.Result, payload_id: str) -> PaperVersion | None:
    # An error comes as an entry whose address is api/errors: no paper.
    arxiv_id = find_arxiv_id(result.entry_id.replace("http://", "https://"))
    if arxiv_id is None:
        return None
    version = arxiv_id.version or 1
    others = [c for c in result.categories if c != result.primary_category]
    return PaperVersion(
        paper_id=arxiv_id.paper_id,
        kind="arxiv",
        version=version,
        title=" ".join(result.title.split()),
        authors=tuple(" ".join(a.name.split()) for a in result.authors),
        authors_complete=True,
        abstract=" ".join(result.summary.split()),
        published_on=result.published.date(),
        updated_on=result.updated.date(),
        categories=tuple(c for c in [result.primary_category, *others] if c),
        url=f"https://arxiv.org/abs/{arxiv_id.base}v{version}",
        comment=result.comment,
        payload_id=payload_id,
    )


def valid_ids(texts: Iterable[str]) -> list[ArxivId]:
    """The well-formed ids among `texts`: one malformed id would turn the whole batch into a 400."""
    return [i for i in dict.fromkeys(map(parse_arxiv_id, texts)) if i is not None]
