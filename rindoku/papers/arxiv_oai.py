"""arXiv's OAI-PMH interface: the fallback, and the only interface with licences.

It takes two requests per paper (https://info.arxiv.org/help/oa): the format `arXiv` has
the parts of the authors' names, `arXivRaw` the versions with their dates.
"""

from collections.abc import Iterable
from datetime import date
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

from rindoku.errors import FetchRefused, NotFound, RateLimited, SourceUnavailable
from rindoku.identifiers import ArxivId
from rindoku.models import PaperVersion, Payload
from rindoku.papers.metadata import Metadata
from rindoku.settings import Settings
from rindoku.web import arxiv_turn, fetch

BASE = "https://oaipmh.arxiv.org/oai"
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_UNKNOWN_ID = {"idDoesNotExist", "noRecordsMatch", "badArgument"}


def fetch_records(ids: Iterable[ArxivId], settings: Settings) -> Metadata:
    """Metadata of `ids`, two requests each. Raises RateLimited or SourceUnavailable."""
    payloads: list[Payload] = []
    known: dict[str, PaperVersion] = {}
    for arxiv_id in ids:
        described = _fetch(arxiv_id, "arXiv", settings)
        description = _find_record(described)
        if description is None:
            continue
        payloads.append(described)
        listed = _fetch(arxiv_id, "arXivRaw", settings)
        versions = _find_record(listed)
        if versions is None:
            continue
        payloads.append(listed)
        known[arxiv_id.base] = _to_paper(
            arxiv_id, description, versions, described.payload_id
        )
    return Metadata(tuple(payloads), known)


def _fetch(arxiv_id: ArxivId, form: str, settings: Settings) -> Payload:
    query = {
        "verb": "GetRecord",
        "identifier": f"oai:arXiv.org:{arxiv_id.base}",
        "metadataPrefix": form,
    }
    with arxiv_turn(settings, "oai"):
        try:
            return fetch(f"{BASE}?{urlencode(query)}", settings, source="arxiv")
        except SourceUnavailable as error:
            # OAI-PMH signals a rate limit by 503 with Retry-After.
            if error.retry_after is not None:
                raise RateLimited(
                    error.message, error.remedy, error.retry_after
                ) from None
            raise
        except (FetchRefused, NotFound) as error:
            # An unknown id is an answer with an error in it; a 404 is none.
            raise SourceUnavailable(
                f"arXiv's OAI-PMH did not respond: {error.message}"
            ) from error


def _find_record(payload: Payload) -> Element | None:
    """The metadata element of a response; None when arXiv does not know the id."""
    root = _parse_xml(payload.body)
    record: Element | None = root.find(f"{_OAI}GetRecord/{_OAI}record/{_OAI}metadata/*")
    error = root.find(f"{_OAI}error")
    code = error.get("code") if error is not None else None
    if code in _UNKNOWN_ID:
        return None
    if record is None:
        raise SourceUnavailable(
            f"arXiv's OAI-PMH returned no record ({code or 'no reason'})."
        )
    return record


def _parse_xml(body: bytes) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise SourceUnavailable("arXiv's OAI-PMH response is not XML.") from error
    return root


def _to_paper(
    arxiv_id: ArxivId, description: Element, versions: Element, payload_id: str
) -> PaperVersion:
    dates = _version_dates(versions)
    version = max(dates, default=1)
    if arxiv_id.version in dates:
        version = arxiv_id.version
    return PaperVersion(
        paper_id=arxiv_id.paper_id,
        kind="arxiv",
        version=version,
        title=_text(description, "title"),
        authors=tuple(_author_name(author) for author in _all(description, "author")),
        authors_complete=True,
        abstract=_text(description, "abstract"),
        published_on=dates.get(min(dates, default=1)),
        updated_on=dates.get(version),
        categories=tuple(_text(description, "categories").split()),
        url=f"https://arxiv.org/abs/{arxiv_id.base}v{version}",
        comment=_text(description, "comments") or None,
        payload_id=payload_id,
        licence=_text(description, "license") or None,
    )


def _version_dates(versions: Element) -> dict[int, date | None]:
    dates = {}
    for element in _all(versions, "version"):
        number = element.get("version", "v1")[1:]
        if number.isdecimal():
            dates[int(number)] = _parse_day(_text(element, "date"))
    return dates


def _author_name(author: Element) -> str:
    parts = (_text(author, name) for name in ("forenames", "keyname", "suffix"))
    return " ".join(part for part in parts if part)


def _all(parent: Element, name: str) -> list[Element]:
    """All elements with a name below `parent`, in any namespace."""
    return [element for element in parent.iter() if _name(element) == name]


def _text(parent: Element, name: str) -> str:
    """The text, on one line, of the first child with a name; empty without one."""
    for child in parent:
        if _name(child) == name:
            return " ".join((child.text or "").split())
    return ""


def _name(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _parse_day(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, OverflowError):
        return None
