"""Payloads to documents."""

import pytest

from rindoku.documents import read_payload
from rindoku.documents.build import SHORTEST_TEXT
from rindoku.errors import NoText, WrongText
from rindoku.sample.content import PDF_PATH
from rindoku.sample.pages import latexml
from rindoku.web import make_payload
from tests.builders import make_paper
from tests.conftest import SHARED
from tests.samples import SAMPLES

PAPER = make_paper("T")


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p class='ltx_p'>" + "a" * (SHORTEST_TEXT - 1), "characters of text"),
        ("<p class='ltx_p'>" + "(cid:12) %% 0x3f ~~ 77 " * 60, "mostly unreadable"),
    ],
)
def test_short_and_unreadable_texts_are_refused(html: str, reason: str) -> None:
    payload = make_payload("arxiv", "u", 200, f"<html><body>{html}".encode())
    with pytest.raises(NoText, match=reason):
        read_payload(payload, PAPER)


def test_a_picture_is_refused() -> None:
    payload = make_payload("web", "https://a.org/x.png", 200, b"\x89PNG\r\n\x1a\n\0\0")
    with pytest.raises(NoText, match="neither a page nor a PDF"):
        read_payload(payload, PAPER)


def test_the_text_of_another_paper_is_refused() -> None:
    sample = SAMPLES["Mixture-of-Depths"]
    paper = make_paper(sample.title, abstract=sample.abstract)
    right = make_payload("arxiv", "u", 200, latexml(sample).encode())
    wrong = make_payload("arxiv", "u", 200, latexml(SAMPLES["JetMoE"]).encode())
    assert read_payload(right, paper).quality == 1.0
    with pytest.raises(WrongText, match="not that of 'Mixture-of-Depths"):
        read_payload(wrong, paper)


def test_a_pdf_gives_a_page_for_every_offset() -> None:
    payload = make_payload("arxiv", "u", 200, PDF_PATH.read_bytes())
    document = read_payload(payload, PAPER)
    assert (document.grounding, document.format) == ("full text", "pdf")
    for words, page in (
        ("Open models have come close", 1),
        ("a suite of language models for reasoning", 1),
        ("Eurus is trained for reasoning", 2),
    ):
        section = document.section_at(document.text.index(words))
        assert section is not None
        assert section.page == page
    section = document.section_at(document.text.index("KTO and NCA improve"))
    assert section is not None
    assert section.title == "3 Training"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded papers are not here")
@pytest.mark.parametrize(
    "name",
    [
        "pdf/pasa.pdf",
        "pdf/scicode.pdf",
        "arxiv-html/1706.03762.html",
        "arxiv-html/2310.06825.html",
    ],
)
def test_real_papers_are_read(name: str) -> None:
    body = (SHARED / name).read_bytes()
    document = read_payload(make_payload("arxiv", "u", 200, body), PAPER)
    assert len(document.text) > 15_000
    assert len(document.sections) > 5
    assert document.text.count("\ufffd") == 0
