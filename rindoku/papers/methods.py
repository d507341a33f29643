"""How an entry was bound to its paper, as stored with each resolution."""

from enum import StrEnum


class Method(StrEnum):
    """What identified the paper; the values are stored and must not change."""

    ARXIV_LINK = "arxiv link"
    ARXIV_STAMP = "arxiv stamp on the PDF"
    ARXIV_ON_PAGE = "arxiv id on the page"
    TITLE_SEARCH = "title search"
    OPENREVIEW = "openreview"
    DOI_RECORD = "doi record"
    PDF = "pdf"
    PROJECT_PAGE = "project page"
    WEB_PAGE = "web page"
    UNRESOLVED = "unresolved"
