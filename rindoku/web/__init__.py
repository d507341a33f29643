"""The guarded network: fetching linked pages, and keeping arXiv's pace.

Connections go to public addresses only, within limits on size and time. The modules
that are slow to import (`session`, `transport`, `guard`) are not re-exported here.
"""

from rindoku.web.fetch import (
    fetch,
    fetch_if_changed,
    make_payload,
    parse_retry_after,
)
from rindoku.web.limits import Limits
from rindoku.web.pace import arxiv_turn

__all__ = [
    "Limits",
    "arxiv_turn",
    "fetch",
    "fetch_if_changed",
    "make_payload",
    "parse_retry_after",
]
