"""Removes the hidden text of a page, which may be written for language models."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from rindoku.documents.dom import attribute

_HIDDEN = "[hidden], [aria-hidden=true]"
_HIDING = re.compile(
    r"display\s*:\s*none"
    r"|visibility\s*:\s*hidden"
    r"|font-size\s*:\s*0"
    r"|opacity\s*:\s*0(?![.\d]*[1-9])"
    r"|text-indent\s*:\s*-\d{3,}"
    r"|(?:left|top|right)\s*:\s*-\d{3,}"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|(?<![\w-])color\s*:\s*(?:transparent|rgba\([^)]*,\s*0\s*\))"
    r"|(?<![\w-])(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*;"
    r"[^}]*overflow\s*:\s*hidden",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?<![\w-])color\s*:\s*"
    r"(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"background", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_AT_RULE = re.compile(r"@[\w-]+[^{;]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_CSS_RULE = re.compile(r"(?P<selectors>[^{}@]+)\{(?P<style>[^{}]*)\}")
# A class or an id, without a state such as :hover, which hides text only at times.
_PLAIN_SELECTOR = re.compile(r"[\w-]*[.#][\w-]+")


def remove_hidden(tree: LexborHTMLParser) -> None:
    """Removes what the page does not show to readers, and its style sheets."""
    remove(tree, _HIDDEN)
    for selector in _hiding_selectors(tree):
        try:
            remove(tree, selector)
        except (SelectolaxError, ValueError):
            continue
    for node in tree.css("[style]"):
        if _hides_itself(node):
            node.decompose()
    remove(tree, "style")


def remove(tree: LexborHTMLParser, selector: str) -> None:
    """Removes the elements of a selector, except html and body."""
    for node in tree.css(selector):
        if node.tag not in {"html", "body"}:
            node.decompose()


def _hides_itself(node: LexborNode) -> bool:
    style = attribute(node, "style")
    if _HIDING.search(style):
        return True
    if not _WHITE.search(style) or _BACKGROUND.search(style):
        return False
    return not _is_on_background(node)


def _hiding_selectors(tree: LexborHTMLParser) -> list[str]:
    """Classes and ids that the style sheets of the page hide on every screen."""
    sheets = " ".join(node.text() for node in tree.css("style"))
    # Rules for some screens (@media) are ignored.
    sheets = _CSS_AT_RULE.sub(" ", _CSS_COMMENT.sub(" ", sheets))
    hiding = []
    for rule in _CSS_RULE.finditer(sheets):
        if not _HIDING.search(rule["style"]):
            continue
        selectors = (selector.strip() for selector in rule["selectors"].split(","))
        hiding += [s for s in selectors if _PLAIN_SELECTOR.fullmatch(s)]
    return hiding


def _is_on_background(node: LexborNode) -> bool:
    """Whether an element around white text sets a background for it."""
    parent = node.parent
    while parent is not None:
        if _BACKGROUND.search(attribute(parent, "style")):
            return True
        parent = parent.parent
    return False
