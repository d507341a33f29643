"""From PDF to text: a child process extracts pages; here they become sections.

The list of references is left out; appendices after it are kept.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from rindoku.documents.characters import clean
from rindoku.documents.text import SectionedText, TextBuilder
from rindoku.errors import NoText

PDF_SECONDS = 60.0
# Started as a file, so that the child does not import this package.
_WORKER = Path(__file__).with_name("pdf_worker.py")
_HEADING = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+|[A-Z]\s+|Appendix\s+)?[A-Z][^.!?]{2,60}"
)
_NUMBERED_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+[A-Z]")
_MOST_WORDS_OF_HEADING = 9
_KNOWN_HEADINGS = {
    "Abstract",
    "Introduction",
    "Conclusion",
    "Conclusions",
    "Limitations",
    "Discussion",
    "Appendix",
    "Related Work",
}
_REFERENCES = re.compile(
    r"(?:\d{1,2}\.?\s+)?"
    r"(?:References|Bibliography|REFERENCES|BIBLIOGRAPHY|Literature Cited)"
)
# Matches "A Implementation Details" and "B.2 Prompts", but not the first line of a
# reference such as "A Author. 2024. A title:".
_APPENDIX = re.compile(
    r"(?:Appendix|APPENDIX|Appendices|Supplementary Material|Supplement)\b[^.:]{0,60}"
    r"|[A-Z](?:\.\d+)*\.?\s+[A-Z][^.,:;]{2,60}\.?"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# PDFium writes U+0002 or U+FFFE where a word was broken at the end of a line.
_PDFIUM_HYPHEN = re.compile(r"[\u0002\ufffe]\s*")
_HYPHEN_AT_LINE_END = re.compile(r"(?<=[a-z])-\r?\n(?=[a-z])")


@dataclass(frozen=True)
class FirstPage:
    """The first page of a PDF: its text, and the title set on it (empty for none)."""

    text: str
    title: str


class _Extracted(TypedDict):
    """What the child process returns."""

    pages: list[str]
    title: str


def read_pdf(body: bytes) -> SectionedText:
    """The text of a PDF; its sections have their pages.

    Raises NoText when the file can't be read.
    """
    return join_pages(pdf_pages(body))


def pdf_pages(body: bytes) -> list[str]:
    """The raw text of each page. Raises NoText when the file can't be read.

    A child process with limits extracts it, as PDFs can be hostile.
    """
    return _extract(body)["pages"]


def pdf_first_page(body: bytes) -> FirstPage:
    """Text and title of the first page. Raises NoText when the file can't be read."""
    extracted = _extract(body, "1")
    text = extracted["pages"][0] if extracted["pages"] else ""
    return FirstPage(text, clean(extracted["title"]))


def _extract(body: bytes, *arguments: str) -> _Extracted:
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(_WORKER), *arguments],
            input=body,
            capture_output=True,
            timeout=PDF_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoText(f"Reading the PDF took more than {PDF_SECONDS:.0f} s.") from None
    if child.returncode != 0:
        lines = child.stderr.decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else "it exceeded the limits on memory and time"
        raise NoText(f"The PDF cannot be read ({reason[:200]}).")
    extracted: _Extracted = json.loads(child.stdout)
    return extracted


def join_pages(pages: Iterable[str]) -> SectionedText:
    """The text of a document from the raw text of its pages."""
    joiner = _PageJoiner()
    for number, page in enumerate(pages, 1):
        joiner.add_page(number, page)
    return joiner.build()


class _PageJoiner:
    """Joins lines into paragraphs, and finds sections and the references."""

    def __init__(self) -> None:
        self._builder = TextBuilder()
        self._paragraph: list[str] = []
        self._title = ""
        self._in_references = False
        self._saw_references = False

    def add_page(self, number: int, page: str) -> None:
        # Each page begins a section, so that every offset has a page.
        self._builder.begin_section(self._title, number)
        for raw_line in _join_broken_words(page).splitlines():
            self._add_line(clean(raw_line), number)
        self._builder.add(" ".join(line for line in self._paragraph if line))
        self._paragraph = []

    def build(self) -> SectionedText:
        return self._builder.build()

    def _add_line(self, line: str, page: int) -> None:
        if _REFERENCES.fullmatch(line):
            self._in_references = self._saw_references = True
        begins_appendix = self._saw_references and _is_appendix(line)
        if begins_appendix:
            self._in_references = False
        if self._in_references:
            return
        if begins_appendix or _is_heading(line):
            self._begin_section(line, page)
        else:
            self._paragraph.append(line)

    def _begin_section(self, title: str, page: int) -> None:
        # Empty lines are kept here, unlike at the end of a page: the key of a document
        # is the hash of its text, so the text of papers read before must not change.
        self._builder.add(" ".join(self._paragraph))
        self._paragraph = []
        self._title = title
        self._builder.begin_section(title, page)
        self._builder.add(title)


def _join_broken_words(page: str) -> str:
    return _HYPHEN_AT_LINE_END.sub("", _PDFIUM_HYPHEN.sub("", page))


def _is_appendix(line: str) -> bool:
    if len(line.split()) > _MOST_WORDS_OF_HEADING or _YEAR.search(line):
        return False
    return _APPENDIX.fullmatch(line) is not None


def _is_heading(line: str) -> bool:
    if len(line.split()) > _MOST_WORDS_OF_HEADING or not _HEADING.fullmatch(line):
        return False
    return line in _KNOWN_HEADINGS or _NUMBERED_HEADING.match(line) is not None
