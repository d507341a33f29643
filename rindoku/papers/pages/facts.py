"""What a web page says about its work: title, authors, date, and its arXiv id."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from rindoku.documents import clean
from rindoku.documents.dom import (
    absolute_url,
    attribute,
    meta_content,
    parse_html,
)
from rindoku.models import ScoredId
from rindoku.papers.pages.bibtex import (
    AuthorList,
    BibtexEntry,
    author_names,
    parse_bibtex,
)
from rindoku.papers.pages.bylines import own_byline
from rindoku.papers.pages.candidates import CROWD, choose_arxiv_id, own_arxiv_ids
from rindoku.papers.pages.dates import find_date
from rindoku.papers.pages.declared import Declared, read_declared
from rindoku.papers.pages.names import first_name_first, is_name
from rindoku.papers.pages.segments import Segment, read_segments
from rindoku.papers.pages.titles import choose_title, most_similar, read_titles

_OWN_TITLE = 70.0
_SHELL_CHARACTERS = 200
_SITE_WORDS = re.compile(
    r"\b(?:website|project page|homepage|home page|demo|project)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class PageFacts:
    """Facts as the page states them; what it does not state is None or empty.

    `candidates` are the arXiv ids it names, the likeliest first; `arxiv_id` is the
    first of them when it is likely enough, and `arxiv_why` the reason for either.
    `site` is the project page that a README links. `script_only` is True for a page
    that has no text until a browser runs its scripts.
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
    """What the HTML page at `url` says about its work.

    Raises NoText for a page that is nested too deeply to be read.
    """
    tree = parse_html(body)
    declared = read_declared(tree)
    segments = read_segments(tree)
    titles = read_titles(tree, declared)
    bibtex = _own_bibtex(tree, titles.everything)
    title = choose_title(titles, bibtex.get("title"))
    title = title or urlsplit(url).hostname or url
    candidates = own_arxiv_ids(tree, declared, bibtex, url, title)
    choice = choose_arxiv_id(candidates)
    authors = _declared_authors(declared)
    if authors is None:
        is_crowded = choice.arxiv_id is None and len(candidates) > CROWD
        authors = _shown_authors(segments, bibtex, title, is_crowded=is_crowded)
    if authors is None:
        authors = _meta_authors(tree, title)
    landmarks = [*authors.names[-1:], title]
    pdfs = declared.find("citation_pdf_url")
    return PageFacts(
        title=title,
        authors=authors.names,
        authors_complete=authors.complete,
        published_on=find_date(tree, declared, segments, landmarks),
        arxiv_id=choice.arxiv_id,
        arxiv_why=choice.why,
        site=_find_site(tree, url),
        candidates=candidates,
        abstract=declared.find_first("citation_abstract"),
        doi=declared.doi,
        pdf=absolute_url(url, pdfs[0]) if pdfs else None,
        script_only=_is_shell(tree),
    )


def _own_bibtex(tree: LexborHTMLParser, titles: Sequence[str]) -> BibtexEntry:
    """The BibTeX entry with the page's title, or the only entry; empty for none."""
    text = tree.body.text(separator="") if tree.body else ""
    entries = parse_bibtex(text.replace("\u00a0", " "))
    if not entries:
        return {}
    # Of equals, max returns the first, which is highest on the page.
    best = max(entries, key=lambda entry: most_similar(entry["title"], titles))
    if len(entries) == 1 or most_similar(best["title"], titles) >= _OWN_TITLE:
        return best
    return {}


def _declared_authors(declared: Declared) -> AuthorList | None:
    names = declared.find("citation_author")
    if not names:
        return None
    in_order = dict.fromkeys(first_name_first(name) for name in names)
    return AuthorList(tuple(in_order), complete=True)


def _shown_authors(
    segments: Sequence[Segment], bibtex: BibtexEntry, title: str, *, is_crowded: bool
) -> AuthorList | None:
    """The authors in the byline, else in the BibTeX."""
    cited = author_names(bibtex.get("author", ""))
    byline = own_byline(segments, cited.names, title)
    # On a page full of papers a byline may be that of any of them.
    if byline is not None and (byline.marked or not is_crowded):
        return AuthorList(byline.names, byline.complete)
    return cited if cited.names else None


def _meta_authors(tree: LexborHTMLParser, title: str) -> AuthorList:
    author = clean(meta_content(tree, "author") or "")
    # A page titled by its author's name is a home page; its papers have other authors.
    if author.casefold() in title.casefold():
        return AuthorList((), complete=True)
    names = (name.strip() for name in author.split(","))
    return AuthorList(tuple(name for name in names if is_name(name)), complete=True)


def _find_site(tree: LexborHTMLParser, url: str) -> str | None:
    """The project page that the README of a repository links."""
    for link in tree.css("article a[href], .markdown-body a[href]"):
        target = absolute_url(url, attribute(link, "href"))
        parts = urlsplit(target)
        is_elsewhere = parts.hostname != "github.com"
        is_web = parts.scheme in {"http", "https"}
        if is_web and is_elsewhere and _SITE_WORDS.search(link.text()):
            return target
    return None


def _is_shell(tree: LexborHTMLParser) -> bool:
    """Whether the page has scripts and hardly any text: a browser would fill it."""
    if tree.body is None or not tree.css("script"):
        return False
    copy = LexborHTMLParser(tree.html or "")
    for node in copy.css("script, style, noscript, template"):
        node.decompose()
    text = clean(copy.body.text(separator=" ")) if copy.body else ""
    return len(text) < _SHELL_CHARACTERS
