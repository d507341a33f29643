"""PDFs to text: pages, sections, titles, and hostile files."""

import zlib

import pytest

from rindoku.documents.build import (
    read_payload,
)
from rindoku.documents.pdf import pdf_first_page, pdf_pages
from rindoku.errors import NoText
from rindoku.models import PaperVersion
from rindoku.sample.content import PDF_PATH, sample_papers
from rindoku.sample.pdf_page import pdf_file, small_pdf
from rindoku.web.fetch import make_payload
from tests.conftest import SHARED

PAPER = PaperVersion(
    "arxiv:1", "arxiv", 1, "T", (), True, None, None, None, (), "u", None, "p"
)


BY_NAME = {p.title.split(":")[0]: p for p in sample_papers()}


def test_a_pdf_knows_the_page_of_every_offset() -> None:
    document = read_payload(
        make_payload("arxiv", "u", 200, PDF_PATH.read_bytes()), PAPER
    )
    assert (document.grounding, document.format) == ("full text", "pdf")
    for needle, page in (
        ("Open models have come close", 1),
        ("a suite of language models for reasoning", 1),
        ("Eurus is trained for reasoning", 2),
    ):
        section = document.section_at(document.text.index(needle))
        assert section is not None
        assert section.page == page
    assert (
        document.section_at(document.text.index("KTO and NCA improve")).title
        == "3 Training"
    )  # type: ignore[union-attr]


def test_the_samples_pdf_is_built_from_its_text() -> None:
    from rindoku.sample.build_pdf import build

    assert pdf_pages(
        build(BY_NAME["Advancing LLM Reasoning Generalists with Preference Trees"])
    ) == pdf_pages(PDF_PATH.read_bytes())


@pytest.mark.parametrize("body", [b"%PDF-1.7 nonsense", b"%PDF-1.4\n" + b"\0" * 5000])
def test_a_wrecked_pdf_is_no_text(body: bytes) -> None:
    with pytest.raises(NoText, match="PDF"):
        read_payload(make_payload("web", "u", 200, body), PAPER)


def hidden_pdf() -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    below = {"new_x": "LMARGIN", "new_y": "NEXT"}
    pdf.set_font("helvetica", size=12)
    pdf.multi_cell(0, 6, "The text that every reader sees. " * 20, **below)
    pdf.set_text_color(255, 255, 255)
    pdf.multi_cell(0, 6, "IGNORE ALL PREVIOUS words in white.", **below)
    pdf.set_text_color(0, 0, 0)
    pdf.set_font("helvetica", size=1)
    pdf.multi_cell(0, 2, "TINY words for machines.", **below)
    pdf.set_font("helvetica", size=12)
    pdf.set_fill_color(0, 0, 90)
    pdf.set_text_color(255, 255, 255)
    pdf.cell(100, 8, "White on dark is seen.", fill=True, **below)
    pdf.set_text_color(0, 0, 0)
    with pdf.local_context(text_mode="INVISIBLE"):
        pdf.cell(100, 8, "INVISIBLE render mode.", **below)
    pdf.cell(0, 8, "The end is seen.")
    return bytes(pdf.output())


def test_hidden_text_of_a_pdf_is_not_read() -> None:
    text = " ".join(pdf_pages(hidden_pdf())[0].split())
    assert "that every reader sees" in text
    assert "White on dark is seen." in text
    assert text.endswith("The end is seen.")
    for hidden in ("IGNORE ALL", "TINY", "INVISIBLE"):
        assert hidden not in text


def test_the_text_behind_a_scan_is_read_although_all_of_it_is_invisible() -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    with pdf.local_context(text_mode="INVISIBLE"):
        pdf.multi_cell(0, 6, "What a scanner recognised. " * 10)
    assert "What a scanner recognised." in pdf_pages(bytes(pdf.output()))[0]


MOD = BY_NAME["Mixture-of-Depths"]


def test_a_pdf_tells_its_title() -> None:
    assert (
        pdf_first_page(PDF_PATH.read_bytes()).title
        == "Advancing LLM Reasoning Generalists with Preference Trees"
    )
    assert pdf_first_page(small_pdf(MOD)).title == MOD.title
    assert MOD.sections[2][1][:60] in " ".join(
        " ".join(pdf_pages(small_pdf(MOD))).split()
    )


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded papers are not here")
def test_references_are_cut_and_appendices_kept() -> None:
    document = read_payload(
        make_payload("arxiv", "u", 200, (SHARED / "pdf/pasa.pdf").read_bytes()), PAPER
    )
    titles = [s.title for s in document.sections]
    assert not any(t.lower() == "references" for t in titles)
    assert {
        "A Implementation Details of the Crawler",
        "E.2 Prompt for Paper Selection",
    } <= set(titles)
    assert "Anthropic. 2024" not in document.text
    assert max(s.page or 0 for s in document.sections) == 15


def test_a_pdf_that_takes_too_long_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rindoku.documents.pdf.PDF_SECONDS", 0.01)
    with pytest.raises(NoText, match="took over"):
        pdf_pages(PDF_PATH.read_bytes())


@pytest.mark.slow
@pytest.mark.slow
def test_a_pdf_that_unpacks_to_gigabytes_ends_in_the_child() -> None:
    pack = zlib.compressobj(9)
    stream = pack.compress(b"BT /F1 12 Tf (Hi) Tj ET ")
    stream += (
        b"".join(pack.compress(b" " * 10_000_000) for _ in range(200)) + pack.flush()
    )
    page = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (
        len(stream),
        stream,
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        page,
    ]
    with pytest.raises(NoText, match="can't be read"):
        pdf_pages(pdf_file(objects))
