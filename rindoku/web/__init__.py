"""The guarded network: fetching what posts link, and arXiv's pace.

Connections go to public addresses only, within caps on size and time. The heavy parts
(`session`, `transport`, `guard`) are imported by name, or on first use.
"""

from rindoku.web.fetch import (
    Fetched,
    fetch,
    fetch_if_changed,
    make_payload,
    parse_retry_after,
)
from rindoku.web.limits import Limits
from rindoku.web.pace import arxiv_turn

__all__ = [
    "Fetched",
    "Limits",
    "arxiv_turn",
    "fetch",
    "fetch_if_changed",
    "make_payload",
    "parse_retry_after",
]
