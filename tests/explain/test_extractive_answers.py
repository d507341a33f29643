"""The explainer without a model, on the sample papers."""

from rindoku.documents import read_payload
from rindoku.explain.extract import extract
from rindoku.languages.wording import wording
from rindoku.sample.content import sample_papers
from rindoku.sample.pages import latexml, work_page
from rindoku.web import make_payload
from tests.builders import make_paper


def test_most_answers_are_sentences_of_the_text() -> None:
    ja = wording("ja")
    answered = 0
    for sample in sample_papers():
        kind = "arxiv" if sample.arxiv else "web"
        body = latexml(sample) if sample.arxiv else work_page(sample)
        paper = make_paper(sample.title, kind=kind, abstract=sample.abstract)
        payload = make_payload(kind, "u", 200, body.encode())
        document = read_payload(payload, paper)
        explanation = extract(document, paper, 10, ja)
        assert explanation.tldr is None
        answers = [a.answer for a in explanation.answers if a.answerable]
        others = [a.answer for a in explanation.answers if not a.answerable]
        answered += len(answers)
        assert all(answer in document.text for answer in answers)
        assert len(set(answers)) == len(answers)
        assert set(others) <= {ja.no_excerpt}
    assert answered >= 80
