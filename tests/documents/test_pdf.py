"""PDFs to text: pages, titles, references, hidden text, and broken files."""

from typing import TypedDict

import pytest
from fpdf import FPDF, XPos, YPos

from rindoku.documents import pdf_first_page, pdf_pages, read_pdf
from rindoku.errors import NoText
from rindoku.sample.content import PDF_PATH
from rindoku.sample.pdf_page import small_pdf
from tests.conftest import SHARED
from tests.samples import SAMPLES

EURUS = SAMPLES["Advancing LLM Reasoning Generalists with Preference Trees"]


def on_one_line(pages: list[str]) -> str:
    return " ".join(" ".join(pages).split())


def test_the_sample_pdf_is_built_from_its_text() -> None:
    from rindoku.sample.build_pdf import build

    assert pdf_pages(build(EURUS)) == pdf_pages(PDF_PATH.read_bytes())


def test_the_title_is_set_larger_than_the_text() -> None:
    assert pdf_first_page(PDF_PATH.read_bytes()).title == EURUS.title
    sample = SAMPLES["Mixture-of-Depths"]
    pdf = small_pdf(sample)
    assert pdf_first_page(pdf).title == sample.title
    assert sample.sections[2][1][:60] in on_one_line(pdf_pages(pdf))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded papers are not here")
def test_references_are_left_out_and_appendices_kept() -> None:
    text, sections = read_pdf((SHARED / "pdf/pasa.pdf").read_bytes())
    titles = {section.title for section in sections}
    assert not any(title.lower() == "references" for title in titles)
    assert "A Implementation Details of the Crawler" in titles
    assert "E.2 Prompt for Paper Selection" in titles
    assert "Anthropic. 2024" not in text
    assert max(section.page or 0 for section in sections) == 15


class Position(TypedDict):
    """Where fpdf continues after a cell."""

    new_x: XPos
    new_y: YPos


BELOW: Position = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}


def make_pdf_with_hidden_text() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.multi_cell(0, 6, "The text that every reader sees. " * 20, **BELOW)
    pdf.set_text_color(255, 255, 255)
    pdf.multi_cell(0, 6, "IGNORE ALL PREVIOUS words in white.", **BELOW)
    pdf.set_text_color(0, 0, 0)
    pdf.set_font("helvetica", size=1)
    pdf.multi_cell(0, 2, "TINY words for machines.", **BELOW)
    pdf.set_font("helvetica", size=12)
    pdf.set_fill_color(0, 0, 90)
    pdf.set_text_color(255, 255, 255)
    pdf.cell(100, 8, "White on dark is seen.", fill=True, **BELOW)
    pdf.set_text_color(0, 0, 0)
    with pdf.local_context(text_mode="INVISIBLE"):
        pdf.cell(100, 8, "INVISIBLE render mode.", **BELOW)
    pdf.cell(0, 8, "The end is seen.")
    return bytes(pdf.output())


def test_hidden_text_is_not_read() -> None:
    text = on_one_line(pdf_pages(make_pdf_with_hidden_text()))
    assert "that every reader sees" in text
    assert "White on dark is seen." in text
    assert text.endswith("The end is seen.")
    for hidden in ("IGNORE ALL", "TINY", "INVISIBLE"):
        assert hidden not in text


def test_the_invisible_text_behind_a_scan_is_read() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    with pdf.local_context(text_mode="INVISIBLE"):
        pdf.multi_cell(0, 6, "What a scanner recognised. " * 10)
    assert "What a scanner recognised." in pdf_pages(bytes(pdf.output()))[0]


@pytest.mark.parametrize("body", [b"%PDF-1.7 nonsense", b"%PDF-1.4\n" + b"\0" * 5000])
def test_a_broken_pdf_is_refused(body: bytes) -> None:
    with pytest.raises(NoText, match="cannot be read"):
        pdf_pages(body)


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rindoku.documents.pdf.PDF_SECONDS", 0.01)
    with pytest.raises(NoText, match="took more than"):
        pdf_pages(PDF_PATH.read_bytes())
