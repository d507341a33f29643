"""Reading a paper: the best text there is, and a word on why when it is not the best one could wish."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from rindoku.archive.finding import find_fetch, get_paper, get_payload
from rindoku.archive.saving import save_document, save_findings
from rindoku.documents.build import read_abstract, read_payload, with_note
from rindoku.errors import FetchRefused, NoText, NotFound, WrongText
from rindoku.identifiers import parse_identifier
from rindoku.models import Document, Finding, PaperVersion, Payload
from rindoku.papers.pages.facts import read_facts
from rindoku.run import Run
from rindoku.web.pace import arxiv_turn
from rindoku.web.retrieve import retrieve

_Get = Callable[[], Payload]
# check, severity, message
_Found = tuple[str, Literal["warning"], str]


def read_paper(run: Run, paper_id: str, version: int) -> str:
    """Reads a version of a paper, saves the document and returns its id.

    arXiv: HTML, then PDF, then the abstract; of a withdrawn paper the version before. Other works: the PDF their
    record or page names, then the page, then the abstract. A text that is not the paper's own is a finding, and the
    next one is taken. Raises NoText when there is nothing to read at all.
    """
    with run.archive.write() as con:
        paper = get_paper(con, paper_id, version)
    document, findings = _best(paper, _sources(run, paper))
    with run.archive.write() as con:
        save_document(con, document, run.run_id)
        save_findings(
            con, (Finding(document.document_id, *f) for f in findings), run.run_id
        )
    return document.document_id


def _best(
    paper: PaperVersion, sources: Iterable[tuple[str, _Get]]
) -> tuple[Document, list[_Found]]:
    """The first source that gives a text, and findings as (check, severity, message)."""
    reasons: list[str] = []
    findings: list[_Found] = (
        [("withdrawn", "warning", f"{paper.paper_id} was withdrawn: {paper.withdrawn}")]
        if paper.withdrawn
        else []
    )
    for name, get in sources:
        try:
            document = read_payload(get(), paper)
        except (NotFound, FetchRefused, NoText) as error:
            reasons.append(f"{name}: {error.message}")
            if isinstance(error, WrongText):
                findings.append(("wrong text", "warning", error.message))
            continue
        return with_note(document, _note(paper, reasons, name)), findings
    return read_abstract(paper, _note(paper, reasons, "abstract")), findings


def _note(paper: PaperVersion, reasons: list[str], name: str) -> str:
    notice = f"Withdrawn by its authors: {paper.withdrawn}" if paper.withdrawn else ""
    earlier = (
        f"Read from {name.rsplit(maxsplit=1)[-1]}."
        if paper.withdrawn and name.rsplit(maxsplit=1)[-1].startswith("v")
        else ""
    )
    return " ".join(filter(None, [notice, earlier, *reasons]))


def _sources(run: Run, paper: PaperVersion) -> Iterator[tuple[str, _Get]]:
    return _arxiv_texts(run, paper) if paper.kind == "arxiv" else _web_texts(run, paper)


def _arxiv_texts(run: Run, paper: PaperVersion) -> Iterator[tuple[str, _Get]]:
    base = paper.paper_id.removeprefix("arxiv:")
    # The text of a withdrawn version is gone; the one before is what the list meant.
    version = (
        paper.version - 1 if paper.withdrawn and paper.version > 1 else paper.version
    )
    mark = "" if version == paper.version else f" v{version}"
    for name, form in (("HTML", "html"), ("PDF", "pdf")):
        url = f"https://arxiv.org/{form}/{base}v{version}"

        def get(url: str = url) -> Payload:
            with arxiv_turn(run.settings, "text"):
                return retrieve(run, url, "arxiv")

        yield f"{name}{mark}", get


def _web_texts(run: Run, paper: PaperVersion) -> Iterator[tuple[str, _Get]]:
    with run.archive.write() as con:
        # The page as it was fetched last: works without versions change in place.
        newest = find_fetch(con, paper.url)
        page = get_payload(con, newest["payload_id"] if newest else paper.payload_id)
    pdf = _pdf_of(paper, page)
    if pdf is not None:
        yield "PDF", lambda: retrieve(run, pdf, "web")
    if page.source == "web":
        yield "page", lambda: page


def _pdf_of(paper: PaperVersion, page: Payload) -> str | None:
    """The PDF of a work that is not on arXiv, as its page declares it or its archive has it."""
    named = parse_identifier(paper.paper_id)
    if named is not None and named.scheme == "openreview":
        return f"https://openreview.net/pdf?id={named.value}"
    return read_facts(page.body, page.url).pdf if page.content_type == "html" else None
