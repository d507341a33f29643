"""Names of persons."""

from rindoku.papers.pages.bibtex import author_names
from rindoku.papers.pages.bylines import is_name


def test_names_and_what_only_looks_like_one() -> None:
    assert all(
        map(
            is_name,
            [
                "Ada Braun",
                'Linxi "Jim" Fan',
                "Jiří Navrátil",
                "De-An Huang",
                "Ludwig van Beethoven",
                "J. K. Rowling",
                "Ofir Press",
            ],
        )
    )
    assert not any(
        map(
            is_name,
            [
                "Google Research",
                "Read Paper",
                "Abstract",
                "we present",
                "ICLR 2024",
                "Zebra University",
                "J. K.",
            ],
        )
    )
    assert author_names("Braun, Ada and Kei Ito and others") == (
        ("Ada Braun", "Kei Ito"),
        False,
    )
