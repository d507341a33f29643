"""Chooses the arXiv id of a page's work among all ids that the page names.

Each id is scored by its best signal: metadata, the page's BibTeX, the text and place of
a link, a badge, or a short text near the top. Below a threshold, none is chosen.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.documents import clean
from rindoku.documents.dom import (
    Inherited,
    absolute_url,
    attribute,
    elements_with,
)
from rindoku.identifiers import (
    ArxivId,
    find_arxiv_id,
    find_arxiv_ids_in_text,
    parse_arxiv_id,
)
from rindoku.models import ScoredId
from rindoku.papers.pages.bibtex import BibtexEntry
from rindoku.papers.pages.declared import Declared
from rindoku.papers.pages.titles import title_similarity

# An id in the page's BibTeX outweighs any link. A link that names a paper at the top of
# the page is enough when there is no other.
_THRESHOLD = 1.0
_DECLARED_SCORE = 3.0
_BIBTEX_SCORE = 2.0
_LINK_SCORE = 1.5
_PLAIN_LINK_SCORE = 0.3
_BADGE_SCORE = 1.25
_TEXT_SCORE = 1.0
_AT_TOP = 0.25
_IN_MENU = -0.5
_IN_LIST = -1.0
_IN_PARAGRAPH = -1.0
# The lead that the best id needs: of two links that both read "Paper", none is chosen.
_CLEAR_LEAD = 0.2
# A page that names more papers is a survey or a home page.
CROWD = 30
_PARAGRAPH_CHARACTERS = 240
_MOST_PARAGRAPHS = 4
_BUTTON_CHARACTERS = 40
# Of 101, see `title_similarity`.
_SAME_TITLE = 90.8
_DECLARED_NAMES = ("citation_arxiv_id", "citation_pdf_url", "citation_identifier")
_NOT_SOURCES = {"title", "author", "abstract", "doi"}
_PAPER_WORDS = re.compile(
    r"\b(?:paper|arxiv|preprint|pdf|technical report|tech report|report|read|abs|"
    r"manuscript|publication)\b|論文",
    re.IGNORECASE,
)
_BARE_ID = re.compile(r"(?<![\d.])\d{4}\.\d{4,5}(?![\d.])")
_BADGES = (
    "a[href*='arxiv%3A'], a[href*='arxiv:'], img[data-canonical-src], "
    "img[src*='shields.io']"
)
_MENU_NAMES = re.compile(r"dropdown|navbar|menu", re.IGNORECASE)
_LIST_NAMES = re.compile(
    r"reference|bibliograph|citation-list|related|leaderboard|dropdown|navbar|menu|"
    r"footer|acknowledg",
    re.IGNORECASE,
)


class _Signal(NamedTuple):
    score: float
    why: str


class _Penalty(NamedTuple):
    """The penalties for all elements around a link, and why, innermost first.

    `paragraphs` counts those of the elements that are paragraphs or items of lists.
    """

    score: float = 0.0
    why: tuple[str, ...] = ()
    paragraphs: int = 0


class Choice(NamedTuple):
    """The chosen id, or None, and why."""

    arxiv_id: str | None
    why: str


def own_arxiv_ids(
    tree: LexborHTMLParser,
    declared: Declared,
    bibtex: BibtexEntry,
    url: str,
    title: str,
) -> tuple[ScoredId, ...]:
    """Every arXiv id that the page names, the likeliest first.

    Of equally likely ids, the one that is found first comes first.
    """
    signals = chain(
        _declared_ids(declared),
        _bibtex_ids(bibtex),
        _linked_ids(tree, url, title),
        _badge_ids(tree),
        _ids_in_text(tree),
    )
    best: dict[str, ScoredId] = {}
    for scored in signals:
        known = best.get(scored.base)
        if known is None or scored.score > known.score:
            best[scored.base] = scored
    return tuple(sorted(best.values(), key=lambda scored: -scored.score))


def choose_arxiv_id(candidates: Sequence[ScoredId]) -> Choice:
    """The first candidate, if it is likely enough and clearly ahead of the others."""
    if not candidates:
        return Choice(None, "no arXiv link")
    best = candidates[0]
    is_certain = best.score >= _BIBTEX_SCORE
    # Among so many papers, only metadata or BibTeX can identify the page's work.
    if len(candidates) > CROWD and not is_certain:
        return Choice(
            None,
            f"the page mentions {len(candidates)} papers, and none clearly as its own",
        )
    if best.score < _THRESHOLD:
        score = f"{best.score:.1f} of {_THRESHOLD:.1f}"
        return Choice(
            None,
            "no arXiv link of its own "
            f"(the likeliest, {best.arxiv_id}, scores {score})",
        )
    rivals = [c for c in candidates[1:] if c.score > best.score - _CLEAR_LEAD]
    if rivals and not is_certain:
        return Choice(
            None,
            f"{len(rivals) + 1} arXiv links are equally likely, "
            f"such as {best.arxiv_id} and {rivals[0].arxiv_id}",
        )
    return Choice(best.arxiv_id, best.why)


def _declared_ids(declared: Declared) -> Iterator[ScoredId]:
    for name in _DECLARED_NAMES:
        for value in declared.find(name):
            arxiv_id = parse_arxiv_id(value) or find_arxiv_id(value)
            yield from _scored(
                arxiv_id, _DECLARED_SCORE, f"declared in the page's {name}"
            )


def _bibtex_ids(bibtex: BibtexEntry) -> Iterator[ScoredId]:
    sources = (text for name, text in bibtex.items() if name not in _NOT_SOURCES)
    match = _BARE_ID.search(" ".join(sources))
    if match:
        arxiv_id = parse_arxiv_id(match[0])
    else:
        arxiv_id = find_arxiv_id(f"https://doi.org/{bibtex.get('doi', '')}")
    yield from _scored(arxiv_id, _BIBTEX_SCORE, "in the page's BibTeX")


def _linked_ids(tree: LexborHTMLParser, url: str, title: str) -> Iterator[ScoredId]:
    links_at_top = _count_links_at_top(tree)
    # By whether the link names the title of the work.
    penalties = {
        names_title: Inherited(_Penalty(), partial(_add_penalty, names_title))
        for names_title in (False, True)
    }
    for number, link in enumerate(tree.css("a[href]")):
        arxiv_id = find_arxiv_id(absolute_url(url, attribute(link, "href")))
        if arxiv_id is not None:
            at_top = number < links_at_top
            signal = _score_link(link, title, penalties, at_top=at_top)
            yield from _scored(arxiv_id, signal.score, signal.why)


def _badge_ids(tree: LexborHTMLParser) -> Iterator[ScoredId]:
    """Ids in the addresses of badges (shields.io) and tags (Hugging Face)."""
    for node in tree.css(_BADGES):
        address = (
            attribute(node, "href")
            or attribute(node, "data-canonical-src")
            or attribute(node, "src")
        )
        text = unquote(address).replace("badge/", " ").replace("arXiv-", "arXiv:")
        for arxiv_id in find_arxiv_ids_in_text(text):
            yield from _scored(arxiv_id, _BADGE_SCORE, "in a badge or a tag")


def _ids_in_text(tree: LexborHTMLParser) -> Iterator[ScoredId]:
    texts = [node.text() for node in tree.css("h1, h2, h3, p")[:12]]
    short = (clean(text) for text in texts if len(text) < _PARAGRAPH_CHARACTERS)
    for arxiv_id in find_arxiv_ids_in_text(" ".join(short)):
        yield from _scored(arxiv_id, _TEXT_SCORE, "in a short text near the top")


def _scored(arxiv_id: ArxivId | None, score: float, why: str) -> Iterator[ScoredId]:
    if arxiv_id is not None:
        yield ScoredId(str(arxiv_id), score, why)


def _count_links_at_top(tree: LexborHTMLParser) -> int:
    """The number of links before the first long paragraph, where the buttons are."""
    if tree.body is None:
        return 0
    count = 0
    paragraphs = elements_with({"p"})
    for node in tree.body.traverse(include_text=False):
        if node.tag == "a" and attribute(node, "href"):
            count += 1
        elif node.tag == "p" and not paragraphs.around(node) and _is_long(node):
            break
    return count


def _score_link(
    link: LexborNode,
    title: str,
    penalties: Mapping[bool, Inherited[_Penalty]],
    *,
    at_top: bool,
) -> _Signal:
    text = _link_text(link)
    names_title = len(text) > 15 and title_similarity(text, title) >= _SAME_TITLE
    is_button = len(text) < _BUTTON_CHARACTERS and bool(_PAPER_WORDS.search(text))
    score = _LINK_SCORE if is_button or names_title else _PLAIN_LINK_SCORE
    why = [f"linked as {text[:40]!r}"]
    if at_top:
        score += _AT_TOP
        why.append("above the first paragraph")
    penalty = penalties[names_title].around(link)
    return _Signal(score + penalty.score, ", ".join([*why, *penalty.why]))


def _link_text(link: LexborNode) -> str:
    text = clean(link.text(separator=" "))
    image = link.css_first("img[alt]")
    return text or (attribute(image, "alt") if image else "")


def _add_penalty(
    names_title: bool,  # noqa: FBT001 - it is bound by `partial`
    parent: LexborNode,
    around: _Penalty,
) -> _Penalty:
    """The penalty of what is directly in `parent`, given that of what is around it."""
    if parent.tag in {"p", "li"}:
        around = around._replace(paragraphs=around.paragraphs + 1)
    # Deep inside of lists, their texts are not read again and again.
    reads_text = not names_title and around.paragraphs <= _MOST_PARAGRAPHS
    own = _own_penalty(parent, reads_text=reads_text)
    if own is None:
        return around
    why = tuple(dict.fromkeys((own.why, *around.why)))
    return _Penalty(own.score + around.score, why, around.paragraphs)


def _own_penalty(parent: LexborNode, *, reads_text: bool) -> _Signal | None:
    names = f"{attribute(parent, 'class')} {parent.id or ''}"
    if parent.tag == "nav" or _MENU_NAMES.search(names):
        return _Signal(_IN_MENU, "in a menu")
    if parent.tag in {"footer", "table", "d-cite"} or _LIST_NAMES.search(names):
        return _Signal(_IN_LIST, "in a list of others")
    if parent.tag in {"p", "li"} and reads_text and _is_long(parent):
        return _Signal(_IN_PARAGRAPH, "within a paragraph")
    return None


def _is_long(node: LexborNode) -> bool:
    return len(clean(node.text())) > _PARAGRAPH_CHARACTERS
