"""Titles: what a page's headings, title bar and metadata call the work, and which of these is its title."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process
from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.documents.characters import clean
from rindoku.documents.dom import head_title, is_within, meta_content
from rindoku.papers.pages.bylines import is_name, name_parts

_NO_TITLE = re.compile(
    r"social media title tag|(?:academic )?project page|paper title|home(?:page)?|untitled(?: document)?|document|youtube|github|"
    r"an error occurred\.?|just a moment\.*|access denied|loading\.*|page not found|404.*|index|welcome|title|abstract|welcome to .{0,20}",
    re.IGNORECASE,
)
_VENUE = re.compile(
    r"\b(?:20\d\d|19\d\d|oral|spotlight|proceedings|conference|arxiv|under review|accepted|best paper|award)\b|^\W*$",
    re.IGNORECASE,
)
# "... ICCV 2021 (Oral)" behind a title in the same heading.
_VENUE_BEHIND = re.compile(
    r"\s+\(?(?:(?:ACM|IEEE(?:/CVF)?)\s+)?(?:ICCV|CVPR|ECCV|WACV|BMVC|3DV|NeurIPS|NIPS|ICML|ICLR|COLM|TMLR|ACL|EMNLP|NAACL|AAAI|IJCAI|KDD|"
    r"SIGGRAPH(?: Asia)?|TOG|TPAMI|CoRL|RSS|ICRA|IROS|CHI|UIST|INTERSPEECH|ICASSP)\b[\s,']*(?:20)?\d\d\b.*$"
)
_GOES_ON = re.compile(
    r"\b(?:for|of|with|and|in|to|via|using|from|on|by|a|an|the|towards?)$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s+[|\u2013\u2014\u00b7•-]\s+|\s+::\s+")
# Some pages set their title as a paragraph of that class.
_HEADING_LIKE = (
    "h1, h2, h3, p.title, div.title, [class*=paper-title], [class*=project-title]"
)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def stated_titles(tree: LexborHTMLParser, declared: dict[str, list[str]]) -> list[str]:
    """Every text that may be the title, the most telling first."""
    headings = _heading_titles(tree)
    # Further headings can only agree with the title bar; the first ones are in already.
    further = (
        text
        for n in _headings(tree)[:4]
        if (text := clean(_heading_text(n))) not in headings
    )
    texts: list[str | None] = [
        *declared.get("citation_title", []),
        *headings,
        *further,
        meta_content(tree, "og:title"),
        head_title(tree),
    ]
    for stated in texts[:]:
        # "Title | Site": what stands before the bar may be the title as well.
        parts = _PARTS.split(stated or "")
        texts += [parts[0]] if len(parts) > 1 else []
    found = (clean(text) for text in texts if text)
    return [t for t in found if t and len(t) < 300 and not _NO_TITLE.fullmatch(t)]


def _heading_titles(tree: LexborHTMLParser) -> list[str]:
    """The page's first heading and first h1, each also with what follows it: titles are split over two lines."""
    outside = _headings(tree)
    h1 = next(
        (
            n
            for n in [*outside, *tree.css("h1")]
            if n.tag == "h1" and clean(_heading_text(n))
        ),
        None,
    )
    firsts = {n.mem_id: n for n in (h1, next(iter(outside), None)) if n is not None}
    titles = []
    for node in firsts.values():
        text = _VENUE_BEHIND.sub("", clean(_heading_text(node))).replace(" :", ":")
        titles.append(text)
        below, is_heading = _subtitle(node)
        if below and (_GOES_ON.search(text) or (is_heading and ":" in text)):
            titles.append(f"{text} {below}")
        elif below and len(text.split()) <= 4 and ":" not in text:
            titles.append(f"{text}: {below}")
    return titles


def _headings(tree: LexborHTMLParser) -> list[LexborNode]:
    return [
        n
        for n in tree.css(_HEADING_LIKE)
        if clean(_heading_text(n)) and not is_within(n, {"nav", "footer"})
    ]


def _heading_text(node: LexborNode) -> str:
    # A picture may stand for a word of the title, or for one letter of it.
    text = node.text(separator=" ") if node.css_first("br") else node.text()
    alt = " ".join(i.attributes.get("alt") or "" for i in node.css("img"))
    return text if text.strip() else alt


def _subtitle(node: LexborNode) -> tuple[str | None, bool]:
    """The text right below a heading when it may be the rest of a title: no venue, no names, not a paragraph.

    Also whether it is a heading itself: then it may look like a name and still be a title.
    """
    below = None if is_within(node, {"nav"}) else _next_block(node)
    if below is None:
        return None, False
    is_heading = below.tag in {"h1", "h2"}
    text = clean(below.text(separator=" "))
    if (
        not 2 < len(text.split()) <= 22
        or _VENUE.search(text)
        or text.endswith((".", "!", ":"))
        or text.count(",") > 2
    ):
        return None, is_heading
    has_names = not is_heading and any(
        map(is_name, name_parts(below.text(separator=" ")))
    )
    return (None if has_names else text), is_heading


def _next_block(node: LexborNode) -> LexborNode | None:
    """The next element with a text of its own after a heading, up to three levels up."""
    here: LexborNode | None = node
    for _ in range(4):
        if here is None or here.tag == "body":
            return None
        after = here.next
        while after is not None:
            if after.tag in _HEADINGS | {"p", "div", "span", "center"} and clean(
                after.text()
            ):
                inner = (
                    after.css_first("h1, h2, h3, h4, h5, p")
                    if after.tag in {"div", "center"}
                    else None
                )
                return inner if inner is not None and clean(inner.text()) else after
            if after.tag == "-text" and clean(after.text()):
                return None
            after = after.next
        here = here.parent
    return None


def choose_title(
    tree: LexborHTMLParser,
    declared: dict[str, list[str]],
    bibtex: dict[str, str],
    stated: Sequence[str],
) -> str | None:
    """The title that the page's own metadata, its BibTeX, or most of its headings give."""
    official = next(
        (
            t
            for t in declared.get("citation_title", [])
            if t and not _NO_TITLE.fullmatch(t)
        ),
        None,
    )
    cited = official or bibtex.get("title")
    if cited:
        # The page's own way to write it: BibTeX is careless with capitals.
        return next((t for t in stated if _letters(t) == _letters(cited)), cited)
    agreed = next(
        (
            t
            for n, t in enumerate(stated)
            if len(t.split()) > 3
            and any(_letters(t) == _letters(o) for o in stated[n + 1 :])
        ),
        None,
    )
    headings = [t for t in _heading_titles(tree) if t in stated]
    if agreed:
        # The title bar may hold the subtitle alone.
        return next((t for t in headings if t.endswith(f": {agreed}")), agreed)
    bars = [
        clean(t)
        for t in (meta_content(tree, "og:title"), head_title(tree))
        if t and clean(t) in stated
    ]
    first = next(iter(headings if tree.css_first("h1") or not bars else bars), None)
    if first is None:
        return next(iter(stated), None)
    if any(n.css_first("img") is not None for n in _headings(tree)[:1]):
        named = (
            (bar, _drawn(heading, bar), heading) for heading in headings for bar in bars
        )
        first = next(
            (bar + heading[len(name) :] for bar, name, heading in named if name), first
        )
    # What goes on after a colon, or in a heading, is the rest of the title; in a title bar it is the site.
    onward = [
        *headings,
        *(t for t in stated if t.casefold().startswith(f"{first.casefold()}:")),
    ]
    longer = [
        t
        for t in onward
        if _letters(t).startswith(_letters(first)) and len(t) > len(first)
    ]
    full_bars = (
        t
        for t in bars
        if len(t.split()) > 4
        and not _PARTS.search(t)
        and _letters(first) in _letters(t)
    )
    if len(first.split()) <= 3 and (full := next(full_bars, None)):
        return full
    if len(first.split()) <= 4 and longer:
        return _in_usual_case(longer[0], first, stated)
    return first


def _drawn(heading: str, name: str) -> str | None:
    """The part of a heading before its colon, if that is the name but for a letter that is drawn as a picture."""
    before, colon, _ = heading.partition(":")
    return before if colon and fuzz.ratio(before, name) > 85 else None


def _in_usual_case(text: str, first: str, stated: Sequence[str]) -> str:
    """A name shouted in a heading, as the page's title bar writes it."""
    usual = next(
        (t for t in stated if _letters(t) == _letters(first) and not t.isupper()), first
    )
    return usual + text[len(first) :] if first.isupper() and len(first) > 4 else text


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def alike(title: str, other: str) -> float:
    within = fuzz.token_set_ratio(title, other, processor=default_process)
    whole = fuzz.token_sort_ratio(title, other, processor=default_process)
    return float(within + whole / 100)
