"""Documents, papers and entries for tests that need only a few of their fields."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from rindoku.digests import DEFAULT, find_digest
from rindoku.lists import make_link
from rindoku.models import Document, Entry, PaperVersion

_DOCUMENT = Document(
    document_id="d",
    paper_id="arxiv:1",
    version=1,
    grounding="full text",
    format="html",
    url="u",
    text="",
    sections=(),
    payload_id="p",
)
_PAPER = PaperVersion(
    paper_id="arxiv:1",
    kind="arxiv",
    version=1,
    title="",
    authors=(),
    authors_complete=True,
    abstract=None,
    published_on=None,
    updated_on=None,
    categories=(),
    url="u",
    comment=None,
    payload_id="p",
)

# The digest that most tests are about.
DAIR_AI = find_digest(DEFAULT, home=Path("none"))


def make_document(text: str, **changes: Any) -> Document:
    return replace(_DOCUMENT, text=text, **changes)


def make_paper(title: str, **changes: Any) -> PaperVersion:
    return replace(_PAPER, title=title, **changes)


def make_entry(rank: int, title: str, *urls: str) -> Entry:
    links = tuple(make_link(url) for url in urls)
    return Entry("e", rank, title, blurb="", links=links)
