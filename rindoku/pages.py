"""What a web page says of the work it shows: title, authors, date, and the paper it belongs to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin, urlsplit

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process
from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.documents import clean
from rindoku.identifiers import ArxivId, find_arxiv_id, parse_arxiv_id

_PAPER_WORDS = re.compile(r"\b(?:paper|arxiv|preprint|pdf|technical report|read)\b", re.IGNORECASE)
_SITE_WORDS = re.compile(r"\b(?:website|project page|homepage|home page|demo)\b", re.IGNORECASE)
_BIBTEX_ENTRY = re.compile(r"@(?!string|comment)[a-z]+\s*\{", re.IGNORECASE)
_BIBTEX_FIELD = re.compile(r"(?P<name>[a-z]+)\s*=\s*", re.IGNORECASE)
_ARXIV_IN_BIBTEX = re.compile(r"(?<![\d.])\d{4}\.\d{4,5}(?![\d.])")
_OWN_TITLE = 70.0
# Signs of affiliation behind a name.
_MARKS = re.compile(r"[*\u2020\u2021\u00a7\u00b6\u2217#]|(?<=[^\W\d])\d+(?:,\d+)*$")
_ET_AL = re.compile(r",?\s*(?:and\s+)?(?:et\s+al\.?|others)\s*$", re.IGNORECASE)
_THRESHOLD = 1.0
_BIBTEX_SCORE = 2.0
_CROWD = 30


@dataclass(frozen=True)
class PageFacts:
    """Facts as the page states them; what it does not state is None or empty."""

    title: str
    authors: tuple[str, ...]
    authors_complete: bool
    published_on: date | None
    arxiv_id: ArxivId | None
    arxiv_why: str
    site: str | None


def read_facts(body: bytes, url: str) -> PageFacts:
    """What the HTML page at `url` says of its work."""
    tree = LexborHTMLParser(body)
    stated = _stated_titles(tree)
    bibtex = _own_bibtex(tree, stated)
    authors, complete = _authors(tree, bibtex)
    arxiv_id, why = _own_arxiv_id(tree, bibtex, url)
    title = bibtex.get("title") or _fullest(stated) or urlsplit(url).hostname or url
    return PageFacts(title, authors, complete, _date(tree), arxiv_id, why, _site(tree, url))


def _stated_titles(tree: LexborHTMLParser) -> list[str]:
    heading = tree.css_first("h1")
    texts = (heading.text() if heading else None, _meta(tree, "og:title"), _head_title(tree))
    return [clean(text) for text in texts if text and clean(text)]


def _fullest(titles: Sequence[str]) -> str:
    """The first title, or one that goes on after it with a colon: headings like to be short."""
    first = next(iter(titles), "")
    longer = (t for t in titles if t.lower().startswith(first.lower().rstrip(":") + ":") and len(t) > len(first) + 1)
    return next(longer, first)


def _head_title(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first("head title")
    return node.text() if node else None


def _meta(tree: LexborHTMLParser, name: str) -> str | None:
    node = tree.css_first(f"meta[property='{name}'], meta[name='{name}']")
    return node.attributes.get("content") if node else None


def _own_bibtex(tree: LexborHTMLParser, titles: Sequence[str]) -> dict[str, str]:
    """The fields of the page's BibTeX entry that bears the page's title; of the first, if none does."""
    text = tree.body.text() if tree.body else ""
    entries = [_bibtex_fields(text, match.end()) for match in _BIBTEX_ENTRY.finditer(text)]
    entries = [e for e in entries if e.get("title")]
    own = (e for e in entries if any(_alike(e["title"], title) for title in titles))
    return next(own, entries[0] if len(entries) == 1 else {})


def _alike(title: str, other: str) -> bool:
    return bool(fuzz.token_set_ratio(title, other, processor=default_process) >= _OWN_TITLE)


def _bibtex_fields(text: str, start: int) -> dict[str, str]:
    """Fields of the entry whose body begins at `start`; values may nest braces."""
    fields: dict[str, str] = {}
    position, end = start, min(len(text), start + 20_000)
    while (match := _BIBTEX_FIELD.search(text, position, end)) is not None:
        between = text[position : match.start()]
        if "}" in between or "@" in between:
            break
        value, position = _bibtex_value(text, match.end(), end)
        fields.setdefault(match["name"].lower(), clean(re.sub(r"[{}]|\\\\", "", value)))
    return fields


def _bibtex_value(text: str, start: int, end: int) -> tuple[str, int]:
    if text[start : start + 1] == '"':
        close = text.find('"', start + 1, end)
        return (text[start + 1 : close], close + 1) if close > 0 else ("", end)
    if text[start : start + 1] != "{":
        bare = re.compile(r"[^,}\n]*").match(text, start, end)
        return (bare[0], bare.end()) if bare else ("", end)
    depth = 0
    for position in range(start, end):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return text[start + 1 : position], position + 1
    return "", end


def _authors(tree: LexborHTMLParser, bibtex: dict[str, str]) -> tuple[tuple[str, ...], bool]:
    node = tree.css_first(".authors, .byline, [rel=author]")
    if node is not None and not bibtex.get("author"):
        return _names(clean(node.text()), ",")
    if bibtex.get("author"):
        names, complete = _names(bibtex["author"], " and ")
        return tuple(_first_name_first(n) for n in names), complete
    return _names(clean(_meta(tree, "author") or ""), ",")


def _first_name_first(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name


def _names(text: str, separator: str) -> tuple[tuple[str, ...], bool]:
    whole = _ET_AL.sub("", text)
    names = (n.strip(" ,") for n in re.split(rf"\s*{re.escape(separator.strip())}\s+", whole))
    return tuple(n for n in (_MARKS.sub("", name).strip() for name in names) if n), whole == text


def _date(tree: LexborHTMLParser) -> date | None:
    stated = tree.css_first("time[datetime]")
    texts = [_meta(tree, "article:published_time"), stated.attributes.get("datetime") if stated else None]
    for text in texts:
        if text:
            try:
                return date.fromisoformat(text[:10])
            except ValueError:
                continue
    return None


def _own_arxiv_id(tree: LexborHTMLParser, bibtex: dict[str, str], url: str) -> tuple[ArxivId | None, str]:
    """The arXiv id most likely the page's own, with why; None below the threshold."""
    scores: dict[str, float] = {}
    reasons: dict[str, str] = {}

    def credit(arxiv_id: ArxivId, score: float, why: str) -> None:
        if score > scores.get(arxiv_id.base, -1.0):
            scores[arxiv_id.base], reasons[arxiv_id.base] = score, why

    sources = " ".join(v for k, v in bibtex.items() if k not in {"title", "author", "abstract", "doi"})
    quoted = _ARXIV_IN_BIBTEX.search(sources)
    own = parse_arxiv_id(quoted[0]) if quoted else None
    if own is not None:
        credit(own, _BIBTEX_SCORE, "the page's BibTeX names it")
    for node in tree.css("a[href]"):
        arxiv_id = find_arxiv_id(urljoin(url, node.attributes.get("href") or ""))
        if arxiv_id is not None:
            credit(arxiv_id, _link_score(node), f"a link reads {clean(node.text())[:40]!r}")
    best = max(scores, key=lambda base: scores[base], default=None)
    # A page full of papers is a survey or a blog; only its own BibTeX could tell which is its own.
    crowded = len(scores) > _CROWD and best is not None and scores[best] < _BIBTEX_SCORE
    if best is None or crowded or scores[best] < _THRESHOLD:
        return None, "no arXiv link of its own"
    return parse_arxiv_id(best), reasons[best]


def _link_score(node: LexborNode) -> float:
    image = node.css_first("img[alt]")
    text = clean(node.text()) or (image.attributes.get("alt") or "" if image else "")
    score = 1.5 if _PAPER_WORDS.search(text) and len(text) < 40 else 0.3
    parent = node.parent
    while parent is not None:
        if parent.tag == "nav":
            score -= 0.5
        elif parent.tag in {"footer", "table"} or "reference" in (parent.attributes.get("class") or "").lower():
            score -= 1.0
        parent = parent.parent
    return score


def _site(tree: LexborHTMLParser, url: str) -> str | None:
    """The project page a repository's README sends readers to."""
    for node in tree.css("article a[href], .markdown-body a[href]"):
        target = urljoin(url, node.attributes.get("href") or "")
        parts = urlsplit(target)
        if parts.scheme in {"http", "https"} and _SITE_WORDS.search(node.text()) and parts.hostname != "github.com":
            return target
    return None
