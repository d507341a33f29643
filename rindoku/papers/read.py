"""Reading a paper: its best available text, and why there is no better one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rindoku.archive.documents import find_lost_texts, save_document, save_reading
from rindoku.archive.findings import save_findings
from rindoku.archive.papers import (
    PendingPaper,
    find_papers_without_text,
    get_paper,
    pending_papers,
)
from rindoku.archive.payloads import find_fetch, find_payload
from rindoku.documents import read_abstract, read_payload
from rindoku.documents.build import with_note
from rindoku.errors import (
    CONCERNS_ALL,
    FetchRefused,
    HostNotFound,
    NoText,
    NotFound,
    Paywalled,
    RindokuError,
    SourceUnavailable,
    Transient,
    WrongText,
)
from rindoku.identifiers import parse_identifier
from rindoku.models import Document, Finding, PaperVersion, Payload
from rindoku.papers.pages import read_facts
from rindoku.run import Run
from rindoku.web import arxiv_turn
from rindoku.web.retrieve import retrieve

# Where arXiv's texts have their last mark.
_END_BYTES = 2048
# A service that blocks programs does so for hours.
_BLOCKED_FOR_S = 86_400.0


@dataclass(frozen=True)
class _Source:
    """A text to try. `version` is set when it is an earlier version of the paper."""

    name: str
    get: Callable[[], Payload]
    version: int | None = None


@dataclass(frozen=True)
class _Reading:
    """A document, and warnings about it as pairs of check and message.

    `may_improve` if a better text failed for a reason that may pass.
    """

    document: Document
    warnings: list[tuple[str, str]]
    may_improve: bool


def papers_to_read(run: Run, sighting_id: str) -> list[PendingPaper]:
    """Papers of a sighting without a text, in rank order."""
    with run.archive.read_latest() as con:
        return pending_papers(con, sighting_id)


def read_paper(run: Run, paper_id: str, version: int, *, lesser: bool = False) -> str:
    """Reads a version of a paper, saves the document and returns its id.

    For arXiv: HTML, then PDF, then the abstract; for a withdrawn paper, those of the
    version before. For other works: the PDF that their record or page names, then the
    page, then the abstract. The text of something else gives a finding, and the next
    source is tried. Raises NoText when there is nothing to read, or less than there was
    in a text that is gone, and a Transient error when a better text than the one found
    may be there; with `lesser`, that one is taken, and a later run reads the paper
    again.
    """
    with run.archive.read_latest() as con:
        paper = get_paper(con, paper_id, version)
        lost = find_lost_texts(con, paper_id).get(version)
    reading = _read_best(paper, _sources(run, paper), lesser=lesser)
    document = reading.document
    if document.grounding == "abstract only" and lost not in {None, "abstract only"}:
        raise NoText(
            f"The text of {paper_id} is gone from the archive, and now there is only "
            f"its abstract. {document.note}",
            "Run again later; what was written about it is kept.",
        )
    findings = [
        Finding(document.document_id, check, "warning", message)
        for check, message in reading.warnings
    ]
    with run.archive.write() as con:
        save_document(con, document, run.run_id)
        save_reading(con, document, may_improve=reading.may_improve, run_id=run.run_id)
        save_findings(con, findings, run.run_id)
    return document.document_id


def read_again(run: Run, week: str | None = None) -> list[str]:
    """Reads papers of a week, or of all, whose texts are gone with the private file.

    Returns why some could not be read.
    """
    with run.archive.read_latest() as con:
        papers = find_papers_without_text(con, week)
    failures = []
    for paper in papers:
        try:
            read_paper(run, paper.paper_id, paper.version)
        except CONCERNS_ALL:
            raise
        except RindokuError as error:
            failures.append(f"{paper.paper_id}: {error.message}")
    return failures


def _read_best(
    paper: PaperVersion, sources: Iterable[_Source], *, lesser: bool
) -> _Reading:
    """The first source that gives a text, else the abstract.

    Raises a Transient error if only a lesser text than the full one is found because
    of errors that may pass, unless `lesser`.
    """
    reasons: list[str] = []
    warnings: list[tuple[str, str]] = []
    passing: list[RindokuError] = []
    if paper.withdrawn:
        warnings.append(
            ("withdrawn", f"{paper.paper_id} was withdrawn: {paper.withdrawn}")
        )
    for source in sources:
        try:
            document = read_payload(source.get(), paper)
        except (NotFound, FetchRefused, NoText, Transient) as error:
            reasons.append(f"{source.name}: {error.message}")
            if isinstance(error, WrongText):
                warnings.append(("wrong text", error.message))
            if _may_pass(error, paper):
                passing.append(error)
        else:
            document = with_note(document, _note(paper, reasons, source.version))
            break
    else:
        document = read_abstract(paper, _note(paper, reasons))
    may_improve = bool(passing) and document.grounding != "full text"
    if may_improve and not lesser:
        raise _as_transient(passing)
    return _Reading(document, warnings, may_improve)


def _may_pass(error: RindokuError, paper: PaperVersion) -> bool:
    """Whether the same text may be readable later.

    arXiv has no paywall: its 403 is for programs that it blocks for a while.
    """
    is_blocked = isinstance(error, Paywalled) and paper.kind == "arxiv"
    return is_blocked or isinstance(error, Transient | HostNotFound)


def _as_transient(errors: Sequence[RindokuError]) -> Transient:
    """The error to raise for a text that may be readable later.

    A host without a name is tried again soon, as the network may have been away; where
    programs are blocked, that would prolong it.
    """
    transient = next((e for e in errors if isinstance(e, Transient)), None)
    if transient is not None:
        return transient
    first = errors[0]
    if isinstance(first, HostNotFound):
        return SourceUnavailable(first.message, "Check the network, then run again.")
    return SourceUnavailable(first.message, retry_after=_BLOCKED_FOR_S)


def _note(paper: PaperVersion, reasons: list[str], version: int | None = None) -> str:
    """Why there is no better text, for users of the archive."""
    parts = []
    if paper.withdrawn:
        parts.append(f"Withdrawn by its authors: {paper.withdrawn}")
    if version is not None:
        parts.append(f"Read from v{version}.")
    return " ".join([*parts, *reasons])


def _sources(run: Run, paper: PaperVersion) -> Iterator[_Source]:
    if paper.kind == "arxiv":
        return _arxiv_texts(run, paper)
    return _web_texts(run, paper)


def _arxiv_texts(run: Run, paper: PaperVersion) -> Iterator[_Source]:
    base = paper.paper_id.removeprefix("arxiv:")
    earlier = None
    if paper.withdrawn and paper.version > 1:
        # A withdrawn version has no text; the list refers to the one before.
        earlier = paper.version - 1
    for name, form in (("HTML", "html"), ("PDF", "pdf")):
        url = f"https://arxiv.org/{form}/{base}v{earlier or paper.version}"

        def get(url: str = url) -> Payload:
            with arxiv_turn(run.settings, "text"):
                return retrieve(run, url, "arxiv", check=_check_whole)

        yield _Source(name if earlier is None else f"{name} v{earlier}", get, earlier)


def _check_whole(payload: Payload) -> None:
    """Raises SourceUnavailable for half a text, or an error page with status 200.

    The papers that arXiv serves have marks at their end, and its HTML has LaTeXML's.
    """
    end = payload.body[-_END_BYTES:]
    if "/pdf/" in payload.url:
        is_whole = payload.content_type == "pdf" and b"%%EOF" in end
    else:
        is_whole = b"ltx_" in payload.body and b"</html>" in end
    if not is_whole:
        raise SourceUnavailable(f"{payload.url} returned 200, but not a whole paper.")


def _web_texts(run: Run, paper: PaperVersion) -> Iterator[_Source]:
    page = _find_page(run, paper)
    pdf = _pdf_address(paper, page)
    if pdf is not None:
        yield _Source("PDF", lambda: retrieve(run, pdf, "web"))
    if page is None:
        yield _Source("page", lambda: retrieve(run, paper.url, "web"))
    elif page.source == "web":
        yield _Source("page", lambda: page)


def _find_page(run: Run, paper: PaperVersion) -> Payload | None:
    """The page or record of a work; None when it is gone and cannot be had again."""
    with run.archive.read_latest() as con:
        # The newest payload of the page, since works without versions change in place.
        newest = find_fetch(con, paper.url)
        page = find_payload(con, newest.payload_id if newest else paper.payload_id)
    if page is not None:
        return page
    try:
        return retrieve(run, paper.url, "web")
    except (NotFound, FetchRefused, NoText):
        # Asked again as a source, for its reason.
        return None


def _pdf_address(paper: PaperVersion, page: Payload | None) -> str | None:
    """The address of a work's PDF, as OpenReview forms it or as the page states it."""
    identifier = parse_identifier(paper.paper_id)
    if identifier is not None and identifier.scheme == "openreview":
        return f"https://openreview.net/pdf?id={identifier.value}"
    if page is None or page.content_type != "html":
        return None
    try:
        return read_facts(page.body, page.url).pdf
    except NoText:
        return None
