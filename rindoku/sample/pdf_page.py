"""Writes small PDFs for made-up papers, so that the stand-in needs no PDF library."""

import itertools
import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rindoku.sample.content import SamplePaper

_LINES_A_PAGE = 52
_TITLE_SIZE, _TEXT_SIZE = 18, 10
# Characters that fit in a line of either size.
_TITLE_WIDTH, _TEXT_WIDTH = 50, 95
_LEADING = 3
_HEADER = b"%PDF-1.4\n"
_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
_FONT = (
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
)


class _Line(NamedTuple):
    size: int
    text: str


def small_pdf(paper: SamplePaper) -> bytes:
    """A paper as a PDF: the title in large letters, then authors and sections."""
    pages = list(_split_pages(list(_lines(paper))))
    # Each page has two objects, itself and its stream, after the three of the file.
    numbers = [4 + 2 * n for n in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        _CATALOGUE,
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        _FONT,
    ]
    for number, page in zip(numbers, pages, strict=True):
        stream = _stream(page)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1)
        )
        objects.append(
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
        )
    return pdf_file(objects)


def pdf_file(objects: Sequence[bytes]) -> bytes:
    """The numbered objects of a PDF as a file; the first one is its catalogue."""
    body, offsets = bytearray(_HEADER), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table_offset, size = len(body), len(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for offset in offsets:
        body += b"%010d 00000 n \n" % offset
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % size
    body += b"startxref\n%d\n%%%%EOF\n" % table_offset
    return bytes(body)


def _lines(paper: SamplePaper) -> Iterator[_Line]:
    for line in textwrap.wrap(paper.title, _TITLE_WIDTH):
        yield _Line(_TITLE_SIZE, line)
    sections = itertools.chain.from_iterable(paper.sections)
    authors = ", ".join(paper.authors)
    for text in (authors, "Abstract", paper.abstract, *sections):
        for line in textwrap.wrap(text, _TEXT_WIDTH):
            yield _Line(_TEXT_SIZE, line)


def _split_pages(lines: Sequence[_Line]) -> Iterator[Sequence[_Line]]:
    for start in range(0, len(lines), _LINES_A_PAGE):
        yield lines[start : start + _LINES_A_PAGE]


def _stream(lines: Sequence[_Line]) -> bytes:
    commands = ["BT 56 740 Td"]
    for line in lines:
        shown = line.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        commands.append(f"/F1 {line.size} Tf ({shown}) Tj 0 -{line.size + _LEADING} Td")
    commands.append("ET")
    return "\n".join(commands).encode("cp1252", errors="replace")
