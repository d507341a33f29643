"""Removes the hidden text of a page, which may be written for language models."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.documents.dom import Inherited, attribute

_HIDDEN = "[hidden], [aria-hidden=true]"
_HIDING = re.compile(
    r"display\s*:\s*none"
    r"|visibility\s*:\s*hidden"
    r"|font-size\s*:\s*0"
    r"|opacity\s*:\s*0(?![.\d]*[1-9])"
    r"|text-indent\s*:\s*-\d{3,}"
    r"|(?:left|top|right)\s*:\s*-\d{3,}"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|(?<![\w-])color\s*:\s*(?:transparent|rgba\([^()]{0,80},\s{0,9}0\s{0,9}\))",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(
    r"(?<![\w-])(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*;", re.IGNORECASE
)
_NO_OVERFLOW = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)
_WHITE = re.compile(
    r"(?<![\w-])color\s*:\s*"
    r"(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"background", re.IGNORECASE)
# A comment that does not end hides the rest of the style sheet.
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_BRACE = re.compile(r"[{}]")
# A class or an id, without a state such as :hover, which hides text only at times.
_PLAIN_SELECTOR = re.compile(r"(?P<tag>[\w-]*)(?P<kind>[.#])(?P<name>[\w-]+)")


class _Selector(NamedTuple):
    """A class (.) or an id (#), of the elements with a tag, or of all (empty)."""

    tag: str
    kind: str
    name: str


def remove_hidden(tree: LexborHTMLParser) -> None:
    """Removes what the page does not show to readers, and its style sheets."""
    remove(tree, _HIDDEN)
    selectors = _hiding_selectors(tree)
    if selectors:
        _remove_selected(tree, selectors)
    # All are found before any is removed, as what is removed has nothing around it.
    is_on_background = any(
        _sets_background(node) for node in tree.css("html[style], body[style]")
    )
    backgrounds = Inherited(
        is_on_background,
        lambda node, around: around or _sets_background(node),
    )
    styled = tree.css("[style]")
    for node in [node for node in styled if _hides_itself(node, backgrounds)]:
        node.decompose()
    remove(tree, "style")


def remove(tree: LexborHTMLParser, selector: str) -> None:
    """Removes the elements of a selector, except html and body."""
    for node in tree.css(selector):
        if node.tag not in {"html", "body"}:
            node.decompose()


def _remove_selected(tree: LexborHTMLParser, selectors: set[_Selector]) -> None:
    # In one walk, as a page may have as many selectors as elements.
    for node in tree.css("[class], [id]"):
        tags = ("", node.tag or "")
        names = [(".", name) for name in attribute(node, "class").split()]
        names.append(("#", node.id or ""))
        own = {_Selector(tag, *name) for tag in tags for name in names}
        if own & selectors and node.tag not in {"html", "body"}:
            node.decompose()


def _hides(style: str) -> bool:
    """Whether declarations of CSS hide an element."""
    if _HIDING.search(style):
        return True
    no_size = _NO_SIZE.search(style)
    return no_size is not None and bool(_NO_OVERFLOW.search(style, no_size.end()))


def _hides_itself(node: LexborNode, backgrounds: Inherited[bool]) -> bool:
    style = attribute(node, "style")
    if _hides(style):
        return True
    if not _WHITE.search(style) or _BACKGROUND.search(style):
        return False
    # Text in white is shown on a background that is set around it.
    return not backgrounds.around(node)


def _hiding_selectors(tree: LexborHTMLParser) -> set[_Selector]:
    """Classes and ids that the style sheets of the page hide on every screen."""
    sheets = " ".join(node.text() for node in tree.css("style"))
    hiding = set()
    for selectors, style in _rules(_CSS_COMMENT.sub(" ", sheets)):
        if not _hides(style):
            continue
        for selector in selectors.split(","):
            match = _PLAIN_SELECTOR.fullmatch(selector.strip())
            if match:
                hiding.add(
                    _Selector(match["tag"].lower(), match["kind"], match["name"])
                )
    return hiding


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the rules that hold on every screen.

    Rules within others are left out: those of @media hold on some screens only.
    """
    depth = deepest = 0
    start = opening = 0
    for brace in _CSS_BRACE.finditer(css):
        if brace[0] == "{":
            if depth == 0:
                opening = brace.start()
            depth += 1
            deepest = max(deepest, depth)
            continue
        if depth == 1 and deepest == 1:
            # Statements such as @import stand before the selectors.
            selectors = css[start:opening].rpartition(";")[2]
            if not selectors.lstrip().startswith("@"):
                yield selectors, css[opening + 1 : brace.start()]
        depth = max(0, depth - 1)
        if depth == 0:
            deepest = 0
            start = brace.end()


def _sets_background(node: LexborNode) -> bool:
    return bool(_BACKGROUND.search(attribute(node, "style")))
