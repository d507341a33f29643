"""Chooses the title of a page's work among all texts that may be it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process
from selectolax.lexbor import LexborHTMLParser

from rindoku.documents import clean
from rindoku.documents.dom import meta_content, title_tag
from rindoku.papers.pages.declared import Declared
from rindoku.papers.pages.headings import (
    find_headings,
    heading_text,
    heading_titles,
)

_LONGEST_TITLE = 300
_PLACEHOLDER = re.compile(
    r"social media title tag|(?:academic )?project page|paper title|home(?:page)?|"
    r"untitled(?: document)?|document|youtube|github|an error occurred\.?|"
    r"just a moment\.*|access denied|loading\.*|page not found|404.*|index|welcome|"
    r"title|abstract|welcome to .{0,20}",
    re.IGNORECASE,
)
# "Title | Site", "Title - Site", "Title :: Site".
_SEPARATOR = re.compile(r"(?<!\s)\s++(?:[|\u2013\u2014\u00b7•-]|::)\s++")
_SAME_NAME = 85.0


@dataclass(frozen=True)
class TitleTexts:
    """The texts of a page that may be its title.

    `everything` has all of them, the most reliable first: the `declared` ones of the
    metadata, the `headings`, and the `bars` (og:title and title tag).
    """

    everything: tuple[str, ...]
    declared: tuple[str, ...]
    headings: tuple[str, ...]
    bars: tuple[str, ...]
    has_h1: bool
    has_picture_in_heading: bool


def read_titles(tree: LexborHTMLParser, declared: Declared) -> TitleTexts:
    """Collects the texts that may be the title; placeholders are left out."""
    declared_titles = declared.find("citation_title")
    headings = heading_titles(tree)
    nodes = find_headings(tree)
    # Further headings can only confirm the title bar.
    further = [heading_text(node) for node in nodes[:4]]
    bars = [meta_content(tree, "og:title") or "", title_tag(tree) or ""]
    texts = [*declared_titles, *headings]
    texts += [text for text in further if text not in headings]
    texts += bars
    texts += [_before_separator(text) for text in texts]
    cleaned = [clean(text) for text in texts]
    everything = tuple(text for text in cleaned if _may_be_title(text))
    return TitleTexts(
        everything=everything,
        declared=tuple(t for t in declared_titles if not _PLACEHOLDER.fullmatch(t)),
        headings=tuple(text for text in headings if text in everything),
        bars=tuple(text for text in map(clean, bars) if text in everything),
        has_h1=tree.css_first("h1") is not None,
        has_picture_in_heading=any(node.css("img") for node in nodes[:1]),
    )


def _before_separator(text: str) -> str:
    before, *site = _SEPARATOR.split(text)
    return before if site else ""


def _may_be_title(text: str) -> bool:
    return 0 < len(text) < _LONGEST_TITLE and not _PLACEHOLDER.fullmatch(text)


def choose_title(texts: TitleTexts, cited: str | None) -> str | None:
    """The title by the first rule that finds one; `cited` is the title in the BibTeX.

    None when the page has no text that may be a title.
    """
    declared = next(filter(None, texts.declared), None)
    if declared or cited:
        return _as_page_writes(declared or cited or "", texts)
    for rule in _RULES:
        title = rule(texts)
        if title is not None:
            return title
    return None


def _as_page_writes(title: str, texts: TitleTexts) -> str:
    """The title as the page spells it, since BibTeX often has wrong capitals."""
    for text in texts.everything:
        if _is_same(text, title):
            return text
    return title


def _repeated_title(texts: TitleTexts) -> str | None:
    """A text of four or more words that the page repeats elsewhere."""
    for number, text in enumerate(texts.everything):
        others = texts.everything[number + 1 :]
        is_long = len(text.split()) > 3
        if is_long and any(_is_same(text, other) for other in others):
            # The title bar may have only the subtitle.
            full = (h for h in texts.headings if h.endswith(f": {text}"))
            return next(full, text)
    return None


def _shown_title(texts: TitleTexts) -> str | None:
    """The first heading, or on a page without h1 the title bar, with its subtitle."""
    shown = texts.headings if texts.has_h1 or not texts.bars else texts.bars
    if not shown:
        return None
    title = shown[0]
    if texts.has_picture_in_heading:
        title = _with_drawn_letters(texts) or title
    return _full_bar(title, texts) or _with_subtitle(title, texts) or title


def _any_title(texts: TitleTexts) -> str | None:
    return next(iter(texts.everything), None)


_RULES: tuple[Callable[[TitleTexts], str | None], ...] = (
    _repeated_title,
    _shown_title,
    _any_title,
)


def _with_drawn_letters(texts: TitleTexts) -> str | None:
    """A heading whose name (the part before a colon) is spelled as in the title bar.

    The heading lacks letters of the name that are drawn as a picture.
    """
    for heading in texts.headings:
        name, colon, _ = heading.partition(":")
        for bar in texts.bars:
            if colon and name and fuzz.ratio(name, bar) > _SAME_NAME:
                return bar + heading[len(name) :]
    return None


def _full_bar(title: str, texts: TitleTexts) -> str | None:
    """The title bar, if it extends a title of up to three words and names no site."""
    if len(title.split()) > 3:
        return None
    for bar in texts.bars:
        is_longer = len(bar.split()) > 4 and _letters(title) in _letters(bar)
        if is_longer and not _SEPARATOR.search(bar):
            return bar
    return None


def _with_subtitle(title: str, texts: TitleTexts) -> str | None:
    """A heading that continues a title of up to four words.

    Other texts continue it only after a colon, as a title bar may end with the name of
    the site.
    """
    if len(title.split()) > 4:
        return None
    start = f"{title.casefold()}:"
    continued = [text for text in texts.everything if text.casefold().startswith(start)]
    for text in [*texts.headings, *continued]:
        is_longer = len(text) > len(title)
        if is_longer and _letters(text).startswith(_letters(title)):
            return _in_usual_case(text, title, texts)
    return None


def _in_usual_case(text: str, name: str, texts: TitleTexts) -> str:
    """`text` with its name, if in capitals, written as elsewhere on the page."""
    if not name.isupper() or len(name) <= 4:
        return text
    for other in texts.everything:
        if _is_same(other, name) and not other.isupper():
            return other + text[len(name) :]
    return name + text[len(name) :]


def _is_same(title: str, other: str) -> bool:
    return _letters(title) == _letters(other)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def title_similarity(title: str, other: str) -> float:
    """0 to 101: shared words in per cent, plus up to 1 for having no other words."""
    shared = fuzz.token_set_ratio(title, other, processor=default_process)
    equal = fuzz.token_sort_ratio(title, other, processor=default_process)
    return float(shared + equal / 100)


def most_similar(title: str, others: Sequence[str]) -> float:
    """The highest similarity of a title to one of the others; 0 without others."""
    return max((title_similarity(title, other) for other in others), default=0.0)
