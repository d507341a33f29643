"""Readable texts, and texts of the right paper."""

from dataclasses import replace

import pytest

from rindoku.documents.build import (
    is_text_of,
    read_payload,
    text_quality,
)
from rindoku.errors import WrongText
from rindoku.models import PaperVersion
from rindoku.sample.content import sample_papers
from rindoku.sample.pages import latexml
from rindoku.web.fetch import make_payload

PAPER = PaperVersion(
    "arxiv:1", "arxiv", 1, "T", (), True, None, None, None, (), "u", None, "p"
)


BY_NAME = {p.title.split(":")[0]: p for p in sample_papers()}


def test_quality_tells_prose_from_debris() -> None:
    prose = (
        "This is a text of words that a person has written, with 3 numbers and 2.5% of signs. "
        * 20
    )
    formulas = (
        "x_{1} = \\frac{a}{b} + \\sum_i y_i where we write of terms and words " * 20
    )
    debris = "\ufffd\ufffd g1 (cid:12)(cid:31) 0x3f ~~ %% ^^ 77 88 99 " * 40
    repeated = "\n".join(["The same line of a running head, again and again."] * 50)
    japanese = (
        "これは日本語の文章です。数値は三つあり、単語の間に空白はありませんが、読むことができます。\n"
        * 3
    )
    assert text_quality(prose) == 1.0
    assert text_quality(formulas) > 0.5
    assert text_quality(japanese[:50]) == 1.0
    assert text_quality(debris) < 0.2
    assert text_quality(repeated) < 0.1
    assert text_quality("") == 0.0


MOD = BY_NAME["Mixture-of-Depths"]


MEANT = replace(PAPER, title=MOD.title, abstract=MOD.abstract)


def test_the_text_read_is_the_papers_own() -> None:
    right, wrong = (
        latexml(BY_NAME[name]).encode() for name in ("Mixture-of-Depths", "JetMoE")
    )
    assert read_payload(make_payload("arxiv", "u", 200, right), MEANT).quality == 1.0
    with pytest.raises(WrongText, match="another paper than 'Mixture-of-Depths"):
        read_payload(make_payload("arxiv", "u", 200, wrong), MEANT)
    # A paper that changed its title is known by its abstract.
    renamed = replace(MEANT, title="Completely Different Words Now")
    assert is_text_of(renamed, MOD.abstract + " and more")
    assert not is_text_of(renamed, "Nothing of it. " * 50)
    assert is_text_of(replace(MEANT, title="T", abstract=None), "anything")
