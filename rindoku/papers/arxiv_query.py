"""arXiv's query API, through the package `arxiv`: many papers in one request."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import arxiv
import requests

from rindoku.errors import BadInput, RateLimited, RindokuError, SourceUnavailable
from rindoku.identifiers import ArxivId, find_arxiv_id
from rindoku.models import PaperVersion
from rindoku.papers.metadata import Metadata
from rindoku.settings import Settings
from rindoku.web import arxiv_turn, make_payload, parse_retry_after
from rindoku.web.session import Session

API = "https://export.arxiv.org"
_ENTRY = re.compile(rb"<entry[\s>]")
_TOTAL = re.compile(rb"totalResults[^>]*>\s*(\d+)\s*<")
_DATE = re.compile(rb"<(?P<name>published|updated)>(?P<text>[^<]*)</(?P=name)>")
# The package fails on a date that it can't read; this one stands for it.
_UNREADABLE = b"0001-01-01T00:00:00Z"


def fetch_versions(ids: Sequence[ArxivId], settings: Settings) -> Metadata:
    """Metadata of all `ids` by one request; an id without version gives the newest.

    Raises RateLimited or SourceUnavailable, also for failures with status 200 (a
    rate-limit message, a truncated feed, fewer entries than it announces), and BadInput
    when arXiv rejects one of the ids (400).
    """
    if not ids:
        raise BadInput("No arXiv id to look up.", "Report this as a bug in rindoku.")
    session = _RecordingSession(settings)
    client = arxiv.Client(page_size=len(ids), delay_seconds=0, num_retries=0)
    client.query_url_format = API + "/api/query?{}"
    # The package has no other way to set a time-out and a user agent.
    client._session = session  # noqa: SLF001
    search = arxiv.Search(id_list=[str(i) for i in ids], max_results=len(ids))
    results: list[arxiv.Result] = []
    with arxiv_turn(settings, "query"):
        try:
            results.extend(client.results(search))
        except _SecondPageError:
            # All entries are on the first page, less those that the package skipped.
            pass
        except arxiv.HTTPError as error:
            raise session.error_for(error.status) from None
        except (arxiv.ArxivError, requests.RequestException) as error:
            raise SourceUnavailable(
                f"arXiv did not respond ({type(error).__name__})."
            ) from error
    payload = make_payload("arxiv", session.url, 200, session.body)
    papers = (_to_paper(result, payload.payload_id) for result in results)
    return Metadata((payload,), _by_base_id(papers))


def _by_base_id(papers: Iterable[PaperVersion | None]) -> dict[str, PaperVersion]:
    return {
        paper.paper_id.removeprefix("arxiv:"): paper
        for paper in papers
        if paper is not None
    }


class _SecondPageError(Exception):
    """The package asks for more, as it skipped an entry of the only page."""


class _RecordingSession(Session):
    """Keeps the raw response, which the package does not return, and checks it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.user_agent, settings.loopback_url)
        self.url = ""
        self.body = b""
        self._retry_after: float | None = None

    def get(self, url: str | bytes, **kwargs: object) -> requests.Response:
        if self.body:
            raise _SecondPageError
        response = super().get(url, **kwargs)  # type: ignore[arg-type]
        self.url = str(url)
        self.body = response.content
        self._retry_after = parse_retry_after(response.headers.get("retry-after"))
        if response.status_code == 200:
            # Checked here, because the package treats a truncated feed as a complete
            # page and requests the next one.
            self._check_feed()
            # requests has no other way to change what the package is given.
            response._content = _DATE.sub(_readable_date, self.body)  # noqa: SLF001
        return response

    def error_for(self, status: int) -> RindokuError:
        """The error for an HTTP error status."""
        if status == 429:
            return RateLimited(
                "arXiv is rate-limited (429).", retry_after=self._retry_after
            )
        if status == 400:
            return BadInput(
                "arXiv rejected one of the ids (400).",
                f"The request was {self.url}.",
            )
        return SourceUnavailable(
            f"arXiv returned {status}.", retry_after=self._retry_after
        )

    def _check_feed(self) -> None:
        """Raises for responses that the package would treat as empty or short feeds."""
        if b"Rate exceeded" in self.body[:200]:
            raise RateLimited("arXiv returned 200 with 'Rate exceeded'.")
        if b"</feed>" not in self.body[-200:]:
            raise SourceUnavailable("arXiv's feed is truncated.")
        announced = _TOTAL.search(self.body)
        entries = len(_ENTRY.findall(self.body))
        if announced is not None and entries < int(announced[1][:9]):
            raise SourceUnavailable(
                f"arXiv's feed has {entries} of {int(announced[1][:9])} entries."
            )


def _readable_date(match: re.Match[bytes]) -> bytes:
    """A date of the feed as it is, or what stands for one that can't be read."""
    try:
        datetime.fromisoformat(match["text"].decode().strip())
    except ValueError:
        name = match["name"]
        return b"<%s>%s</%s>" % (name, _UNREADABLE, name)
    return match[0]


def _day(instant: datetime) -> date | None:
    return None if instant.year == 1 else instant.date()


def _to_paper(result: arxiv.Result, payload_id: str) -> PaperVersion | None:
    """The paper of a result; None for an error, which arXiv sends as an entry."""
    arxiv_id = find_arxiv_id(result.entry_id.replace("http://", "https://"))
    if arxiv_id is None:
        return None
    version = arxiv_id.version or 1
    categories = dict.fromkeys([result.primary_category, *result.categories])
    return PaperVersion(
        paper_id=arxiv_id.paper_id,
        kind="arxiv",
        version=version,
        title=_on_one_line(result.title),
        authors=tuple(_on_one_line(author.name) for author in result.authors),
        authors_complete=True,
        abstract=_on_one_line(result.summary),
        published_on=_day(result.published),
        updated_on=_day(result.updated),
        categories=tuple(category for category in categories if category),
        url=f"https://arxiv.org/abs/{arxiv_id.base}v{version}",
        comment=result.comment,
        payload_id=payload_id,
    )


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
