"""Small questions to an HTML tree that the readers of pages share."""

from collections.abc import Iterator
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode


def meta_content(tree: LexborHTMLParser, name: str) -> str | None:
    """The content of the meta tag of that name or property, else None."""
    node = tree.css_first(f"meta[property='{name}'], meta[name='{name}']")
    return node.attributes.get("content") if node else None


def head_title(tree: LexborHTMLParser) -> str | None:
    """The text of the title tag, else None."""
    node = tree.css_first("head title")
    return node.text() if node else None


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around a node, up to the body."""
    parent = node.parent
    while parent is not None and parent.tag not in {"body", "html"}:
        yield parent
        parent = parent.parent


def within(node: LexborNode, tags: set[str]) -> bool:
    """Whether one of the elements around a node has one of the tags."""
    return any((parent.tag or "") in tags for parent in ancestors(node))


def absolute(base: str, href: str) -> str:
    """The address a link leads to; empty for what is none."""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""
