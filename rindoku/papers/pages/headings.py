"""Titles in the headings of a page, which may be split over two lines."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.documents import clean
from rindoku.documents.dom import attribute, elements_with, without_deep
from rindoku.papers.pages.names import is_name
from rindoku.papers.pages.segments import split_segments

# Some pages set their title as a paragraph of one of these classes.
_HEADING_LIKE = (
    "h1, h2, h3, p.title, div.title, [class*=paper-title], [class*=project-title]"
)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {"p", "div", "span", "center"}
_LEVELS_UP = 3
_MOST_WORDS_BELOW = 22
_VENUE = re.compile(
    r"\b(?:20\d\d|19\d\d|oral|spotlight|proceedings|conference|arxiv|under review|"
    r"accepted|best paper|award)\b|^\W*$",
    re.IGNORECASE,
)
# "... ICCV 2021 (Oral)" after a title in the same heading.
_VENUE_AT_END = re.compile(
    r"\s\(?(?:(?:ACM|IEEE(?:/CVF)?)\s)?"
    r"(?:ICCV|CVPR|ECCV|WACV|BMVC|3DV|NeurIPS|NIPS|ICML|ICLR|COLM|TMLR|ACL|EMNLP|"
    r"NAACL|AAAI|IJCAI|KDD|SIGGRAPH(?: Asia)?|TOG|TPAMI|CoRL|RSS|ICRA|IROS|CHI|UIST|"
    r"INTERSPEECH|ICASSP)\b[\s,']{0,4}(?:20)?\d\d\b.*",
    re.DOTALL,
)
_UNFINISHED = re.compile(
    r"\b(?:for|of|with|and|in|to|via|using|from|on|by|a|an|the|towards?)$",
    re.IGNORECASE,
)


class _Subtitle(NamedTuple):
    text: str
    is_heading: bool


def find_headings(tree: LexborHTMLParser) -> list[LexborNode]:
    """The headings of a page outside of navigation and footer, in order."""
    elsewhere = elements_with({"nav", "footer"})
    return [
        node
        for node in without_deep(tree.css(_HEADING_LIKE))
        if heading_text(node) and not elsewhere.around(node)
    ]


def heading_text(node: LexborNode) -> str:
    """The text of a heading; of one that is a picture, its alternative text."""
    text = node.text(separator=" ") if node.css_first("br") else node.text()
    if not text.strip():
        text = " ".join(attribute(image, "alt") for image in node.css("img"))
    return clean(text)


def heading_titles(tree: LexborHTMLParser) -> list[str]:
    """The first h1 and the first heading, each also joined with the line below it."""
    titles = []
    for node in _first_headings(tree):
        title = _VENUE_AT_END.sub("", heading_text(node)).replace(" :", ":")
        titles.append(title)
        below = _find_subtitle(node)
        if below is None:
            continue
        continues = below.is_heading and ":" in title
        if continues or _UNFINISHED.search(title):
            titles.append(f"{title} {below.text}")
        elif len(title.split()) <= 4 and ":" not in title:
            titles.append(f"{title}: {below.text}")
    return titles


def _first_headings(tree: LexborHTMLParser) -> list[LexborNode]:
    """The first h1 and the first heading, which may be the same."""
    headings = find_headings(tree)
    # Without another h1 the title may be in the navigation.
    h1s = (
        node
        for node in [*headings, *tree.css("h1")]
        if node.tag == "h1" and heading_text(node)
    )
    firsts = [*islice(h1s, 1), *headings[:1]]
    return list({node.mem_id: node for node in firsts}.values())


def _find_subtitle(node: LexborNode) -> _Subtitle | None:
    """The text right below a heading, if it may be the rest of the title.

    It must not be a venue, a paragraph, or (unless it is a heading) a name.
    """
    is_in_menu = elements_with({"nav"}).around(node)
    below = None if is_in_menu else _next_block(node)
    if below is None:
        return None
    text = clean(below.text(separator=" "))
    if not _can_continue_title(text):
        return None
    is_heading = below.tag in {"h1", "h2"}
    parts = split_segments(below.text(separator=" "))
    if not is_heading and any(is_name(part) for part in parts):
        return None
    return _Subtitle(text, is_heading)


def _can_continue_title(text: str) -> bool:
    if not 2 < len(text.split()) <= _MOST_WORDS_BELOW:
        return False
    if text.endswith((".", "!", ":")) or text.count(",") > 2:
        return False
    return not _VENUE.search(text)


def _next_block(node: LexborNode) -> LexborNode | None:
    """The next block with text after a heading or after an element around it.

    None when text without a block comes first.
    """
    element: LexborNode | None = node
    for _ in range(_LEVELS_UP + 1):
        if element is None or element.tag == "body":
            return None
        for sibling in _siblings_after(element):
            if sibling.tag == "-text" and clean(sibling.text()):
                return None
            if sibling.tag in _BLOCKS and clean(sibling.text()):
                return _first_inner_block(sibling)
        element = element.parent
    return None


def _siblings_after(node: LexborNode) -> Iterator[LexborNode]:
    sibling = node.next
    while sibling is not None:
        yield sibling
        sibling = sibling.next


def _first_inner_block(node: LexborNode) -> LexborNode:
    if node.tag not in {"div", "center"}:
        return node
    inner = node.css_first("h1, h2, h3, h4, h5, p")
    return inner if inner is not None and clean(inner.text()) else node
