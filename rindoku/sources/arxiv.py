"""arXiv's query API through the `arxiv` package: metadata of a whole week in one request."""

from collections.abc import Iterable, Sequence

import arxiv
import requests

from rindoku.errors import BadInput, RateLimited, SourceUnavailable
from rindoku.fetch import make_payload, parse_retry_after
from rindoku.identifiers import ArxivId, find_arxiv_id, parse_arxiv_id
from rindoku.models import PaperVersion, Payload
from rindoku.pace import arxiv_turn
from rindoku.settings import Settings
from rindoku.sources.http import Session

API = "https://export.arxiv.org"


def fetch_versions(ids: Sequence[ArxivId], settings: Settings) -> tuple[Payload, dict[str, PaperVersion]]:
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
    with arxiv_turn(settings):
        try:
            results = list(client.results(search))
        except arxiv.HTTPError as error:
            raise session.typed(error.status) from None
        except (arxiv.ArxivError, requests.RequestException) as error:
            raise SourceUnavailable(f"arXiv did not answer properly ({type(error).__name__}).") from error
        session.check_feed()
    payload = make_payload("arxiv", session.url, 200, session.body)
    versions = (_version(r, payload.payload_id) for r in results)
    return payload, {v.paper_id.removeprefix("arxiv:"): v for v in versions if v is not None}


class _Recorder(Session):
    """Keeps the last answer, as the package hands out results only."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.user_agent, settings.loopback_url)
        self.url, self.body, self._retry_after = "", b"", ""

    def get(self, url: str | bytes, **kwargs: object) -> requests.Response:
        response = super().get(url, **kwargs)  # type: ignore[arg-type]
        self.url, self.body = str(url), response.content
        self._retry_after = response.headers.get("retry-after", "")
        return response

    def typed(self, status: int) -> RateLimited | SourceUnavailable | BadInput:
        if status == 429:
            return RateLimited("arXiv asks for patience (429).", retry_after=parse_retry_after(self._retry_after))
        if status == 400:
            return BadInput("arXiv refuses an id of the batch (400).", f"The ids were in {self.url}.")
        return SourceUnavailable(f"arXiv answers {status}.", retry_after=parse_retry_after(self._retry_after))

    def check_feed(self) -> None:
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
