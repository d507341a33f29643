"""Digests: the weekly lists that are followed, one table each in `digests.toml`."""

from rindoku.digests.fields import DEFAULT, Days, Digest, Listing, week_in_keys
from rindoku.digests.patterns import LONGEST_LINE
from rindoku.digests.tables import find_digest, find_own_digest

__all__ = [
    "DEFAULT",
    "LONGEST_LINE",
    "Days",
    "Digest",
    "Listing",
    "find_digest",
    "find_own_digest",
    "week_in_keys",
]
