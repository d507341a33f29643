"""What machine-readable metadata on a page declares.

The sources are `citation_*` and Dublin Core meta tags, JSON-LD, and the front matter
of distill articles. All are read into one set of `citation_*` names.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from rindoku.documents import clean
from rindoku.documents.dom import attribute
from rindoku.papers.pages.names import is_name
from rindoku.untrusted import parse_json

_WORK_TYPES = re.compile(
    r"article|posting|scholarly|report|creativework|distill", re.IGNORECASE
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")


class Declared:
    """The declared values by name, in page order."""

    def __init__(self) -> None:
        self._values: dict[str, list[str]] = {}

    def add(self, name: str, value: str) -> None:
        """Adds a value under a `citation_*` name."""
        self._values.setdefault(name, []).append(value)

    def find(self, *names: str) -> list[str]:
        """All values of the first name, then of the second, and so on."""
        return [value for name in names for value in self._values.get(name, [])]

    def find_first(self, *names: str) -> str | None:
        """The first value that is not empty, else None."""
        return next(filter(None, self.find(*names)), None)

    @property
    def doi(self) -> str | None:
        """The DOI of the work, in lower case."""
        for value in self.find("citation_doi", "citation_identifier"):
            match = _DOI.search(value)
            if match:
                return match[0].lower()
        return None


def read_declared(tree: LexborHTMLParser) -> Declared:
    """What the metadata of a page declares about its work."""
    declared = Declared()
    for node in tree.css("meta[content]"):
        name = (attribute(node, "name") or attribute(node, "property")).lower()
        if name.startswith(("citation_", "dc.", "dcterms.")):
            name = name.replace("dc.", "citation_").replace("dcterms.", "citation_")
            declared.add(name, clean(attribute(node, "content")))
    for node in tree.css("script[type='application/ld+json'], d-front-matter script"):
        for thing in _json_objects(node.text()):
            _add_work(thing, declared)
    return declared


def _json_objects(text: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD script, lists and @graph unfolded."""
    try:
        pending = deque([parse_json(text)])
    except ValueError:
        return
    while pending:
        value = pending.popleft()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            graph = value.get("@graph")
            pending += graph if isinstance(graph, list) else []
            yield value


def _add_work(thing: dict[str, Any], declared: Declared) -> None:
    """Adds title, date and authors of a JSON object that describes a work."""
    if not _is_work(thing):
        return
    title = thing.get("headline") or thing.get("name") or thing.get("title")
    if isinstance(title, str):
        declared.add("citation_title", clean(title))
    published = thing.get("datePublished") or thing.get("published")
    if isinstance(published, str):
        declared.add("citation_date", published)
    for name in _author_names(thing):
        declared.add("citation_author", name)


def _is_work(thing: dict[str, Any]) -> bool:
    # The front matter of distill has authors and no type.
    kinds = thing.get("@type", "distill" if "authors" in thing else "")
    if not isinstance(kinds, list):
        kinds = [kinds]
    return any(isinstance(kind, str) and _WORK_TYPES.search(kind) for kind in kinds)


def _author_names(thing: dict[str, Any]) -> list[str]:
    """The authors that are persons; news sites also declare organisations."""
    authors = thing.get("author") or thing.get("authors") or []
    if not isinstance(authors, list):
        authors = [authors]
    names = (clean(_author_name(author)) for author in authors)
    return [name for name in names if is_name(name)]


def _author_name(author: Any) -> str:
    if isinstance(author, dict):
        author = author.get("name") or author.get("author")
    return author if isinstance(author, str) else ""
