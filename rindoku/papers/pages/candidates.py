"""Scored candidates: which of the arXiv ids that a page names is its own.

Signals: metadata, the page's BibTeX, what a link reads, where it stands. Below a threshold nothing is chosen.
"""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.documents.characters import clean
from rindoku.documents.dom import absolute_url, ancestors
from rindoku.identifiers import (
    ArxivId,
    find_arxiv_id,
    find_arxiv_ids_in_text,
    parse_arxiv_id,
)
from rindoku.models import ScoredId
from rindoku.papers.pages.titles import alike

# A page that repeats an own id in its BibTeX outweighs any link; a paper-like link at the top is enough by itself.
_THRESHOLD = 1.0
_DECLARED_SCORE, _BIBTEX_SCORE, _TAG_SCORE, _TEXT_SCORE = 3.0, 2.0, 1.25, 1.0
# How much likelier than the next the first must be; two buttons that both read "Paper" decide nothing.
_CLEARLY = 0.2
CROWD = 30
_PROSE = 240
_PAPER_WORDS = re.compile(
    r"\b(?:paper|arxiv|preprint|pdf|technical report|tech report|report|read|abs|manuscript|publication)\b|論文",
    re.IGNORECASE,
)
_ARXIV_IN_BIBTEX = re.compile(r"(?<![\d.])\d{4}\.\d{4,5}(?![\d.])")
_LISTING = re.compile(
    r"reference|bibliograph|citation-list|related|leaderboard|dropdown|navbar|menu|footer|acknowledg",
    re.IGNORECASE,
)


def own_arxiv_ids(
    tree: LexborHTMLParser,
    declared: dict[str, list[str]],
    bibtex: dict[str, str],
    url: str,
    title: str,
) -> tuple[ScoredId, ...]:
    """Every arXiv id the page names, the likeliest first; of equals the one that stands first."""
    best: dict[str, ScoredId] = {}

    def credit(arxiv_id: ArxivId | None, score: float, why: str) -> None:
        if arxiv_id is not None and (
            arxiv_id.base not in best or score > best[arxiv_id.base].score
        ):
            best[arxiv_id.base] = ScoredId(str(arxiv_id), score, why)

    for name in ("citation_arxiv_id", "citation_pdf_url", "citation_identifier"):
        for value in declared.get(name, []):
            credit(
                parse_arxiv_id(value) or find_arxiv_id(value),
                _DECLARED_SCORE,
                f"the page's {name} names it",
            )
    sources = " ".join(
        v for k, v in bibtex.items() if k not in {"title", "author", "abstract", "doi"}
    )
    quoted = _ARXIV_IN_BIBTEX.search(sources)
    credit(
        parse_arxiv_id(quoted[0])
        if quoted
        else find_arxiv_id(f"https://doi.org/{bibtex.get('doi', '')}"),
        _BIBTEX_SCORE,
        "the page's BibTeX names it",
    )
    top = _end_of_top(tree)
    for place, node in enumerate(tree.css("a[href]")):
        arxiv_id = find_arxiv_id(absolute_url(url, node.attributes.get("href") or ""))
        if arxiv_id is not None:
            score, why = _link_score(node, title, at_top=place < top)
            credit(arxiv_id, score, why)
    for node in tree.css(
        "a[href*='arxiv%3A'], a[href*='arxiv:'], img[data-canonical-src], img[src*='shields.io']"
    ):
        attributes = node.attributes
        text = unquote(
            next(
                (
                    v
                    for k in ("href", "data-canonical-src", "src")
                    if (v := attributes.get(k))
                ),
                "",
            )
        )
        for found in find_arxiv_ids_in_text(
            text.replace("badge/", " ").replace("arXiv-", "arXiv:")
        ):
            credit(found, _TAG_SCORE, "a badge or a tag names it")
    head = " ".join(
        clean(n.text())
        for n in tree.css("h1, h2, h3, p")[:12]
        if len(n.text()) < _PROSE
    )
    for arxiv_id in find_arxiv_ids_in_text(head):
        credit(arxiv_id, _TEXT_SCORE, "a short text near the top names it")
    return tuple(sorted(best.values(), key=lambda s: -s.score))


def _end_of_top(tree: LexborHTMLParser) -> int:
    """The number of links before the first long paragraph: the buttons under a title stand there."""
    count = 0
    body = tree.body
    for node in body.traverse(include_text=False) if body else ():
        if node.tag == "a" and node.attributes.get("href"):
            count += 1
        elif node.tag == "p" and len(clean(node.text())) > _PROSE:
            return count
    return count


def choose_arxiv_id(candidates: Sequence[ScoredId]) -> tuple[str | None, str]:
    """The first candidate, if it is likely enough and stands out; else None with the reason."""
    if not candidates:
        return None, "no arXiv link"
    best = candidates[0]
    # A page full of papers is a survey or a home page; only its own metadata could tell which is its own.
    if len(candidates) > CROWD and best.score < _BIBTEX_SCORE:
        return None, f"it names {len(candidates)} papers, none as its own"
    if best.score < _THRESHOLD:
        return (
            None,
            f"no arXiv link of its own (the likeliest, {best.arxiv_id}, scores {best.score:.1f} of {_THRESHOLD:.1f})",
        )
    rivals = [c for c in candidates[1:] if c.score > best.score - _CLEARLY]
    if rivals and best.score < _BIBTEX_SCORE:
        return (
            None,
            f"{len(rivals) + 1} arXiv links look alike, of {best.arxiv_id} and {rivals[0].arxiv_id}",
        )
    return best.arxiv_id, best.why


def _link_score(node: LexborNode, title: str, *, at_top: bool) -> tuple[float, str]:
    image = node.css_first("img[alt]")
    text = clean(node.text(separator=" ")) or (
        image.attributes.get("alt") or "" if image else ""
    )
    names_title = len(text) > 15 and alike(text, title) >= 90 + 0.8
    is_button = bool(_PAPER_WORDS.search(text)) and len(text) < 40
    score = 1.5 if is_button or names_title else 0.3
    reasons = [f"a link reads {text[:40]!r}"]
    if at_top:
        score += 0.25
        reasons.append("above the first paragraph")
    for parent in ancestors(node):
        marks = f"{parent.attributes.get('class') or ''} {parent.id or ''}"
        if parent.tag == "nav" or re.search(
            r"dropdown|navbar|menu", marks, re.IGNORECASE
        ):
            score -= 0.5
            reasons.append("in a menu")
        elif parent.tag in {"footer", "table", "d-cite"} or _LISTING.search(marks):
            score -= 1.0
            reasons.append("in a list of others")
        elif (
            parent.tag in {"p", "li"}
            and len(clean(parent.text())) > _PROSE
            and not names_title
        ):
            score -= 1.0
            reasons.append("within a paragraph")
    return score, ", ".join(dict.fromkeys(reasons))
