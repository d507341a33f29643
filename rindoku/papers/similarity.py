"""Compares titles, to decide whether they are of the same paper."""

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from rindoku.documents import clean

_SAME_TITLE = 85.0
_FOUND_TITLE = 95.0


def is_same_title(title: str, other: str) -> bool:
    """Whether two titles have nearly the same words, in any order."""
    return _similarity(title, other) >= _SAME_TITLE


def is_found_title(title: str, found: str) -> bool:
    """As `is_same_title`, but stricter, as searches return similar titles."""
    return _similarity(title, found) >= _FOUND_TITLE


def contains_title(title: str, other: str) -> bool:
    """Whether the words of one title are nearly all in the other."""
    score = fuzz.token_set_ratio(title, other, processor=default_process)
    return score >= _SAME_TITLE


def _similarity(title: str, other: str) -> float:
    return float(
        fuzz.token_sort_ratio(clean(title), clean(other), processor=default_process)
    )
