"""PDF to text: pages from a child process, then paragraphs, sections, and the references cut off."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rindoku.documents.clean import TextBuilder, clean
from rindoku.errors import NoText
from rindoku.models import Section

PDF_SECONDS = 60.0
_HEADING = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+|[A-Z]\s+|Appendix\s+)?[A-Z][^.!?]{2,60}"
)
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
    r"(?:\d{1,2}\.?\s+)?(?:References|Bibliography|REFERENCES|BIBLIOGRAPHY|Literature Cited)"
)
# "A Implementation Details", "B.2 Prompts"; not "A Author. 2024. A title:", as the first line of a reference may be.
_APPENDIX = re.compile(
    r"(?:Appendix|APPENDIX|Appendices|Supplementary Material|Supplement)\b[^.:]{0,60}|[A-Z](?:\.\d+)*\.?\s+[A-Z][^.,:;]{2,60}\.?"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class FirstPage:
    """The first page of a PDF: its text, and what is set as its title (empty when nothing is)."""

    text: str
    title: str


def read_pdf(body: bytes) -> tuple[str, tuple[Section, ...]]:
    """Text and sections of a PDF; each section knows its page. Raises NoText for scans and wrecks."""
    return _join_pages(pdf_pages(body))


def pdf_pages(body: bytes) -> list[str]:
    """The raw text of each page, extracted in a child process with limits: hostile files exist."""
    pages: list[str] = _extract(body)["pages"]
    return pages


def pdf_first_page(body: bytes) -> FirstPage:
    """Text and title of the first page. Raises NoText for wrecks."""
    found = _extract(body, "1")
    return FirstPage(next(iter(found["pages"]), ""), clean(found["title"]))


def _extract(body: bytes, *arguments: str) -> dict[str, Any]:
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-m", "rindoku.documents.pdf_worker", *arguments],
            input=body,
            capture_output=True,
            timeout=PDF_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoText(f"The PDF took over {PDF_SECONDS:.0f} s to read.") from None
    if child.returncode != 0:
        reason = child.stderr.decode(errors="replace").strip().splitlines()[-1:] or [
            "killed by its limits"
        ]
        raise NoText(f"The PDF can't be read ({reason[0][:200]}).")
    found: dict[str, Any] = json.loads(child.stdout)
    return found


def _join_pages(pages: Iterable[str]) -> tuple[str, tuple[Section, ...]]:
    built, title, in_references, past_references = TextBuilder(), "", False, False
    for number, page in enumerate(pages, 1):
        # A page begins a section of its own, so that every offset has a page.
        built.begin(title, number)
        paragraph: list[str] = []
        for line in _unhyphenated(page).splitlines():
            stripped = clean(line)
            in_references = in_references or _REFERENCES.fullmatch(stripped) is not None
            past_references = past_references or in_references
            is_appendix = past_references and _is_appendix(stripped)
            in_references = in_references and not is_appendix
            if in_references:
                continue
            if is_appendix or _is_heading(stripped):
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


def _is_appendix(line: str) -> bool:
    return (
        _APPENDIX.fullmatch(line) is not None
        and len(line.split()) <= 9
        and not _YEAR.search(line)
    )


def _is_heading(line: str) -> bool:
    numbered = re.match(r"\d{1,2}(?:\.\d{1,2})*\.?\s+[A-Z]", line) is not None
    return (
        (numbered or line in _KNOWN_HEADINGS)
        and len(line.split()) <= 9
        and _HEADING.fullmatch(line) is not None
    )
