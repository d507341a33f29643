from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.labels import NOT_IN_PAPER
from rindoku.models import Answer, Document, Explanation, PaperVersion, Section
from rindoku.names import katakana_spellings, latin_terms
from rindoku.numbers import find_numbers
from rindoku.quotes import QuoteFinder, fold
from rindoku.verify import merge_repairs, reason, verify

TEXT = (
    "Abstract\n\nEurus-70B reaches 33.3% on LeetCode and does not need a critic. Eurus was trained on 86K instructions.\n\n"
    "Results\n\nThe model has 1.25 billion parameters and beats the base-\nline by 13.3%. Eurus keeps ﬁne detail. "
    "It was evaluated on twelve tests that cover five tasks, and half of them are new."
)
DOCUMENT = Document(
    "d", "arxiv:1", 1, "full text", "html", "u", TEXT,
    (Section("Abstract", 0, 120), Section("Results", 120, len(TEXT), 2)), "p",
)  # fmt: skip
PAPER = PaperVersion("arxiv:1", "arxiv", 1, "Eurus: Preference Trees", (), True, None, None, None, (), "u", None, "p")
GOOD = Answer(
    1,
    "LeetCodeの成績は?",
    "Eurus-70Bは33.3%です。",
    True,
    ("Eurus-70B reaches 33.3% on LeetCode and does not need a critic.",),
)


def checks(*answers: Answer) -> list[set[str]]:
    verdicts = verify(Explanation(None, "", answers), DOCUMENT, PAPER)
    return [{f.check for f in v.findings if f.severity == "error"} for v in verdicts]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("38.4 billion", {"38400000000"}), ("384億", {"38400000000"}), ("4億1000万", {"410000000"}),
        ("410 million", {"410000000"}), ("1.25T tokens", {"1250000000000"}), ("30,000 GPU hours", {"30000"}),
        ("１２.２９％", {"12.29%"}), ("31 percent", {"31%"}), ("10^5", {"100000"}), ("10^{-3}", {"0.001"}),
        ("four heads and twenty tests", {"4", "20"}), ("GPT-4, Llama2-7B, pass@1, H100, 2D", set()),
        ("10x to 50x", {"10", "50"}), ("2K to 50K", {"2000", "50000"}), ("1つのモデル", set()), ("21個", {"21"}),
    ],
)  # fmt: skip
def test_numbers_are_values(text: str, values: set[str]) -> None:
    assert {f"{v:f}{unit}" for v, unit in find_numbers(text)} == values


@given(st.integers(2, 10**9), st.sampled_from(["{:d}", "{:,}"]))
def test_a_number_is_found_however_it_is_grouped(value: int, form: str) -> None:
    assert find_numbers(f"値は{form.format(value)}です") == {(Decimal(value).normalize(), "")}


@given(st.text(max_size=80))
def test_folding_keeps_the_origin_of_every_character(text: str) -> None:
    folded, origins = fold(text)
    assert len(folded) == len(origins)
    assert origins == sorted(origins)
    assert all(0 <= o < len(text) for o in origins)


def test_a_quote_is_found_with_offsets_section_and_page() -> None:
    found = QuoteFinder(DOCUMENT).find("beats the base- line by 13.3%. Eurus keeps fine detail.")
    assert (found.match, found.section, found.page) == ("exact", "Results", 2)
    assert TEXT[found.start : found.end].startswith("beats the base-\nline")


def test_a_slip_of_the_pen_is_found_nearly() -> None:
    found = QuoteFinder(DOCUMENT).find(
        "It was evaluated on twelve tests that covers five task, and half of them are new"
    )
    assert found.match == "fuzzy"


@pytest.mark.parametrize(
    "quote",
    [
        "Eurus-70B reaches 38.3% on LeetCode and does not need a critic.",
        "Eurus-70B reaches 33.3% on LeetCode and does need a critic.",
        "The model was evaluated by human judges in a separate study.",
        "short",
    ],
)
def test_changed_numbers_negations_and_inventions_are_absent(quote: str) -> None:
    assert QuoteFinder(DOCUMENT).find(quote).match == "absent"


def test_a_sound_answer_passes() -> None:
    [verdict] = verify(Explanation(None, "", (GOOD,)), DOCUMENT, PAPER)
    assert (verdict.status, reason(verdict)) == ("verified", "")


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"answer": "Eurus-70Bは38.3%です。"}, "number"),
        ({"answer": "Eurus-70Bは333%です。"}, "number"),
        ({"answer": "ユーラスは33.3%です。"}, "name"),
        ({"answer": "Mistralは33.3%です。"}, "term"),
        ({"answer": r"\(x は33.3%です。"}, "math"),
        ({"answer": "It is 33.3%.", "question": "Why?"}, "language"),
        ({"quotes": ("A sentence that stands nowhere in the paper at all, 33.3%.",)}, "quote"),
        ({"quotes": ()}, "answerable"),
        ({"answer": NOT_IN_PAPER}, "answerable"),
        ({"answerable": False}, "answerable"),
    ],
)
def test_each_fault_is_found(change: dict[str, object], check: str) -> None:
    assert check in checks(replace(GOOD, **change))[0]  # type: ignore[arg-type]


def test_doubles_are_found() -> None:
    assert checks(GOOD, replace(GOOD, position=2))[1] == {"duplicate"}
    assert checks(GOOD, replace(GOOD, position=2, question="まったく別のことを聞く質問か?"))[1] == {"duplicate"}


def test_not_in_paper_is_an_answer_that_passes() -> None:
    [verdict] = verify(Explanation(None, "", (Answer(1, "費用は?", NOT_IN_PAPER, False, ()),)), DOCUMENT, PAPER)
    assert verdict.status == "not in paper"


def test_common_katakana_words_are_no_names() -> None:
    assert (
        list(katakana_spellings("モデルのデータとパラメータをレースで評価し、リソースを使います", TEXT, PAPER.title))
        == []
    )
    assert latin_terms(r"LoRAは\( \Phi(h) \)を使う") == ["LoRA"]


def test_a_repair_replaces_only_what_failed_and_only_when_it_passes() -> None:
    bad = replace(GOOD, answer="Eurus-70Bは38.3%です。")
    other = Answer(2, "命令の数は?", "86Kです。", True, ("Eurus was trained on 86K instructions.",))
    first = verify(Explanation(None, "", (bad, other)), DOCUMENT, PAPER)
    mended = verify(Explanation(None, "", (GOOD, replace(other, answer="壊れた99です。"))), DOCUMENT, PAPER)
    merged = merge_repairs(first, mended)
    assert [(v.answer, v.repaired, v.passed) for v in merged] == [(GOOD, True, True), (other, False, True)]
    assert [v.passed for v in merge_repairs(first, first)] == [False, True]
