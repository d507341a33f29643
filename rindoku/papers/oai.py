"""arXiv's second route, OAI-PMH: one record a request, and the only one that tells the licence.

https://info.arxiv.org/help/oa: `arXiv` has the authors apart, `arXivRaw` the versions with their dates.
"""

from collections.abc import Iterable
from datetime import date
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from rindoku.errors import FetchRefused, RateLimited, SourceUnavailable
from rindoku.identifiers import ArxivId
from rindoku.models import PaperVersion, Payload
from rindoku.settings import Settings
from rindoku.web.fetch import fetch
from rindoku.web.pace import arxiv_turn

BASE = "https://oaipmh.arxiv.org/oai"
_OAI = "{http://www.openarchives.org/OAI/2.0/}"


def fetch_records(
    ids: Iterable[ArxivId], settings: Settings
) -> tuple[list[Payload], dict[str, PaperVersion]]:
    """Metadata of `ids`, two requests each: the raw answers, and what they hold by base id; unknown ids are missing.

    Raises RateLimited or SourceUnavailable.
    """
    payloads: list[Payload] = []
    known: dict[str, PaperVersion] = {}
    for arxiv_id in ids:
        parts = {}
        for prefix in ("arXiv", "arXivRaw"):
            payload = _get(arxiv_id, prefix, settings)
            parts[prefix] = _record(payload)
            if parts[prefix] is None:
                break
            payloads.append(payload)
        record, raw = parts.get("arXiv"), parts.get("arXivRaw")
        if record is not None and raw is not None:
            known[arxiv_id.base] = _version(
                arxiv_id, record, raw, payloads[-2].payload_id
            )
    return payloads, known


def _get(arxiv_id: ArxivId, prefix: str, settings: Settings) -> Payload:
    query = urlencode(
        {
            "verb": "GetRecord",
            "identifier": f"oai:arXiv.org:{arxiv_id.base}",
            "metadataPrefix": prefix,
        }
    )
    with arxiv_turn(settings, "oai"):
        try:
            return fetch(f"{BASE}?{query}", settings, source="arxiv")
        except SourceUnavailable as error:
            # OAI-PMH asks for patience by a 503 with Retry-After.
            if error.retry_after is not None:
                raise RateLimited(
                    error.message, error.remedy, error.retry_after
                ) from None
            raise
        except FetchRefused as error:
            raise SourceUnavailable(
                f"arXiv's OAI-PMH does not answer: {error.message}"
            ) from error


def _record(payload: Payload) -> Element | None:
    """The metadata element of an answer; None when there is no such paper."""
    try:
        root = fromstring(payload.body)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise SourceUnavailable("arXiv's OAI-PMH answer is no XML.") from error
    fault = root.find(f"{_OAI}error")
    if fault is not None and fault.get("code") in {
        "idDoesNotExist",
        "noRecordsMatch",
        "badArgument",
    }:
        return None
    record: Element | None = root.find(f"{_OAI}GetRecord/{_OAI}record/{_OAI}metadata/*")
    if record is None:
        raise SourceUnavailable(
            f"arXiv's OAI-PMH answers without a record ({fault.get('code') if fault is not None else 'no reason'})."
        )
    return record


def _version(
    arxiv_id: ArxivId, record: Element, raw: Element, payload_id: str
) -> PaperVersion:
    dates = {
        int(v.get("version", "v1")[1:]): _day(_text(v, "date"))
        for v in raw.iter()
        if _tag(v) == "version"
    }
    version = arxiv_id.version if arxiv_id.version in dates else max(dates, default=1)
    authors = tuple(
        " ".join(
            filter(
                None, (_text(a, "forenames"), _text(a, "keyname"), _text(a, "suffix"))
            )
        )
        for a in record.iter()
        if _tag(a) == "author"
    )
    return PaperVersion(
        paper_id=arxiv_id.paper_id,
        kind="arxiv",
        version=version,
        title=_text(record, "title"),
        authors=authors,
        authors_complete=True,
        abstract=_text(record, "abstract"),
        published_on=dates.get(min(dates, default=1)),
        updated_on=dates.get(version),
        categories=tuple(_text(record, "categories").split()),
        url=f"https://arxiv.org/abs/{arxiv_id.base}v{version}",
        comment=_text(record, "comments") or None,
        payload_id=payload_id,
        licence=_text(record, "license") or None,
    )


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(parent: Element, tag: str) -> str:
    found = next((e for e in parent if _tag(e) == tag), None)
    return " ".join((found.text or "").split()) if found is not None else ""


def _day(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        return None
