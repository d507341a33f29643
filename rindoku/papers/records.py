"""Public records of works: OpenReview, Crossref, Hugging Face papers, CITATION.cff.

Each `read_*` function parses a response. All services are public and need no key:
https://docs.openreview.net/reference/api-v2, https://api.crossref.org,
https://huggingface.co/papers, https://citation-file-format.github.io.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from rindoku.documents import clean
from rindoku.documents.dom import parse_html
from rindoku.errors import NoText
from rindoku.identifiers import Identifier, find_arxiv_id, parse_arxiv_id
from rindoku.papers.methods import Method
from rindoku.untrusted import parse_json

_MOST_SEARCHED_CHARACTERS = 250
_MOST_FOUND = 10
_ARXIV_PREFIX = re.compile(r"arxiv:\s?(\d{4}\.\d{4,5})", re.IGNORECASE)
_OPENREVIEW_DATES = ("pdate", "odate", "cdate")
_CROSSREF_DATES = ("published-online", "published", "issued", "posted")
_CITATION_FIELDS = ("url", "doi", "journal", "notes", "repository-code")

# A JSON object or YAML mapping from outside.
Json = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """What a record states about a work; what it does not state is None or empty."""

    title: str
    authors: tuple[str, ...] = ()
    published_on: date | None = None
    abstract: str | None = None
    arxiv_id: str | None = None
    venue: str | None = None


@dataclass(frozen=True)
class RecordService:
    """A service with records of the works of a link scheme.

    With `asked_first`, it is asked before the page, else only when the page can't be
    read. `method` and `confidence` are those of the resolution.
    """

    name: str
    source: str
    url_of: Callable[[Identifier], str]
    read: Callable[[bytes], Record]
    method: Method
    confidence: float
    asked_first: bool
    has_record: Callable[[Identifier], bool] = lambda _: True


def openreview_url(identifier: Identifier) -> str:
    """The address of a submission in OpenReview's API."""
    return f"https://api2.openreview.net/notes?id={quote(identifier.value)}"


def read_openreview(body: bytes) -> Record:
    """A submission of OpenReview's API. Raises NoText when the response has none."""
    note = _first_note(body)
    content = note.get("content")
    title = _value(content, "title")
    if not isinstance(title, str):
        raise NoText("OpenReview's API has no record of this submission.")
    abstract = _value(content, "abstract")
    venue = _value(content, "venue")
    return Record(
        title=clean(title),
        authors=tuple(_openreview_authors(_value(content, "authors"))),
        published_on=_openreview_day(note),
        abstract=clean(abstract) if isinstance(abstract, str) else None,
        venue=venue if isinstance(venue, str) else None,
    )


def _openreview_authors(authors: Any) -> Iterator[str]:
    """Names of authors, who are objects since summer 2026, and were strings before."""
    for author in authors if isinstance(authors, list) else []:
        name = author.get("fullname") if isinstance(author, dict) else author
        if isinstance(name, str) and name.strip():
            yield clean(name)


def _first_note(body: bytes) -> Json:
    notes = _parse_json(body).get("notes")
    if isinstance(notes, list) and notes and isinstance(notes[0], dict):
        return notes[0]
    return {}


def _value(content: Any, name: str) -> Any:
    # Version 2 of the API wraps values, version 1 does not.
    value = content.get(name) if isinstance(content, dict) else None
    return value.get("value") if isinstance(value, dict) else value


def _openreview_day(note: Json) -> date | None:
    for name in _OPENREVIEW_DATES:
        milliseconds = note.get(name)
        if isinstance(milliseconds, int):
            if milliseconds == 0:
                return None
            try:
                return datetime.fromtimestamp(milliseconds / 1000, UTC).date()
            except (ValueError, OverflowError, OSError):
                continue
    return None


def crossref_url(identifier: Identifier) -> str:
    """The address of a DOI in Crossref's API."""
    return f"https://api.crossref.org/works/{quote(identifier.value)}"


def read_crossref(body: bytes) -> Record:
    """A work of Crossref's API. Raises NoText when the response has none."""
    work = _parse_json(body).get("message")
    titles = work.get("title") if isinstance(work, dict) else None
    if not isinstance(work, dict) or not titles:
        raise NoText("Crossref has no record of this DOI.")
    abstract = work.get("abstract")
    return Record(
        title=clean(str(titles[0])),
        authors=tuple(_crossref_authors(work)),
        published_on=_crossref_day(work),
        abstract=_text_of_markup(abstract) if isinstance(abstract, str) else None,
    )


def _crossref_authors(work: Json) -> Iterator[str]:
    for author in work.get("author", []):
        if isinstance(author, dict):
            name = f"{author.get('given', '')} {author.get('family', '')}".strip()
            if name:
                yield clean(name)


def _text_of_markup(markup: str) -> str:
    try:
        return clean(parse_html(markup.encode()).text(separator=" "))
    except NoText:
        return ""


def _crossref_day(work: Json) -> date | None:
    for name in _CROSSREF_DATES:
        parts = (work.get(name) or {}).get("date-parts") or [[]]
        if len(parts[0]) == 3:
            try:
                return date(*parts[0])
            except (TypeError, ValueError):
                continue
    return None


def title_search_url(title: str) -> str:
    """The address of a search in Hugging Face papers, all of which are on arXiv."""
    query = quote(title[:_MOST_SEARCHED_CHARACTERS])
    return f"https://huggingface.co/api/papers/search?q={query}"


def read_title_search(body: bytes) -> list[Record]:
    """The papers that a search found, the best match first."""
    try:
        rows = parse_json(body)
    except ValueError:
        return []
    if not isinstance(rows, list):
        return []
    records = (_searched_paper(row) for row in rows[:_MOST_FOUND])
    return [record for record in records if record is not None]


def _searched_paper(row: Any) -> Record | None:
    if not isinstance(row, dict):
        return None
    paper = row.get("paper", row)
    arxiv_id = parse_arxiv_id(str(paper.get("id", "")))
    title = paper.get("title")
    if arxiv_id is None or not isinstance(title, str):
        return None
    authors = [a.get("name") for a in paper.get("authors", []) if isinstance(a, dict)]
    return Record(
        title=clean(title),
        authors=tuple(_strings(authors)),
        arxiv_id=str(arxiv_id),
    )


def read_citation_file(body: bytes) -> Record | None:
    """The work that a CITATION.cff asks to cite; None when it can't be read."""
    import yaml

    try:
        file = yaml.safe_load(body)
    except yaml.YAMLError:
        return None
    cited = file.get("preferred-citation", file) if isinstance(file, dict) else None
    if not isinstance(cited, dict) or not isinstance(cited.get("title"), str):
        return None
    authors = tuple(
        clean(f"{author.get('given-names', '')} {author.get('family-names', '')}")
        for author in cited.get("authors", [])
        if isinstance(author, dict) and author.get("family-names")
    )
    return Record(clean(cited["title"]), authors, arxiv_id=_cited_arxiv_id(cited))


def _cited_arxiv_id(cited: Json) -> str | None:
    texts = [str(cited.get(name) or "") for name in _CITATION_FIELDS]
    identifiers = cited.get("identifiers", [])
    texts += [str(i.get("value") or "") for i in identifiers if isinstance(i, dict)]
    for text in texts:
        arxiv_id = find_arxiv_id(text) or find_arxiv_id(f"https://doi.org/{text}")
        if arxiv_id:
            return str(arxiv_id)
        match = _ARXIV_PREFIX.search(text)
        if match:
            return match[1]
    return None


def _strings(values: Any) -> list[str]:
    """The strings in a list; empty when it is not a list."""
    if not isinstance(values, list):
        return []
    return [value for value in values if isinstance(value, str)]


def _parse_json(body: bytes) -> Json:
    """The JSON object in a body; empty when it has none."""
    try:
        value = parse_json(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


_CROSSREF = RecordService(
    name="Crossref",
    source="crossref",
    url_of=crossref_url,
    read=read_crossref,
    method=Method.DOI_RECORD,
    confidence=0.9,
    asked_first=False,
)
# By scheme of the link.
RECORD_SERVICES = {
    "openreview": RecordService(
        name="OpenReview",
        source="openreview",
        url_of=openreview_url,
        read=read_openreview,
        method=Method.OPENREVIEW,
        confidence=0.95,
        asked_first=True,
        # The names of uploaded files are not ids of submissions.
        has_record=lambda identifier: not identifier.value.endswith(".pdf"),
    ),
    "doi": _CROSSREF,
    "biorxiv": _CROSSREF,
    "medrxiv": _CROSSREF,
}
