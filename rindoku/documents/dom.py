"""Small queries on HTML trees."""

from collections.abc import Iterator
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode


def meta_content(tree: LexborHTMLParser, name: str) -> str | None:
    """The content of the meta tag with that name or property, else None."""
    node = tree.css_first(f"meta[property='{name}'], meta[name='{name}']")
    return node.attributes.get("content") if node else None


def title_tag(tree: LexborHTMLParser) -> str | None:
    """The text of the title tag, else None."""
    node = tree.css_first("head title")
    return node.text() if node else None


def attribute(node: LexborNode, name: str) -> str:
    """An attribute of an element; empty when it is missing or has no value."""
    return node.attributes.get(name) or ""


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around a node, innermost first, without body and html."""
    parent = node.parent
    while parent is not None and parent.tag not in {"body", "html"}:
        yield parent
        parent = parent.parent


def is_within(node: LexborNode, tags: set[str]) -> bool:
    """Whether a node is inside an element with one of the tags."""
    return any((parent.tag or "") in tags for parent in ancestors(node))


def absolute_url(base: str, href: str) -> str:
    """The address a link leads to; empty when `href` is not an address."""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""
