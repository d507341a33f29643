"""The two thresholds for titles, just above and just below."""

import pytest

from rindoku.papers.similarity import contains_title, is_found_title, is_same_title

TITLE = "Zebra: Stripes for Striped Transformers in the Wild"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("Stripes for Striped Transformers in the Wild: ZEBRA", True),
        ("Zebra: Stripes for Striped Transformers", True),  # 86 of 100
        ("Zebra: Spots for Spotted Transformers in the Wild", False),  # 84
        ("Zebra: Stripes for Transformers", False),
    ],
)
def test_a_title_is_the_same_from_85(other: str, same: bool) -> None:
    assert is_same_title(TITLE, other) is same


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ("Zebra: Stripes for Striped Transformers in Wild", True),  # 96
        ("Zebra: Stripes for Striped Transformers in the Wilderness", False),  # 94
        ("Zebra: Stripes for Striped Transformers", False),
    ],
)
def test_a_title_is_found_by_a_search_from_95(other: str, found: bool) -> None:
    assert is_found_title(TITLE, other) is found


@pytest.mark.parametrize(
    ("other", "contained"),
    [
        ("Zebra", True),
        ("Stripes for Transformers", True),
        ("Zebra: Stripes for Striped Networks in the Wild", True),  # 89
        ("Zebra: Spots for Spotted Transformers in the Wild", False),  # 84
        ("Horses", False),
    ],
)
def test_a_title_is_contained_from_85(other: str, contained: bool) -> None:
    assert contains_title(TITLE, other) is contained
