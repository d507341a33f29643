"""Records of works that have no page for programs: OpenReview, Crossref, Hugging Face papers, CITATION.cff.

Each function reads an answer into facts; all are keyless and public. Where they are asked: OpenReview API v2,
https://docs.openreview.net/reference/api-v2; Crossref REST API, https://api.crossref.org; Hugging Face papers,
https://huggingface.co/papers; CITATION.cff, https://citation-file-format.github.io.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import yaml
from selectolax.lexbor import LexborHTMLParser

from rindoku.documents.characters import clean
from rindoku.errors import NoText
from rindoku.identifiers import Identifier, find_arxiv_id, parse_arxiv_id


@dataclass(frozen=True)
class Record:
    """What a record states of a work; what it does not state is None or empty."""

    title: str
    authors: tuple[str, ...] = ()
    published_on: date | None = None
    abstract: str | None = None
    arxiv_id: str | None = None
    venue: str | None = None


def openreview_url(found: Identifier) -> str:
    """Where OpenReview's API tells of a submission."""
    return f"https://api2.openreview.net/notes?id={quote(found.value)}"


def read_openreview(body: bytes) -> Record:
    """A submission as the API gives it. Raises NoText when it gives none."""
    notes = _json(body).get("notes")
    note = (
        notes[0]
        if isinstance(notes, list) and notes and isinstance(notes[0], dict)
        else {}
    )
    content = note.get("content")
    title = _value(content, "title")
    if not isinstance(content, dict) or not isinstance(title, str):
        raise NoText("OpenReview's API tells nothing of this submission.")
    authors = _value(content, "authors")
    when = next(
        (note[k] for k in ("pdate", "odate", "cdate") if isinstance(note.get(k), int)),
        None,
    )
    abstract = _value(content, "abstract")
    return Record(
        clean(title),
        tuple(clean(a) for a in authors if isinstance(a, str))
        if isinstance(authors, list)
        else (),
        datetime.fromtimestamp(when / 1000, UTC).date() if when else None,
        clean(abstract) if isinstance(abstract, str) else None,
        venue=v if isinstance(v := _value(content, "venue"), str) else None,
    )


def _value(content: Any, name: str) -> Any:
    # Version 2 of the API wraps values, version 1 does not.
    found = content.get(name) if isinstance(content, dict) else None
    return found.get("value") if isinstance(found, dict) else found


def crossref_url(doi: str) -> str:
    """Where Crossref tells of a DOI."""
    return f"https://api.crossref.org/works/{quote(doi)}"


def read_crossref(body: bytes) -> Record:
    """A work as Crossref has it. Raises NoText when it has none."""
    work = _json(body).get("message")
    titles = work.get("title") if isinstance(work, dict) else None
    if not isinstance(work, dict) or not titles:
        raise NoText("Crossref tells nothing of this DOI.")
    names = (
        f"{a.get('given', '')} {a.get('family', '')}".strip()
        for a in work.get("author", [])
        if isinstance(a, dict)
    )
    abstract = work.get("abstract")
    return Record(
        clean(str(titles[0])),
        tuple(clean(n) for n in names if n),
        _crossref_day(work),
        clean(LexborHTMLParser(abstract).text(separator=" "))
        if isinstance(abstract, str)
        else None,
    )


def _crossref_day(work: dict[str, Any]) -> date | None:
    for name in ("published-online", "published", "issued", "posted"):
        parts = (work.get(name) or {}).get("date-parts") or [[]]
        if len(parts[0]) == 3:
            try:
                return date(*parts[0])
            except (TypeError, ValueError):
                continue
    return None


def title_search_url(title: str) -> str:
    """Where Hugging Face searches its papers, all of them on arXiv."""
    return f"https://huggingface.co/api/papers/search?q={quote(title[:250])}"


def read_title_search(body: bytes) -> list[Record]:
    """The papers a search found, the best match first."""
    try:
        rows = json.loads(body)
    except ValueError:
        return []
    found = []
    for row in rows[:10] if isinstance(rows, list) else []:
        paper = row.get("paper", row) if isinstance(row, dict) else {}
        arxiv_id, title = parse_arxiv_id(str(paper.get("id", ""))), paper.get("title")
        if arxiv_id is not None and isinstance(title, str):
            names = (
                a.get("name") for a in paper.get("authors", []) if isinstance(a, dict)
            )
            found.append(
                Record(
                    clean(title),
                    tuple(n for n in names if isinstance(n, str)),
                    arxiv_id=str(arxiv_id),
                )
            )
    return found


def read_citation_file(body: bytes) -> Record | None:
    """The paper that a CITATION.cff asks to cite; None when it names none but the software."""
    try:
        whole = yaml.safe_load(body)
    except yaml.YAMLError:
        return None
    cited = whole.get("preferred-citation", whole) if isinstance(whole, dict) else None
    if not isinstance(cited, dict) or not isinstance(cited.get("title"), str):
        return None
    authors = tuple(
        clean(f"{a.get('given-names', '')} {a.get('family-names', '')}")
        for a in cited.get("authors", [])
        if isinstance(a, dict) and a.get("family-names")
    )
    return Record(clean(cited["title"]), authors, arxiv_id=_cited_arxiv_id(cited))


def _cited_arxiv_id(cited: dict[str, Any]) -> str | None:
    texts = [
        str(cited.get(k) or "")
        for k in ("url", "doi", "journal", "notes", "repository-code")
    ]
    texts += [
        str(i.get("value") or "")
        for i in cited.get("identifiers", [])
        if isinstance(i, dict)
    ]
    for text in texts:
        found = find_arxiv_id(text) or find_arxiv_id(f"https://doi.org/{text}")
        match = re.search(r"arxiv:\s?(\d{4}\.\d{4,5})", text, re.IGNORECASE)
        if found or match:
            return str(found) if found else match[1] if match else None
    return None


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
