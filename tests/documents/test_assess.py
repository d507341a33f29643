"""Readable texts, and texts of the right paper."""

import pytest

from rindoku.documents import is_text_of, text_quality
from tests.builders import make_paper
from tests.samples import SAMPLES

PROSE = "A text of words that a person has written, with 3 numbers and 2.5% of signs. "
FORMULAS = "x_{1} = \\frac{a}{b} + \\sum_i y_i where we write of terms and words "
JAPANESE = (
    "数値は三つあり、単語の間に空白はありませんが、この文章は読むことができます。"
)
DEBRIS = "\ufffd\ufffd g1 (cid:12)(cid:31) 0x3f ~~ %% ^^ 77 88 99 "
RUNNING_HEAD = "The same line of a running head, again and again.\n"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        (PROSE * 20, 1.0, 1.0),
        (JAPANESE, 1.0, 1.0),
        (FORMULAS * 20, 0.5, 1.0),
        (DEBRIS * 40, 0.0, 0.2),
        (RUNNING_HEAD * 50, 0.0, 0.1),
        ("", 0.0, 0.0),
    ],
)
def test_quality_distinguishes_prose_from_debris(
    text: str, least: float, most: float
) -> None:
    assert least <= text_quality(text) <= most


SAMPLE = SAMPLES["Mixture-of-Depths"]
PAPER = make_paper(SAMPLE.title, abstract=SAMPLE.abstract)


def test_a_text_is_recognised_by_its_title() -> None:
    assert is_text_of(PAPER, f"{SAMPLE.title}\n\nOther words")
    assert is_text_of(PAPER, "Other words", title=SAMPLE.title)
    assert not is_text_of(PAPER, "Nothing of it. " * 50)


def test_a_text_under_another_title_is_recognised_by_its_abstract() -> None:
    renamed = make_paper("Completely Different Words", abstract=SAMPLE.abstract)
    assert is_text_of(renamed, SAMPLE.abstract + " and more")
    assert not is_text_of(renamed, "Nothing of it. " * 50)


def test_a_paper_of_which_nothing_is_known_passes() -> None:
    assert is_text_of(make_paper("T"), "anything")
