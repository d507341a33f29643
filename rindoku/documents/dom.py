"""Small queries on HTML trees, in time proportional to the tree."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.documents.nesting import check_nesting

Value = TypeVar("Value")
# So often may what is read of a tree be inside others that are read as well.
_MOST_AROUND = 3


def parse_html(body: bytes) -> LexborHTMLParser:
    """The tree of a page. Raises NoText for one that is nested too deeply."""
    check_nesting(body)
    return LexborHTMLParser(body)


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


class Inherited(Generic[Value]):
    """A value of each element that follows from that of the element around it.

    It is derived once for each element, while the tree does not change; `top` is the
    value of body and of what is around it.
    """

    def __init__(
        self, top: Value, derive: Callable[[LexborNode, Value], Value]
    ) -> None:
        self._top = top
        self._derive = derive
        self._known: dict[int, Value] = {}

    def of(self, node: LexborNode | None) -> Value:
        """The value of a node."""
        unknown = []
        value = self._top
        while node is not None and node.tag not in {"body", "html"}:
            if node.mem_id in self._known:
                value = self._known[node.mem_id]
                break
            unknown.append(node)
            node = node.parent
        for inner in reversed(unknown):
            value = self._derive(inner, value)
            self._known[inner.mem_id] = value
        return value

    def around(self, node: LexborNode) -> Value:
        """The value of the element around a node."""
        return self.of(node.parent)


def elements_with(tags: set[str]) -> Inherited[bool]:
    """Whether a node is one of these elements, or inside one."""
    return Inherited(False, lambda node, around: around or (node.tag or "") in tags)


def without_deep(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """The nodes without those that are inside more than three others of them."""
    chosen = {node.mem_id: node for node in nodes}
    count = Inherited(0, lambda node, around: around + (node.mem_id in chosen))
    return [n for n in chosen.values() if count.around(n) <= _MOST_AROUND]


def absolute_url(base: str, href: str) -> str:
    """The address a link leads to; empty when `href` is not an address."""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""
