"""HTML and PDF to text that can be quoted from: sections, pages and character offsets are kept."""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.errors import NoText
from rindoku.keys import sha256_key
from rindoku.models import Document, Format, Grounding, PaperVersion, Payload, Section

PDF_SECONDS = 60.0
SHORTEST_TEXT = 400
_GROUNDING: dict[Format, Grounding] = {
    "html": "full text", "pdf": "full text", "page": "web page", "abstract": "abstract only",
}  # fmt: skip
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\U000e0000-\U000e007f]")
_LATEXML_BLOCKS = ".ltx_title, .ltx_p, .ltx_caption"
_LATEXML_NOISE = (
    ".ltx_bibliography, .ltx_authors, .ltx_ERROR, .ltx_role_footnote, .ltx_tag_bibitem, nav, footer, script, style"
)
_PAGE_BLOCKS = "h1, h2, h3, h4, p, li, figcaption, blockquote, td, dt, dd"
_PAGE_NOISE = "script, style, noscript, template, nav, footer, header nav, [hidden], [aria-hidden=true], pre.bibtex"
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0", re.IGNORECASE)
_PDF_HEADING = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+|[A-Z]\s+|Appendix\s+)?[A-Z][^.!?]{2,60}")
_REFERENCES = re.compile(r"(?:\d{1,2}\.?\s+)?(?:References|Bibliography)", re.IGNORECASE)
_APPENDIX = re.compile(r"(?:Appendix\b.*|[A-Z](?:\.\d+)*\.?\s+[A-Z].{2,60})")


class _Text:
    """Text in the making: blocks apart by an empty line, sections by their headings."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[tuple[str, int, int | None]] = []

    def add(self, block: str) -> None:
        if block:
            self._parts.append(block)
            self._length += len(block) + 2

    def begin(self, title: str, page: int | None = None) -> None:
        self._headings.append((title, self._length, page))

    def done(self) -> tuple[str, tuple[Section, ...]]:
        text = "\n\n".join(self._parts)
        starts = [start for _, start, _ in self._headings]
        sections = (
            Section(title, start, min(end, len(text)), page)
            for (title, start, page), end in zip(self._headings, [*starts, len(text)][1:], strict=False)
        )
        return text, tuple(s for s in sections if s.start < s.end)


def read_payload(payload: Payload, paper: PaperVersion) -> Document:
    """The document in a fetched payload: LaTeXML of arXiv, a PDF, or a web page.

    Raises NoText when there is nothing worth reading in it.
    """
    if payload.content_type == "pdf":
        return _document(paper, "pdf", payload, *read_pdf(payload.body))
    if payload.content_type != "html":
        raise NoText(f"{payload.url} is {payload.content_type}, neither a page nor a PDF.")
    is_latexml = paper.kind == "arxiv"
    read = read_latexml if is_latexml else read_page
    return _document(paper, "html" if is_latexml else "page", payload, *read(payload.body))


def read_abstract(paper: PaperVersion, note: str) -> Document:
    """The abstract as the document, with the reason why there is no better text."""
    if not paper.abstract:
        raise NoText(f"{paper.paper_id} has neither a readable text nor an abstract.")
    text = clean(paper.abstract)
    key = sha256_key(paper.paper_id, str(paper.version), text)
    sections = (Section("Abstract", 0, len(text)),)
    return Document(
        key,
        paper.paper_id,
        paper.version,
        "abstract only",
        "abstract",
        paper.url,
        text,
        sections,
        paper.payload_id,
        note,
    )


def with_note(document: Document, note: str) -> Document:
    """The document with the reason why it is not the text one would have wished for."""
    return replace(document, note=note)


def _document(
    paper: PaperVersion, form: Format, payload: Payload, text: str, sections: tuple[Section, ...]
) -> Document:
    if len(text) < SHORTEST_TEXT:
        raise NoText(f"{payload.url} holds only {len(text)} characters of text.")
    key = sha256_key(paper.paper_id, str(paper.version), text)
    return Document(
        key, paper.paper_id, paper.version, _GROUNDING[form], form, payload.url, text, sections, payload.payload_id
    )


def clean(text: str) -> str:
    """One line of text without invisible characters, in compatibility form, spaces folded."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


def read_latexml(body: bytes) -> tuple[str, tuple[Section, ...]]:
    """Text and sections of a LaTeXML page as arxiv.org/html serves it; math as LaTeX, no references."""
    tree = LexborHTMLParser(body)
    for math in tree.css("math"):
        math.replace_with(f" {math.attributes.get('alttext') or ''} ")
    _remove(tree, _LATEXML_NOISE)
    _break_lines(tree)
    # replace_with leaves neighbouring text nodes apart; parsing again joins them.
    tree = LexborHTMLParser(tree.html or "")
    built = _Text()
    for node in tree.css(_LATEXML_BLOCKS):
        classes = (node.attributes.get("class") or "").split()
        block = clean(node.text())
        if "ltx_title" in classes and "ltx_title_document" not in classes:
            built.begin(block)
        built.add(block)
    return built.done()


def read_page(body: bytes) -> tuple[str, tuple[Section, ...]]:
    """Text and sections of any web page, hidden text and navigation removed."""
    tree = LexborHTMLParser(body)
    _remove(tree, _PAGE_NOISE)
    _break_lines(tree)
    for node in tree.css("[style]"):
        if _HIDING_STYLE.search(node.attributes.get("style") or ""):
            node.decompose()
    built = _Text()
    for node in tree.css(_PAGE_BLOCKS):
        if _inside_another(node):
            continue
        block = clean(node.text())
        if node.tag in {"h1", "h2", "h3", "h4"} and block:
            built.begin(block)
        built.add(block)
    return built.done()


def _remove(tree: LexborHTMLParser, selector: str) -> None:
    for node in tree.css(selector):
        node.decompose()


def _break_lines(tree: LexborHTMLParser) -> None:
    for node in tree.css("br"):
        node.replace_with("\n")


def _inside_another(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in {"p", "li", "td", "blockquote", "figcaption", "dd"}:
            return True
        parent = parent.parent
    return False


def read_pdf(body: bytes) -> tuple[str, tuple[Section, ...]]:
    """Text and sections of a PDF; each section knows its page. Raises NoText for scans and wrecks."""
    return _join_pages(pdf_pages(body))


def pdf_pages(body: bytes) -> list[str]:
    """The raw text of each page, extracted in a child process with limits: hostile files exist."""
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-m", "rindoku.pdf"],
            input=body,
            capture_output=True,
            timeout=PDF_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoText(f"The PDF took over {PDF_SECONDS:.0f} s to read.") from None
    if child.returncode != 0:
        reason = child.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["killed by its limits"]
        raise NoText(f"The PDF can't be read ({reason[0][:200]}).")
    pages: list[str] = json.loads(child.stdout)
    return pages


def _join_pages(pages: Iterable[str]) -> tuple[str, tuple[Section, ...]]:
    built, title, in_references = _Text(), "", False
    for number, page in enumerate(pages, 1):
        # A page begins a section of its own, so that every offset has a page.
        built.begin(title, number)
        paragraph: list[str] = []
        for line in _unhyphenated(page).splitlines():
            stripped = clean(line)
            if _REFERENCES.fullmatch(stripped):
                in_references = True
            elif in_references and _APPENDIX.fullmatch(stripped) and len(stripped.split()) <= 8:
                in_references = False
            if in_references:
                continue
            if _is_heading(stripped):
                built.add(" ".join(paragraph))
                paragraph, title = [], stripped
                built.begin(title, number)
                built.add(stripped)
            else:
                paragraph.append(stripped)
        built.add(" ".join(p for p in paragraph if p))
    return built.done()


def _unhyphenated(page: str) -> str:
    # U+0002 and U+FFFE are what PDFium puts where a word was broken at the end of a line.
    joined = re.sub(r"[\u0002\ufffe]\s*", "", page)
    return re.sub(r"(?<=[a-z])-\r?\n(?=[a-z])", "", joined)


def _is_heading(line: str) -> bool:
    numbered = re.match(r"\d{1,2}(?:\.\d{1,2})*\.?\s+[A-Z]", line) is not None
    known = line in {"Abstract", "Introduction", "Conclusion", "Limitations", "Discussion", "Appendix"}
    return (numbered or known) and len(line.split()) <= 9 and _PDF_HEADING.fullmatch(line) is not None
