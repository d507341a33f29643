"""The sources of a week's list: X, its public twin, or a file.

A source's responses are saved raw, then parsed into a sighting: the week as that source
shows it. The week contract checks sightings.
"""

from rindoku.lists.contract import assemble, check_age, make_link, posted_on
from rindoku.lists.differences import compare
from rindoku.lists.files import parse_file
from rindoku.lists.forget import forget_post
from rindoku.lists.observe import (
    complete_from,
    entries_without_links,
    get_saved_sighting,
    list_week,
    observe_week,
)
from rindoku.lists.posts import parse_posts
from rindoku.lists.sources import choose_source, read_files
from rindoku.lists.threads import find_announced_weeks
from rindoku.lists.twin import parse_year

__all__ = [
    "assemble",
    "check_age",
    "choose_source",
    "compare",
    "complete_from",
    "entries_without_links",
    "find_announced_weeks",
    "forget_post",
    "get_saved_sighting",
    "list_week",
    "make_link",
    "observe_week",
    "parse_file",
    "parse_posts",
    "parse_year",
    "posted_on",
    "read_files",
]
