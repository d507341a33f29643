"""A small PDF for made-up papers, written by hand: the demo and the tests need no library to make one."""

import textwrap

from rindoku.sample.content import SamplePaper

_LINES_A_PAGE = 52


def small_pdf(paper: SamplePaper) -> bytes:
    """A paper as a PDF: the title in large letters, then authors and sections."""
    lines = [(18, line) for line in textwrap.wrap(paper.title, 50)]
    lines += [(10, line) for line in textwrap.wrap(", ".join(paper.authors), 95)] + [
        (10, "Abstract")
    ]
    for text in (
        paper.abstract,
        *(part for section in paper.sections for part in section),
    ):
        lines += [(10, line) for line in textwrap.wrap(text, 95)]
    pages = [lines[n : n + _LINES_A_PAGE] for n in range(0, len(lines), _LINES_A_PAGE)]
    numbers = [4 + 2 * n for n in range(len(pages))]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in zip(numbers, pages, strict=True):
        stream = _stream(page)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
        )
    return pdf_file(objects)


def _stream(lines: list[tuple[int, str]]) -> bytes:
    out = ["BT 56 740 Td"]
    for size, line in lines:
        shown = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        out.append(f"/F1 {size} Tf ({shown}) Tj 0 -{size + 3} Td")
    return "\n".join([*out, "ET"]).encode("cp1252", errors="replace")


def pdf_file(objects: list[bytes]) -> bytes:
    """The numbered objects of a PDF as a file; the first one is its catalogue."""
    body, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    start = (
        len(body)
        - len(table)
        - len(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    )
    return bytes(
        body
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, start)
    )
