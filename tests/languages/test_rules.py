"""Each language's rules, and that English answers are checked as Japanese ones are."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from rindoku.languages import find_languages, get_language
from rindoku.languages.en.rules import find_names
from rindoku.languages.parts import latin_terms
from rindoku.models import Answer, Explanation
from rindoku.verify import verify_answers, verify_texts
from tests.builders import make_document, make_paper

EN = get_language("en")
PAPER = make_paper("Zebra: Stripes")
DOCUMENT = make_document(
    "We report on Zebra-7B, which was trained with 86K examples on one GPU. "
    "Zebra-7B reaches 33.3% on the hardest test and needs no critic. "
    "It runs twice as fast as Mistral-7B on large language models benchmarks."
)
GOOD = Answer(
    1,
    "How well does Zebra-7B do?",
    "It reaches 33.3% on the hardest of the tests, "
    "and is one of the models without a critic.",
    True,
    ("Zebra-7B reaches 33.3% on the hardest test and needs no critic.",),
)


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        ({}, set()),
        ({"answer": "It reaches 38.3% on the hardest test."}, {"number"}),
        ({"answer": "It reaches 33.3% on the hardest test of ImageNet."}, {"term"}),
        ({"answer": "According to GPT-44 it reaches 33.3%."}, {"term"}),
        ({"answer": "It reaches 33.3%です。"}, {"language"}),
        ({"answer": "How well does Zebra-7B do."}, {"empty"}),
        ({"answer": "Not stated in the paper"}, {"answerable"}),
        (
            {
                "quotes": (
                    "Zebra-7B reaches 33.3% on the hardest test and needs a critic.",
                )
            },
            {"quote"},
        ),
        ({"answer": "Its large language model, or LLM, reaches 33.3% here."}, set()),
        ({"answer": "33.3%"}, {"language"}),
    ],
)
def test_english_answers_are_checked(
    change: Mapping[str, Any], checks: set[str]
) -> None:
    explanation = Explanation(None, "", (replace(GOOD, **change),))
    [verdict] = verify_answers(explanation, DOCUMENT, PAPER, EN)
    found = {f.check for f in verdict.findings if f.severity == "error"}
    assert found == checks, EN.wording.why(verdict.findings)
    assert all(f.message.isascii() or "“" in f.message for f in verdict.findings)


def test_english_texts_are_checked() -> None:
    good = Explanation(
        "Zebra-7B reaches 33.3% without a critic",
        "It was trained with 86K examples.",
        (),
    )
    assert all(t.passed for t in verify_texts(good, DOCUMENT, PAPER, EN))
    bad = Explanation("It has 99 stripes. It is fast.", "要約です。", ())
    tldr, summary = verify_texts(bad, DOCUMENT, PAPER, EN)
    assert {f.check for f in tldr.findings} == {"number", "length"}
    assert {f.check for f in summary.findings} == {"language"}


def test_english_names_have_a_capital_in_mid_sentence_or_inside() -> None:
    text = "Results of Mistral and LoRA: Zebra-7B's score. However, it is one of many."
    assert find_names(text) == ["Mistral", "LoRA", "Zebra-7B"]


def test_formulas_have_no_terms() -> None:
    assert latin_terms(r"LoRAは\( \Phi(h) \)を使う") == ["LoRA"]


@pytest.mark.parametrize("code", find_languages())
def test_the_words_for_not_in_the_paper_pass_the_rules_of_their_language(
    code: str,
) -> None:
    language = get_language(code)
    answer = Answer(1, GOOD.question, language.wording.not_in_paper, False, ())
    [verdict] = verify_answers(
        Explanation(None, "", (answer,)),
        DOCUMENT,
        PAPER,
        language,
        asked_by_reader=True,
    )
    assert verdict.status == "not in paper"
