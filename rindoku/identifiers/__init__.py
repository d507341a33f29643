"""Identifiers: the work that a link names, independent of the link's spelling.

An identifier is a scheme and a value, written `arxiv:2404.02258v1`,
`doi:10.1038/s41587-022-01618-2`, `openreview:rAnB7JSMXL` or, when nothing better is
known, `url:https://swe-agent.com/`. Parsing `str(identifier)` or its `url` gives the
same identifier again. A new kind of link is one function and one row in `schemes.py`.
"""

from rindoku.identifiers.arxiv import (
    ArxivId,
    find_arxiv_id,
    find_arxiv_ids_in_text,
    find_arxiv_stamp,
    parse_arxiv_id,
)
from rindoku.identifiers.schemes import (
    SCHEMES,
    Identifier,
    identify,
    parse_identifier,
)

__all__ = [
    "SCHEMES",
    "ArxivId",
    "Identifier",
    "find_arxiv_id",
    "find_arxiv_ids_in_text",
    "find_arxiv_stamp",
    "identify",
    "parse_arxiv_id",
    "parse_identifier",
]
