"""Quotes are found with their place; those that say something else are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.models import Section
from rindoku.verify import QuoteFinder, fold
from rindoku.verify.quotes import SHORTEST_QUOTE, shorten
from tests.builders import make_document

TEXT = (
    "Abstract\n\n"
    "Eurus-70B reaches 33.3% on LeetCode and does not need a critic. "
    "Eurus was trained on 86K instructions.\n\n"
    "Results\n\n"
    "The model has 1.25 billion parameters and beats the base-\nline by 13.3%. "
    "Eurus keeps ﬁne detail. "
    "It was evaluated on twelve tests that cover five tasks, "
    "and half of them are new."
)
DOCUMENT = make_document(
    TEXT,
    sections=(Section("Abstract", 0, 120), Section("Results", 120, len(TEXT), 2)),
)


def match_of(quote: str, text: str = TEXT) -> str:
    return QuoteFinder(make_document(text)).find(quote).match


@given(st.text(max_size=80))
def test_folding_keeps_the_origin_of_every_character(text: str) -> None:
    folded, origins = fold(text)
    assert len(folded) == len(origins)
    assert origins == sorted(origins)
    assert all(0 <= o < len(text) for o in origins)


def test_a_quote_is_found_with_offsets_section_and_page() -> None:
    found = QuoteFinder(DOCUMENT).find(
        "beats the base- line by 13.3%. Eurus keeps fine detail."
    )
    assert (found.match, found.section, found.page) == ("exact", "Results", 2)
    assert TEXT[found.start : found.end].startswith("beats the base-\nline")


def test_the_shortest_quote_is_found_and_a_shorter_one_is_not() -> None:
    quote = "Eurus was trained on 86K instructions"
    shortest, shorter = quote[:SHORTEST_QUOTE], quote[: SHORTEST_QUOTE - 1]
    assert SHORTEST_QUOTE == 20
    assert match_of(shortest) == "exact"
    assert match_of(shorter) == "absent"


def test_dots_at_the_ends_do_not_lengthen_a_quote() -> None:
    assert match_of("... Eurus was trained ...") == "absent"


@pytest.mark.parametrize(
    "quote",
    [
        "It was evaluated on twelve tests that covers five task, and half of them are",
        "The model has 1.25 billion parameter and beats the base-line by 13.3%.",
        "on twelve tests that cover five tasks, and half of these are new.",
    ],
)
def test_slips_of_the_pen_are_found_nearly(quote: str) -> None:
    assert match_of(quote) == "fuzzy"


@pytest.mark.parametrize(
    "quote",
    [
        "Eurus-70B reaches 38.3% on LeetCode and does not need a critic.",
        "Eurus-70B reaches 33.3% on LeetCode and does need a critic.",
        "The model was evaluated by human judges in a separate study.",
        "The model has 1.25 billion parameters and trails the base-line by 13.3%.",
        "parameters and beats the base-line by 13.3%. It loses fine detail.",
    ],
)
def test_other_numbers_negations_and_words_are_absent(quote: str) -> None:
    assert match_of(quote) == "absent"


@pytest.mark.parametrize(
    ("adverb", "slip"), [("hardly", "hard"), ("barely", "bare"), ("rarely", "rare")]
)
def test_adverbs_that_negate_may_not_be_lost_in_a_slip(adverb: str, slip: str) -> None:
    text = (
        "In all of our experiments the routing of tokens in the middle of the network "
        f"{adverb} helps on the benchmark that we built for it."
    )
    quote = text.replace(adverb, slip)
    assert match_of(quote, text) == "absent"
    assert match_of(text, quote) == "absent"


@pytest.mark.parametrize(
    ("word", "opposite"),
    [
        ("supervised", "unsupervised"),
        ("increase", "decrease"),
        ("underperforms", "outperforms"),
        ("directly", "indirectly"),
        ("pretrained", "posttrained"),
    ],
)
def test_opposites_that_are_spelled_alike_are_absent(word: str, opposite: str) -> None:
    text = f"In the final stage of training the {word} objective is applied to it all."
    quote = text.replace(word, opposite)
    assert match_of(quote, text) == "absent"
    assert match_of(text, quote) == "absent"


def test_long_quotes_are_shortened_in_messages() -> None:
    assert shorten("a" * 40) == "a" * 40
    assert shorten("a" * 41) == "a" * 38 + "…"
