"""Reading a paper: which text is taken, and what is noted."""

from dataclasses import replace

import pytest

from rindoku.archive.documents import get_document
from rindoku.archive.papers import save_paper
from rindoku.documents import clean
from rindoku.identifiers import ArxivId
from rindoku.papers import find_metadata, read_paper
from rindoku.run import Run
from rindoku.sample import StandIn
from rindoku.sample.pages import latexml
from rindoku.sample.pdf_page import small_pdf
from rindoku.settings import Settings
from tests.builders import make_paper
from tests.samples import SAMPLES


def test_a_wrong_text_is_a_finding_and_the_next_source_is_read(
    standin: StandIn, settings: Settings
) -> None:
    run = Run("test")
    paper = find_metadata([ArxivId("2404.02258")], settings).known["2404.02258"]
    with run.archive.write() as con:
        save_paper(con, paper)
    standin.put("https://arxiv.org/html/2404.02258v1", latexml(SAMPLES["JetMoE"]))
    wrong_pdf = small_pdf(SAMPLES["ReFT"])
    standin.put("https://arxiv.org/pdf/2404.02258v1", wrong_pdf, "application/pdf")
    document_id = read_paper(run, paper.paper_id, 1)
    with run.archive.read_latest() as con:
        document = get_document(con, document_id)
        findings = con.execute(
            "SELECT check_name, severity FROM findings WHERE subject = ?", [document_id]
        ).fetchall()
    abstract = clean(SAMPLES["Mixture-of-Depths"].abstract)
    assert (document.grounding, document.text) == ("abstract only", abstract)
    assert findings == [("wrong text", "warning")] * 2
    assert "is not that of" in document.note


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
def test_withdrawn_papers_are_recognised(
    comment: str | None, abstract: str | None, withdrawn: bool
) -> None:
    paper = make_paper("T", comment=comment, abstract=abstract)
    assert bool(paper.withdrawn) is withdrawn


def test_a_withdrawn_paper_is_read_in_the_version_before(
    standin: StandIn, settings: Settings
) -> None:
    run = Run("test")
    paper = find_metadata([ArxivId("2404.02060")], settings).known["2404.02060"]
    with run.archive.write() as con:
        save_paper(con, replace(paper, comment="Withdrawn: the evaluation was wrong."))
    document_id = read_paper(run, paper.paper_id, paper.version)
    with run.archive.read_latest() as con:
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
