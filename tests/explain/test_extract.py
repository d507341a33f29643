"""The explainer without a model asks by the kind of paper, in the language."""

import tomllib
from dataclasses import replace
from typing import Literal

import pytest

from rindoku.documents import read_payload
from rindoku.explain.extract import extract, find_passages, paper_type
from rindoku.languages import find_languages, get_language
from rindoku.models import Document, PaperVersion, Section
from rindoku.sample import SamplePaper, sample_papers
from rindoku.sample.pages import latexml, work_page
from rindoku.web import make_payload
from tests.builders import make_document, make_paper
from tests.conftest import ROOT

JA, EN = get_language("ja"), get_language("en")
SURVEY_TEXT = (
    "Abstract\n\n"
    "This survey covers methods for retrieval that were published within three years. "
    "We categorize them into dense, sparse and hybrid retrievers by what they index."
    "\n\n"
    "Open problems\n\n"
    "Open challenges remain in multilingual retrieval and in evaluation."
)


def read_sample(paper: SamplePaper) -> tuple[Document, PaperVersion]:
    kind: Literal["arxiv", "web"] = "arxiv" if paper.arxiv else "web"
    version = replace(make_paper(paper.title), kind=kind, abstract=paper.abstract)
    body = latexml(paper) if paper.arxiv else work_page(paper)
    return read_payload(make_payload(kind, "u", 200, body.encode()), version), version


def test_every_language_has_every_question() -> None:
    path = ROOT / "rindoku/explain/extract.toml"
    names = {q["name"] for q in tomllib.loads(path.read_text())["question"]}
    for code in find_languages():
        assert get_language(code).questions.keys() == names


@pytest.mark.parametrize("paper", sample_papers(), ids=lambda paper: paper.title)
def test_questions_are_in_the_language(paper: SamplePaper) -> None:
    document, version = read_sample(paper)
    in_english = extract(document, version, 10, EN).answers
    in_japanese = extract(document, version, 10, JA).answers
    assert len(in_english) == len(in_japanese) > 0
    for english, japanese in zip(in_english, in_japanese, strict=True):
        assert english.question in EN.questions.values()
        assert japanese.question in JA.questions.values()
        assert english.quotes == japanese.quotes
        if not english.answerable:
            assert english.answer == EN.wording.no_excerpt


def test_questions_follow_the_kind_of_paper() -> None:
    kinds = {
        paper.title.split(":")[0]: paper_type(*read_sample(paper))
        for paper in sample_papers()
    }
    assert (
        kinds["Long-context LLMs Struggle with Long In-context Learning"] == "benchmark"
    )
    assert kinds["SWE-agent"] == "system"
    assert kinds["The Unreasonable Ineffectiveness of the Deeper Layers"] == "study"
    assert kinds["Mixture-of-Depths"] == "method"


def test_a_survey_is_asked_what_it_covers() -> None:
    at = SURVEY_TEXT.index("Open problems")
    document = make_document(
        SURVEY_TEXT,
        sections=(
            Section("Abstract", 0, at),
            Section("Open problems", at, len(SURVEY_TEXT)),
        ),
    )
    survey = make_paper("A Survey of Retrieval", abstract=SURVEY_TEXT)
    explanation = extract(document, survey, 10, JA)
    answered = {a.question: a.answer for a in explanation.answers if a.answerable}
    assert "This survey covers" in answered["何を扱う調査か?"]
    assert "dense, sparse" in answered["どのように分類しているか?"]


def test_no_sentence_answers_two_questions_and_each_is_quoted() -> None:
    for paper in sample_papers():
        document, version = read_sample(paper)
        given = [a for a in extract(document, version, 20, JA).answers if a.answerable]
        assert len({a.answer for a in given}) == len(given)
        for answer in given:
            assert answer.quotes == (answer.answer,)
            assert answer.answer in document.text


def test_passages_have_most_of_the_words_in_the_order_of_the_text() -> None:
    first = "The quick model was trained on a large corpus of English text."
    second = "A large corpus is what every model of this kind needs for training."
    neither = "Nothing of what was asked can be found in these few words here."
    document = make_document(f"{first} {neither} {second}")
    wanted = ["Model", "corpus", "large"]
    assert find_passages(document, wanted, 5) == [first, second]
    assert find_passages(document, wanted, 1) == [first]
    assert find_passages(document, ["zebra"], 5) == []


def test_most_answers_are_sentences_of_the_text() -> None:
    answered = 0
    for paper in sample_papers():
        document, version = read_sample(paper)
        explanation = extract(document, version, 10, JA)
        assert explanation.tldr is None
        answers = [a.answer for a in explanation.answers if a.answerable]
        others = [a.answer for a in explanation.answers if not a.answerable]
        answered += len(answers)
        assert all(answer in document.text for answer in answers)
        assert len(set(answers)) == len(answers)
        assert set(others) <= {JA.wording.no_excerpt}
    assert answered >= 80
