"""Reading a paper: which text is taken, and what is noted."""

from dataclasses import replace

import pytest

from rindoku.archive.finding import get_document
from rindoku.archive.saving import save_paper
from rindoku.documents.characters import clean
from rindoku.identifiers import ArxivId
from rindoku.models import PaperVersion
from rindoku.papers.arxiv import find_metadata
from rindoku.papers.read import read_paper
from rindoku.run import Run
from rindoku.sample.content import sample_papers
from rindoku.sample.pages import latexml
from rindoku.sample.pdf_page import small_pdf
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings

BY_NAME = {p.title.split(":")[0]: p for p in sample_papers()}


MOD = BY_NAME["Mixture-of-Depths"]


def test_a_wrong_text_is_a_finding_and_the_next_source_is_read(
    standin: StandIn, settings: Settings
) -> None:
    run = Run("test")
    paper = find_metadata([ArxivId("2404.02258")], settings).known["2404.02258"]
    with run.archive.write() as con:
        save_paper(con, paper)
    standin.put("https://arxiv.org/html/2404.02258v1", latexml(BY_NAME["JetMoE"]))
    standin.put(
        "https://arxiv.org/pdf/2404.02258v1",
        small_pdf(BY_NAME["ReFT"]),
        "application/pdf",
    )
    document_id = read_paper(run, paper.paper_id, 1)
    with run.archive.write() as con:
        document = get_document(con, document_id)
        findings = con.execute(
            "SELECT check_name, severity FROM findings WHERE subject = ?", [document_id]
        ).fetchall()
    assert (document.grounding, document.text) == ("abstract only", clean(MOD.abstract))
    assert findings == [("wrong text", "warning")] * 2
    assert "another paper" in document.note


@pytest.mark.parametrize(
    ("comment", "abstract", "withdrawn"),
    [
        (
            "This paper has been withdrawn by the author due to an error in Theorem 2",
            "x",
            True,
        ),
        ("Withdrawn", "x", True),
        (None, "This paper has been withdrawn by the authors.", True),
        ("12 pages, 3 figures", "We study withdrawn money.", False),
        (None, None, False),
    ],
)
def test_withdrawn_papers_are_told_by_their_comment(
    comment: str | None, abstract: str | None, withdrawn: bool
) -> None:
    paper = PaperVersion(
        "arxiv:1",
        "arxiv",
        2,
        "T",
        (),
        True,
        abstract,
        None,
        None,
        (),
        "u",
        comment,
        "p",
    )
    assert bool(paper.withdrawn) is withdrawn


def test_a_withdrawn_paper_is_read_in_the_version_before(
    standin: StandIn, settings: Settings
) -> None:
    run = Run("test")
    paper = find_metadata([ArxivId("2404.02060")], settings).known["2404.02060"]
    with run.archive.write() as con:
        save_paper(con, replace(paper, comment="Withdrawn: the evaluation was wrong."))
    document_id = read_paper(run, paper.paper_id, paper.version)
    with run.archive.write() as con:
        document = get_document(con, document_id)
        findings = con.execute(
            "SELECT check_name, message FROM findings WHERE subject = ?", [document_id]
        ).fetchall()
    assert paper.version == 2
    assert document.url == "https://arxiv.org/html/2404.02060v1"
    assert document.note.startswith(
        "Withdrawn by its authors: Withdrawn: the evaluation was wrong. Read from v1."
    )
    assert findings == [
        (
            "withdrawn",
            "arxiv:2404.02060 was withdrawn: Withdrawn: the evaluation was wrong.",
        )
    ]
