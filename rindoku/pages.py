"""What a web page says of the work it shows: title, authors, date, and the paper it belongs to."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.documents import clean
from rindoku.identifiers import ArxivId, find_arxiv_id, parse_arxiv_id

_PAPER_WORDS = re.compile(r"\b(?:paper|arxiv|preprint|pdf|technical report|read)\b", re.IGNORECASE)
_SITE_WORDS = re.compile(r"\b(?:website|project page|homepage|home page|demo)\b", re.IGNORECASE)
_BIBTEX = re.compile(r"@\w+\s*\{(?P<body>.*?)\n\s*\}", re.DOTALL)
_BIBTEX_FIELD = re.compile(
    r"(?P<name>title|author|eprint|journal)\s*=\s*[{\"](?P<value>.+?)[}\"]\s*,?\s*$", re.IGNORECASE | re.MULTILINE
)
_ET_AL = re.compile(r",?\s*(?:and\s+)?(?:et\s+al\.?|others)\s*$", re.IGNORECASE)
_THRESHOLD = 1.0


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
    bibtex = _bibtex(tree)
    authors, complete = _authors(tree, bibtex)
    arxiv_id, why = _own_arxiv_id(tree, bibtex, url)
    return PageFacts(_title(tree, url), authors, complete, _date(tree), arxiv_id, why, _site(tree, url))


def _title(tree: LexborHTMLParser, url: str) -> str:
    heading = tree.css_first("h1")
    for text in (heading.text(separator=" ") if heading else None, _meta(tree, "og:title"), _head_title(tree)):
        if text and clean(text):
            return clean(text)
    return urlsplit(url).hostname or url


def _head_title(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first("head title")
    return node.text() if node else None


def _meta(tree: LexborHTMLParser, name: str) -> str | None:
    node = tree.css_first(f"meta[property='{name}'], meta[name='{name}']")
    return node.attributes.get("content") if node else None


def _bibtex(tree: LexborHTMLParser) -> dict[str, str]:
    for node in tree.css("pre, code"):
        match = _BIBTEX.search(node.text())
        if match:
            return {f["name"].lower(): clean(f["value"]) for f in _BIBTEX_FIELD.finditer(match["body"])}
    return {}


def _authors(tree: LexborHTMLParser, bibtex: dict[str, str]) -> tuple[tuple[str, ...], bool]:
    node = tree.css_first(".authors, .byline, [rel=author]")
    if node is not None:
        return _names(clean(node.text(separator=" ")), ",")
    if meta := _meta(tree, "author"):
        return _names(clean(meta), ",")
    return _names(bibtex.get("author", ""), " and ")


def _names(text: str, separator: str) -> tuple[tuple[str, ...], bool]:
    whole = _ET_AL.sub("", text)
    names = (n.strip(" ,") for n in re.split(rf"\s*{re.escape(separator.strip())}\s+", whole))
    return tuple(n for n in names if n), whole == text


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
        scores[arxiv_id.base] = scores.get(arxiv_id.base, 0.0) + score
        reasons.setdefault(arxiv_id.base, why)

    quoted = re.search(r"\d{4}\.\d{4,5}", f"{bibtex.get('eprint', '')} {bibtex.get('journal', '')}")
    own = parse_arxiv_id(quoted[0]) if quoted else None
    if own is not None:
        credit(own, 2.0, "the page's BibTeX names it")
    for node in tree.css("a[href]"):
        arxiv_id = find_arxiv_id(urljoin(url, node.attributes.get("href") or ""))
        if arxiv_id is not None:
            credit(arxiv_id, _link_score(node), f"a link reads {clean(node.text())[:40]!r}")
    best = max(scores, key=lambda base: scores[base], default=None)
    if best is None or scores[best] < _THRESHOLD:
        return None, "no arXiv link of its own"
    return parse_arxiv_id(best), reasons[best]


def _link_score(node: LexborNode) -> float:
    image = node.css_first("img[alt]")
    text = clean(node.text()) or (image.attributes.get("alt") or "" if image else "")
    score = 1.5 if _PAPER_WORDS.search(text) and len(text) < 40 else 0.3
    parent = node.parent
    while parent is not None:
        if parent.tag in {"nav", "footer", "table"} or "reference" in (parent.attributes.get("class") or "").lower():
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
