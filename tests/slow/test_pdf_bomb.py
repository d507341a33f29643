"""A PDF that exhausts the memory of the process that reads it."""

import zlib

import pytest

from rindoku.documents import pdf_pages
from rindoku.errors import NoText
from rindoku.sample.pdf_page import pdf_file


def test_a_pdf_that_unpacks_to_gigabytes_ends_only_the_child_process() -> None:
    pack = zlib.compressobj(9)
    chunks = [pack.compress(b"BT /F1 12 Tf (Hi) Tj ET ")]
    chunks += [pack.compress(b" " * 10_000_000) for _ in range(200)]
    stream = b"".join(chunks) + pack.flush()
    contents = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        contents % (len(stream), stream),
    ]
    with pytest.raises(NoText, match="cannot be read"):
        pdf_pages(pdf_file(objects))
