"""Reading a paper: the best text there is, and a word on why when it is not the best one could wish."""

from collections.abc import Iterable

from rindoku.archive.finding import get_paper, get_payload
from rindoku.archive.saving import save_document, save_payload
from rindoku.documents import read_abstract, read_payload, with_note
from rindoku.errors import FetchRefused, NoText, NotFound
from rindoku.fetch import fetch
from rindoku.models import Document, PaperVersion
from rindoku.pace import arxiv_turn
from rindoku.run import Run


def read_paper(run: Run, paper_id: str, version: int) -> str:
    """Reads a version of a paper, saves the document and returns its id.

    arXiv: HTML, then PDF, then the abstract. Web works: the page that was already fetched. Raises
    NoText when there is nothing to read at all.
    """
    with run.archive.write() as con:
        paper = get_paper(con, paper_id, version)
        page = get_payload(con, paper.payload_id) if paper.kind == "web" else None
    document = read_payload(page, paper) if page is not None else _read_arxiv(run, paper)
    with run.archive.write() as con:
        save_document(con, document, run.run_id)
    return document.document_id


def _read_arxiv(run: Run, paper: PaperVersion) -> Document:
    reasons = []
    for form, url in _texts(paper):
        try:
            with arxiv_turn(run.settings):
                payload = fetch(url, run.settings, source="arxiv")
            document = read_payload(payload, paper)
        except (NotFound, FetchRefused, NoText) as error:
            reasons.append(f"{form}: {error.message}")
            continue
        with run.archive.write() as con:
            save_payload(con, payload)
        return with_note(document, " ".join(reasons))
    return read_abstract(paper, " ".join(reasons))


def _texts(paper: PaperVersion) -> Iterable[tuple[str, str]]:
    versioned = f"{paper.paper_id.removeprefix('arxiv:')}v{paper.version}"
    yield "HTML", f"https://arxiv.org/html/{versioned}"
    yield "PDF", f"https://arxiv.org/pdf/{versioned}"
