"""The explainer without a model, on the sample papers."""

from dataclasses import replace

from rindoku.documents.build import (
    read_payload,
)
from rindoku.explain.extract import extract
from rindoku.languages.wording import wording
from rindoku.models import PaperVersion
from rindoku.sample.content import sample_papers
from rindoku.sample.pages import latexml, work_page
from rindoku.web.fetch import make_payload

PAPER = PaperVersion(
    "arxiv:1", "arxiv", 1, "T", (), True, None, None, None, (), "u", None, "p"
)


def test_the_extractive_explainer_fills_most_slots_with_sentences_of_the_text() -> None:
    slots = 0
    for paper in sample_papers():
        body = latexml(paper) if paper.arxiv else work_page(paper)
        kind = "arxiv" if paper.arxiv else "web"
        document = read_payload(
            make_payload(kind, "u", 200, body.encode()), replace(PAPER, kind=kind)
        )
        explanation = extract(
            document,
            replace(PAPER, kind=kind, title=paper.title, abstract=paper.abstract),
            10,
            wording("ja"),
        )
        filled = [a for a in explanation.answers if a.answerable]
        assert explanation.tldr is None
        slots += len(filled)
        assert all(a.answer in document.text for a in filled)
        assert all(
            a.answer == wording("ja").no_excerpt
            for a in explanation.answers
            if not a.answerable
        )
        assert len({a.answer for a in filled}) == len(filled)
    assert slots >= 80
