"""What a web page says of the work it shows: title, authors, date, and the paper it belongs to."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from rindoku.documents.characters import clean
from rindoku.documents.dom import absolute_url, meta_content
from rindoku.models import ScoredId
from rindoku.papers.pages.bibtex import author_names, first_name_first, parse_bibtex
from rindoku.papers.pages.bylines import Segment, is_name, own_byline, segments
from rindoku.papers.pages.candidates import CROWD, choose_arxiv_id, own_arxiv_ids
from rindoku.papers.pages.titles import alike, choose_title, stated_titles

_OWN_TITLE = 70.0
_SITE_WORDS = re.compile(
    r"\b(?:website|project page|homepage|home page|demo|project)\b", re.IGNORECASE
)
_DATES = (
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%B %d %Y",
    "%b. %d, %Y",
    "%Y.%m.%d",
)
_DATE_TEXT = re.compile(
    r"(?:[A-Z][a-z]{2,8}\.? \d{1,2},? 20\d\d|\d{1,2} [A-Z][a-z]{2,8} 20\d\d|20\d\d[-/.]\d{1,2}[-/.]\d{1,2})"
)


@dataclass(frozen=True)
class PageFacts:
    """Facts as the page states them; what it does not state is None or empty.

    `candidates` are the arXiv ids it names, the likeliest first; `arxiv_id` is the first of them when it is
    likely enough. `script_only` when the page is an empty shell that a browser would fill.
    """

    title: str
    authors: tuple[str, ...]
    authors_complete: bool
    published_on: date | None
    arxiv_id: str | None
    arxiv_why: str
    site: str | None
    candidates: tuple[ScoredId, ...] = ()
    abstract: str | None = None
    doi: str | None = None
    pdf: str | None = None
    script_only: bool = False


def read_facts(body: bytes, url: str) -> PageFacts:
    """What the HTML page at `url` says of its work."""
    tree = LexborHTMLParser(body)
    declared = _declared(tree)
    pieces = segments(tree)
    stated = stated_titles(tree, declared)
    bibtex = _own_bibtex(tree, stated)
    title = (
        choose_title(tree, declared, bibtex, stated) or urlsplit(url).hostname or url
    )
    candidates = own_arxiv_ids(tree, declared, bibtex, url, title)
    arxiv_id, why = choose_arxiv_id(candidates)
    crowded = arxiv_id is None and len(candidates) > CROWD
    authors, complete = _authors(tree, declared, bibtex, pieces, title, crowded=crowded)
    return PageFacts(
        title,
        authors,
        complete,
        _date(tree, declared, _below(pieces, [*authors[-1:], title])),
        arxiv_id,
        why,
        _site(tree, url),
        candidates,
        abstract=_first(declared, "citation_abstract"),
        doi=_doi(declared),
        pdf=next(
            (absolute_url(url, u) for u in declared.get("citation_pdf_url", [])), None
        ),
        script_only=_is_shell(tree),
    )


def _declared(tree: LexborHTMLParser) -> dict[str, list[str]]:
    """What machine-readable metadata says: `citation_*` and Dublin Core tags, JSON-LD, distill's front matter."""
    found: dict[str, list[str]] = {}
    for node in tree.css("meta[content]"):
        name = (
            node.attributes.get("name") or node.attributes.get("property") or ""
        ).lower()
        if name.startswith(("citation_", "dc.", "dcterms.")):
            found.setdefault(
                name.replace("dc.", "citation_").replace("dcterms.", "citation_"), []
            ).append(clean(node.attributes.get("content") or ""))
    for node in tree.css("script[type='application/ld+json'], d-front-matter script"):
        for thing in _things(node.text()):
            _declare(thing, found)
    return found


def _things(text: str) -> Iterator[dict[str, Any]]:
    try:
        value = json.loads(text)
    except ValueError:
        return
    waiting = [value]
    while waiting:
        thing = waiting.pop(0)
        if isinstance(thing, list):
            waiting += thing
        elif isinstance(thing, dict):
            waiting += (
                thing.get("@graph", []) if isinstance(thing.get("@graph"), list) else []
            )
            yield thing


def _declare(thing: dict[str, Any], found: dict[str, list[str]]) -> None:
    kind = str(thing.get("@type", "distill" if "authors" in thing else ""))
    if not re.search(
        r"article|posting|scholarly|report|creativework|distill", kind, re.IGNORECASE
    ):
        return
    title = thing.get("headline") or thing.get("name") or thing.get("title")
    if isinstance(title, str):
        found.setdefault("citation_title", []).append(clean(title))
    when = thing.get("datePublished") or thing.get("published")
    if isinstance(when, str):
        found.setdefault("citation_date", []).append(when)
    people = thing.get("author") or thing.get("authors") or []
    for person in people if isinstance(people, list) else [people]:
        name = (
            person.get("name") or person.get("author")
            if isinstance(person, dict)
            else person
        )
        # Organisations are declared as authors of news; a paper's authors are persons.
        if isinstance(name, str) and is_name(clean(name)):
            found.setdefault("citation_author", []).append(clean(name))


def _first(declared: dict[str, list[str]], *names: str) -> str | None:
    return next(
        (value for name in names for value in declared.get(name, []) if value), None
    )


def _doi(declared: dict[str, list[str]]) -> str | None:
    found = (
        re.search(r"10\.\d{4,9}/\S+", v)
        for n in ("citation_doi", "citation_identifier")
        for v in declared.get(n, [])
    )
    return next((m[0].lower() for m in found if m), None)


def _own_bibtex(tree: LexborHTMLParser, titles: Sequence[str]) -> dict[str, str]:
    """The fields of the BibTeX entry that bears the page's title best; of the only one, if none does."""
    text = (tree.body.text(separator="") if tree.body else "").replace("\u00a0", " ")
    entries = parse_bibtex(text)
    scored = [
        (max((alike(e["title"], t) for t in titles), default=0.0), -n)
        for n, e in enumerate(entries)
    ]
    best, place = max(scored, default=(0.0, 0))
    if best >= _OWN_TITLE:
        return entries[-place]
    return entries[0] if len(entries) == 1 else {}


def _authors(
    tree: LexborHTMLParser,
    declared: dict[str, list[str]],
    bibtex: dict[str, str],
    pieces: Sequence[Segment],
    title: str,
    *,
    crowded: bool,
) -> tuple[tuple[str, ...], bool]:
    official = declared.get("citation_author", [])
    if official:
        return tuple(dict.fromkeys(first_name_first(n) for n in official)), True
    cited, complete = author_names(bibtex.get("author", ""))
    byline = own_byline(pieces, cited, title)
    if byline is not None and not (crowded and not byline.marked):
        return byline.names, byline.complete
    if cited:
        return cited, complete
    meta = clean(meta_content(tree, "author") or "")
    names = tuple(n.strip() for n in meta.split(",") if is_name(n.strip()))
    # A page that bears its author's name is a home page: the papers on it have other authors.
    return ((), True) if meta.casefold() in title.casefold() else (names, True)


def _date(
    tree: LexborHTMLParser, declared: dict[str, list[str]], below: Sequence[str]
) -> date | None:
    node = tree.css_first("time[datetime]")
    official = (
        "citation_publication_date",
        "citation_online_date",
        "citation_date",
        "citation_issued",
    )
    texts = [
        *(v for n in official for v in declared.get(n, [])),
        meta_content(tree, "article:published_time"),
        node.attributes.get("datetime") if node else None,
    ]
    stated = (_parse_date(text) for text in texts if text)
    found = next((d for d in stated if d), None)
    if found is not None:
        return found
    # A date that stands alone below. Commas part segments: "March 19" and "2024" are two.
    near = (
        f"{a}, {b}" if re.fullmatch(r"20\d\d", b) else a
        for a, b in pairwise([*below, ""])
    )
    return next(
        (d for text in near if len(text) < 40 and (d := _parse_date(text)) is not None),
        None,
    )


def _below(pieces: Sequence[Segment], landmarks: Iterable[str]) -> list[str]:
    """The few segments after the last author, or after the title when no author is named."""
    for landmark in landmarks:
        for place, piece in enumerate(pieces):
            if piece.text and landmark.startswith(piece.text) and len(piece.text) > 3:
                return [p.text for p in pieces[place + 1 : place + 7]]
    return []


def _parse_date(text: str) -> date | None:
    text = re.sub(
        r"^(?:published|posted|updated|date)(?: on)?:?\s+",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    if re.match(r"\d{4}-\d\d-\d\d", text):
        text = text[:10]
    match = _DATE_TEXT.fullmatch(text)
    for form in _DATES if match else ():
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None


def _site(tree: LexborHTMLParser, url: str) -> str | None:
    """The project page a repository's README sends readers to."""
    for node in tree.css("article a[href], .markdown-body a[href]"):
        target = absolute_url(url, node.attributes.get("href") or "")
        parts = urlsplit(target)
        if (
            parts.scheme in {"http", "https"}
            and _SITE_WORDS.search(node.text())
            and parts.hostname != "github.com"
        ):
            return target
    return None


def _is_shell(tree: LexborHTMLParser) -> bool:
    """Whether the page has scripts and hardly any text: a browser would fill it."""
    body = tree.body
    if body is None:
        return False
    scripts = len(tree.css("script"))
    told = LexborHTMLParser(tree.html or "")
    for node in told.css("script, style, noscript, template"):
        node.decompose()
    text = clean(told.body.text(separator=" ")) if told.body else ""
    return scripts > 0 and len(text) < 200
