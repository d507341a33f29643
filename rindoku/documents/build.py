"""Builds documents: the text of a paper from a payload, checked, with its key."""

from dataclasses import replace

from rindoku.documents.assess import is_text_of, text_quality
from rindoku.documents.characters import clean
from rindoku.documents.html import latexml_title, read_latexml, read_page
from rindoku.documents.markdown import markdown_as_html
from rindoku.documents.pdf import read_pdf
from rindoku.documents.text import SectionedText
from rindoku.errors import NoText, WrongText
from rindoku.keys import sha256_key
from rindoku.models import Document, Format, Grounding, PaperVersion, Payload, Section

SHORTEST_TEXT = 400
LEAST_QUALITY = 0.5
_GROUNDING: dict[Format, Grounding] = {
    "html": "full text",
    "pdf": "full text",
    "page": "web page",
    "abstract": "abstract only",
}


def read_payload(payload: Payload, paper: PaperVersion) -> Document:
    """The document in a fetched payload: arXiv's LaTeXML, a PDF, or a web page.

    Raises NoText when the payload has no readable text, WrongText for the text of
    another paper.
    """
    payload = markdown_as_html(payload)
    if payload.content_type == "pdf":
        return _build(paper, payload, "pdf", read_pdf(payload.body))
    if payload.content_type != "html":
        raise NoText(
            f"{payload.url} is {payload.content_type}, neither a page nor a PDF."
        )
    if paper.kind == "arxiv":
        content = read_latexml(payload.body)
        title = latexml_title(payload.body)
        return _build(paper, payload, "html", content, title=title)
    return _build(paper, payload, "page", read_page(payload.body))


def read_abstract(paper: PaperVersion, note: str) -> Document:
    """The abstract as the document; `note` says why there is no better text.

    Raises NoText when the paper has no abstract.
    """
    if not paper.abstract:
        message = f"{paper.paper_id} has neither a readable text nor an abstract."
        raise NoText(
            f"{message} {note}".strip(),
            "Open it in a browser; `rindoku rebind` looks its links up again.",
        )
    text = clean(paper.abstract)
    return Document(
        document_id=_document_key(paper, text),
        paper_id=paper.paper_id,
        version=paper.version,
        grounding=_GROUNDING["abstract"],
        format="abstract",
        url=paper.url,
        text=text,
        sections=(Section("Abstract", 0, len(text)),),
        payload_id=paper.payload_id,
        note=note,
    )


def with_note(document: Document, note: str) -> Document:
    """The document with the reason why it is not the preferred text."""
    return replace(document, note=note)


def _build(
    paper: PaperVersion,
    payload: Payload,
    form: Format,
    content: SectionedText,
    title: str = "",
) -> Document:
    text = content.text
    if len(text) < SHORTEST_TEXT:
        raise NoText(f"{payload.url} has only {len(text)} characters of text.")
    quality = text_quality(text)
    if quality < LEAST_QUALITY:
        raise NoText(
            f"The text of {payload.url} is mostly unreadable (quality {quality:.2f})."
        )
    if form != "page" and not is_text_of(paper, text, title):
        raise WrongText(f"The text of {payload.url} is not that of {paper.title!r}.")
    return Document(
        document_id=_document_key(paper, text),
        paper_id=paper.paper_id,
        version=paper.version,
        grounding=_GROUNDING[form],
        format=form,
        url=payload.url,
        text=text,
        sections=content.sections,
        payload_id=payload.payload_id,
        quality=quality,
    )


def _document_key(paper: PaperVersion, text: str) -> str:
    return sha256_key(paper.paper_id, str(paper.version), text)
