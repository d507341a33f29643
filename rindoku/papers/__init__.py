"""From the links of an entry to its paper, and from the paper to its text.

Links are looked up, and arXiv confirms what they lead to. Entries bound to a page are
looked up again later, as papers reach arXiv days or weeks after their page.
"""

from rindoku.papers.arxiv import find_metadata, valid_ids
from rindoku.papers.bind import decide, ids_to_confirm
from rindoku.papers.look_up import (
    direct_candidate,
    look_up_links,
    look_up_payload,
)
from rindoku.papers.read import papers_to_read, read_again, read_paper
from rindoku.papers.rebind import (
    Look,
    due_entries,
    improvable_weeks,
    rebind_entries,
    remaining_usd,
)
from rindoku.papers.resolve import (
    entries_to_look_up,
    look_up_entry,
    resolve_entries,
)

__all__ = [
    "Look",
    "decide",
    "direct_candidate",
    "due_entries",
    "entries_to_look_up",
    "find_metadata",
    "ids_to_confirm",
    "improvable_weeks",
    "look_up_entry",
    "look_up_links",
    "look_up_payload",
    "papers_to_read",
    "read_again",
    "read_paper",
    "rebind_entries",
    "remaining_usd",
    "resolve_entries",
    "valid_ids",
]
