"""A digest: what is known of a weekly list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rindoku.targets import Watch

# The digest of archives that were made before there were others.
DEFAULT = "dair_ai"


@dataclass(frozen=True)
class Days:
    """Days of a list, counted from the Sunday that ends its week.

    Posts are read from `first` to `last`; the list is `due` on one of these days, and a
    week without a list is missing after `overdue`.
    """

    first: int = -1
    due: int = 0
    last: int = 2
    overdue: int = 9


@dataclass(frozen=True)
class Listing:
    """What an entry says for the readers of a week, which the archive keeps with it.

    `entries` is the number of entries that the list is expected to have; `titles` are
    the article's by language, with {series}, {starts_on} and {ends_on}.
    """

    account: str
    series: str
    entries: int
    titles: Mapping[str, str]

    @property
    def url(self) -> str:
        """The account on X."""
        return f"https://x.com/{self.account}"


@dataclass(frozen=True)
class Digest:
    """A weekly list.

    `heading` matches a line that announces a week, `numbering` the number before an
    entry, as the group `rank`; None means the usual ways to write it. `twin` is the
    address of a Markdown file, with {year} for a file a year; None if there is none.
    """

    name: str
    listing: Listing
    watch: Watch
    heading: re.Pattern[str]
    numbering: str | None
    twin: str | None
    days: Days

    @property
    def entries(self) -> int:
        """The number of entries a week."""
        return self.listing.entries


def week_in_keys(name: str, week: str) -> str:
    """A week of a digest in content keys; those of the first have no digest."""
    return week if name == DEFAULT else f"{name} {week}"
