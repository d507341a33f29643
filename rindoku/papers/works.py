"""Works that are not on arXiv, as their page or record describes them."""

from dataclasses import replace

from rindoku.identifiers import SCHEMES, Identifier, identify
from rindoku.links import canonical
from rindoku.models import PaperVersion, Payload
from rindoku.papers.pages import PageFacts
from rindoku.papers.records import Record


def work_of_page(payload: Payload, facts: PageFacts) -> PaperVersion:
    """The work that a page presents, identified by its DOI if the page has one."""
    work = work_of_pdf(payload, facts.title)
    if facts.doi:
        identifier = identify(f"https://doi.org/{facts.doi}")
        work = replace(work, paper_id=_work_id(identifier, work.url))
    return replace(
        work,
        authors=facts.authors,
        authors_complete=facts.authors_complete,
        abstract=facts.abstract,
        published_on=facts.published_on,
    )


def work_of_pdf(payload: Payload, title: str) -> PaperVersion:
    """The work in a PDF, of which only the title and the address are known."""
    url = canonical(payload.url)
    paper_id = _work_id(identify(url), url)
    return PaperVersion.bare(title, url, payload.payload_id, paper_id)


def work_of_record(
    identifier: Identifier, record: Record, payload: Payload
) -> PaperVersion:
    """The work that a public record describes."""
    work = PaperVersion.bare(
        record.title, identifier.url, payload.payload_id, identifier.paper_id
    )
    return replace(
        work,
        authors=record.authors,
        abstract=record.abstract,
        published_on=record.published_on,
        comment=record.venue,
    )


def _work_id(identifier: Identifier, url: str) -> str:
    """The identifier, if its scheme names works, else the address."""
    scheme = SCHEMES.get(identifier.scheme)
    if scheme is not None and scheme.names_work:
        return identifier.paper_id
    return f"url:{url}"
