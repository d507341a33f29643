"""From an entry's links to the paper, and to its text.

Links are opened and resolved to an arXiv paper or a work of its own; the best text there
is becomes a document. Entries that only had a page are rebound later.
"""

from rindoku.papers.read import papers_to_read, read_paper
from rindoku.papers.rebind import Look, due_entries, rebind_entries, remaining_usd
from rindoku.papers.resolve import entries_to_look_up, look_up_entry, resolve_entries

__all__ = [
    "Look",
    "due_entries",
    "entries_to_look_up",
    "look_up_entry",
    "papers_to_read",
    "read_paper",
    "rebind_entries",
    "remaining_usd",
    "resolve_entries",
]
