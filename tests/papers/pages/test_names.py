"""Names of persons."""

import pytest

from rindoku.papers.pages.bibtex import author_names
from rindoku.papers.pages.names import first_name_first, is_name


@pytest.mark.parametrize(
    "text",
    [
        "Ada Braun",
        'Linxi "Jim" Fan',
        "Jiří Navrátil",
        "De-An Huang",
        "Ludwig van Beethoven",
        "J. K. Rowling",
        "Ofir Press",
        "April May",
    ],
)
def test_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "Google Research",
        "Read Paper",
        "Abstract",
        "we present",
        "ICLR 2024",
        "Zebra University",
        "J. K.",
        "Ada van",
        "Ada Braun Kei Ito Lena Lind",
    ],
)
def test_what_only_looks_like_a_name(text: str) -> None:
    assert not is_name(text)


def test_names_in_bibtex_may_have_the_last_name_first() -> None:
    assert first_name_first("Braun, Ada") == "Ada Braun"
    assert author_names("Braun, Ada and Kei Ito and others") == (
        ("Ada Braun", "Kei Ito"),
        False,
    )
