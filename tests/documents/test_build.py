"""Payloads to documents."""

import pytest

from rindoku.documents.build import (
    SHORTEST_TEXT,
    read_payload,
)
from rindoku.errors import NoText
from rindoku.models import PaperVersion
from rindoku.web.fetch import make_payload
from tests.conftest import SHARED

PAPER = PaperVersion(
    "arxiv:1", "arxiv", 1, "T", (), True, None, None, None, (), "u", None, "p"
)


def test_a_page_without_text_is_no_text() -> None:
    with pytest.raises(NoText, match="characters of text"):
        read_payload(
            make_payload(
                "web", "u", 200, b"<html><body><p>" + b"a" * (SHORTEST_TEXT // 2)
            ),
            PAPER,
        )


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
    document = read_payload(
        make_payload("arxiv", "u", 200, (SHARED / name).read_bytes()), PAPER
    )
    assert len(document.text) > 15_000
    assert len(document.sections) > 5
    assert document.text.count("\ufffd") == 0


def test_debris_is_no_text() -> None:
    body = (
        "<html><body><p class='ltx_p'>"
        + "(cid:12) %% 0x3f ~~ 77 " * 60
        + "</p></body></html>"
    ).encode()
    with pytest.raises(NoText, match="debris"):
        read_payload(make_payload("arxiv", "u", 200, body), PAPER)
