"""`rindoku text`: the text that would be read of a file, an address or a paper, with its sections and its quality."""

import sys
import uuid
from pathlib import Path
from typing import Any

from rindoku.archive import Archive
from rindoku.archive.finding import find_document_of, get_document
from rindoku.archive.saving import save_paper
from rindoku.documents import is_markdown, read_latexml, read_payload, text_quality
from rindoku.errors import ArchiveMissing, BadInput, NotFound
from rindoku.identifiers import find_arxiv_id, parse_arxiv_id
from rindoku.links import canonical, raw_file
from rindoku.models import Document, PaperVersion, Payload
from rindoku.papers.arxiv import find_metadata
from rindoku.papers.read import read_paper
from rindoku.run import Run
from rindoku.web.fetch import make_payload
from rindoku.web.retrieve import retrieve


def read_text(source: str) -> Document:
    """The document behind a file, a web address, or the id of a paper (`2404.02258`, `arxiv:2404.02258`, `url:...`).

    A paper of the archive is given as it was read; one of arXiv that is not there is fetched and kept. Raises
    BadInput for what is none of these, NoText for what holds no text.
    """
    if Path(source).is_file():
        return _of_payload(make_payload("file", source, 200, Path(source).read_bytes()))
    arxiv_id = parse_arxiv_id(source.removeprefix("arxiv:")) or find_arxiv_id(
        canonical(source)
    )
    paper_id = arxiv_id.paper_id if arxiv_id else source
    run = Run(f"text-{uuid.uuid4()}")
    known = _archived(run, paper_id)
    if known is not None:
        return known
    if arxiv_id is not None:
        paper = find_metadata([arxiv_id], run.settings).known.get(arxiv_id.base)
        if paper is None:
            raise NotFound(f"arXiv does not know {arxiv_id}.", "Check the id.")
        with run.archive.write() as con:
            save_paper(con, paper)
        document_id = read_paper(run, paper.paper_id, paper.version)
        with run.archive.write() as con:
            return get_document(con, document_id)
    if source.startswith(("http://", "https://")):
        return _of_payload(retrieve(run, raw_file(canonical(source)), "web"))
    raise BadInput(
        f"{source!r} is no file, no web address and no paper of the archive.",
        "Give one of these.",
    )


def _archived(run: Run, paper_id: str) -> Document | None:
    try:
        with Archive(run.settings.home_path).read() as con:
            document_id = find_document_of(con, paper_id)
            return get_document(con, document_id) if document_id else None
    except ArchiveMissing:
        return None


def _of_payload(payload: Payload) -> Document:
    """A page or PDF read for itself: there is no paper to compare it with."""
    if payload.content_type == "text" and not is_markdown(payload):
        text = payload.body.decode("utf-8", errors="replace")
        return Document(
            "",
            "",
            0,
            "full text",
            "page",
            payload.url,
            text,
            (),
            payload.payload_id,
            quality=text_quality(text),
        )
    is_latexml = payload.content_type == "html" and b"ltx_document" in payload.body
    nobody = PaperVersion(
        "",
        "web",
        0,
        "",
        (),
        True,
        None,
        None,
        None,
        (),
        payload.url,
        None,
        payload.payload_id,
    )
    if is_latexml:
        text, sections = read_latexml(payload.body)
        return Document(
            "",
            "",
            0,
            "full text",
            "html",
            payload.url,
            text,
            sections,
            payload.payload_id,
            quality=text_quality(text),
        )
    return read_payload(payload, nobody)


def print_text(document: Document) -> None:
    """The text itself; what is known about it goes to standard error."""
    pages = max((s.page for s in document.sections if s.page), default=None)
    sys.stderr.write(
        f"{document.grounding} from {document.format}, {len(document.text):,} characters, {len(document.sections)} sections"
        + (f", {pages} pages" if pages else "")
        + f", quality {document.quality:.2f}; {document.url}\n"
        + (f"{document.note}\n" if document.note else "")
    )
    sys.stdout.write(document.text + "\n")


def text_as_json(document: Document) -> dict[str, Any]:
    """The document as plain values; offsets count characters of `text`."""
    return {
        "paper_id": document.paper_id or None,
        "version": document.version or None,
        "grounding": document.grounding,
        "format": document.format,
        "url": document.url,
        "quality": document.quality,
        "note": document.note,
        "characters": len(document.text),
        "pages": max((s.page for s in document.sections if s.page), default=None),
        "sections": [
            {"title": s.title, "start": s.start, "end": s.end, "page": s.page}
            for s in document.sections
        ],
        "text": document.text,
    }
