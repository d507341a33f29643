"""Where a week's list comes from: X, its public twin, or a file given by hand.

A source's answers are kept raw and read by the week contract into a sighting: the week as
that source shows it.
"""

from rindoku.lists.contract import check_age, compare
from rindoku.lists.forget import forget_post
from rindoku.lists.observe import (
    complete_from,
    entries_without_links,
    find_sighting,
    list_week,
    observe_week,
)
from rindoku.lists.sources import choose_source, read_files

__all__ = [
    "check_age",
    "choose_source",
    "compare",
    "complete_from",
    "entries_without_links",
    "find_sighting",
    "forget_post",
    "list_week",
    "observe_week",
    "read_files",
]
