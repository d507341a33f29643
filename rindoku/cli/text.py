"""`rindoku text`: prints the text that rindoku reads in a file, page or paper."""

import sys
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rindoku.cli.options import AsJson, Home, choose_home

if TYPE_CHECKING:
    from rindoku.identifiers import ArxivId
    from rindoku.models import Document, Payload
    from rindoku.run import Run


def text(
    source: Annotated[
        str,
        typer.Argument(
            help="A file, a web address, or the id of a paper.", show_default=False
        ),
    ],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print the text of a page, a PDF or a paper; --json adds sections."""
    from rindoku.cli.json_output import print_json

    choose_home(home)
    document = read_text(source)
    if as_json:
        print_json(_as_json(document))
    else:
        _print_text(document)


def read_text(source: str) -> "Document":
    """The document of a file, a web address, or a paper by its id.

    A paper of the archive is returned as it was read; any other paper of arXiv is
    fetched and saved. Raises BadInput for anything else, NoText when there is no text.
    """
    from rindoku.disk import is_file
    from rindoku.errors import BadInput
    from rindoku.identifiers import find_arxiv_id, parse_arxiv_id
    from rindoku.links import canonical, raw_file
    from rindoku.run import Run
    from rindoku.web import make_payload
    from rindoku.web.retrieve import retrieve

    path = Path(source)
    if is_file(path):
        return _read_payload(make_payload("file", source, 200, path.read_bytes()))
    arxiv_id = parse_arxiv_id(source.removeprefix("arxiv:"))
    arxiv_id = arxiv_id or find_arxiv_id(canonical(source))
    run = Run(f"text-{uuid.uuid4()}")
    archived = _find_archived(run, arxiv_id.paper_id if arxiv_id else source)
    if archived is not None:
        return archived
    if arxiv_id is not None:
        return _read_arxiv(run, arxiv_id)
    if source.startswith(("http://", "https://")):
        return _read_payload(retrieve(run, raw_file(canonical(source)), "web"))
    raise BadInput(
        f"{source!r} is not a file, a web address or a paper of the archive.",
        "Give one of these.",
    )


def _find_archived(run: "Run", paper_id: str) -> "Document | None":
    """A paper as it was read; read again when its text is gone."""
    from rindoku.archive.documents import (
        find_document_of,
        find_lost_texts,
        get_document,
    )
    from rindoku.papers import read_paper

    with run.archive.read_latest() as con:
        lost = find_lost_texts(con, paper_id)
    if lost:
        read_paper(run, paper_id, max(lost))
    with run.archive.read_latest() as con:
        document_id = find_document_of(con, paper_id)
        return get_document(con, document_id) if document_id else None


def _read_arxiv(run: "Run", arxiv_id: "ArxivId") -> "Document":
    """A paper of arXiv, which is fetched and saved."""
    from rindoku.archive.documents import get_document
    from rindoku.archive.papers import save_paper
    from rindoku.errors import NotFound
    from rindoku.papers import find_metadata, read_paper

    paper = find_metadata([arxiv_id], run.settings).known.get(arxiv_id.base)
    if paper is None:
        raise NotFound(f"arXiv has no paper {arxiv_id}.", "Check the id.")
    with run.archive.write() as con:
        save_paper(con, paper)
    document_id = read_paper(run, paper.paper_id, paper.version)
    with run.archive.read_latest() as con:
        return get_document(con, document_id)


def _read_payload(payload: "Payload") -> "Document":
    """A page, a PDF or plain text, read without a paper to compare it with."""
    from rindoku.documents import (
        is_markdown,
        read_latexml,
        read_payload,
        text_quality,
    )
    from rindoku.models import Document, Format, PaperVersion, Section

    form: Format = "page"
    sections: tuple[Section, ...] = ()
    if payload.content_type == "text" and not is_markdown(payload):
        text = payload.body.decode("utf-8", errors="replace")
    elif payload.content_type == "html" and b"ltx_document" in payload.body:
        form = "html"
        content = read_latexml(payload.body)
        text, sections = content.text, content.sections
    else:
        bare = PaperVersion.bare("", payload.url, payload.payload_id)
        return read_payload(payload, bare)
    return Document(
        document_id="",
        paper_id="",
        version=0,
        grounding="full text",
        format=form,
        url=payload.url,
        text=text,
        sections=sections,
        payload_id=payload.payload_id,
        quality=text_quality(text),
    )


def _last_page(document: "Document") -> int | None:
    pages = [section.page for section in document.sections if section.page]
    return max(pages, default=None)


def _print_text(document: "Document") -> None:
    """Prints the text on standard output, and a description on standard error."""
    about = [
        f"{document.grounding} from {document.format}",
        f"{len(document.text):,} characters",
        f"{len(document.sections)} sections",
    ]
    pages = _last_page(document)
    if pages:
        about.append(f"{pages} pages")
    about.append(f"quality {document.quality:.2f}; {document.url}")
    sys.stderr.write(", ".join(about) + "\n")
    if document.note:
        sys.stderr.write(f"{document.note}\n")
    sys.stdout.write(document.text + "\n")


def _as_json(document: "Document") -> dict[str, Any]:
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
        "pages": _last_page(document),
        "sections": [asdict(section) for section in document.sections],
        "text": document.text,
    }
