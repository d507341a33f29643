"""Refuses pages that are nested so deeply that parsing them takes very long.

Parsers of HTML take a time for each tag that grows with the elements around it: 100,000
nested elements hold a processor for minutes. Browsers stop at 512 of them.
"""

import re
from collections import Counter

from rindoku.errors import NoText

DEEPEST = 2_000
# Formatting that isn't closed is repeated in each following block: so often at most for
# each tag. A parser repeats no more than three that are alike.
_MOST_REPETITIONS = 16
_ALWAYS_REPEATED = 5_000
_MOST_ALIKE = 3

# A tag with its attributes, as browsers read it; a comment; or the start of one without
# an end, which hides the rest of a page.
_MARKUP = re.compile(
    rb"<(?:!--(?:-?>|(?P<comment>.*?)(?:--!?>|\Z))"
    rb"|(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)"
    rb"(?:[\s/]++|[^\s/>][^\s/>=]*+"
    rb"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?=>)|[^\s>\"'][^\s>]*+)|(?!\s*+=)))*+"
    rb"(?P<close>>|\Z)?+)",
    re.DOTALL,
)
_VOID = frozenset(
    b"area base br col embed hr img input link meta param source track wbr".split()
)
# Elements that the next one of their kind closes, and forms, which contain none.
_CLOSED_BY_NEXT = frozenset(
    b"html head body p li dt dd tr td th tbody thead tfoot option form".split()
)
_FORMATTING = frozenset(
    b"a b big code em font i nobr s small strike strong tt u".split()
)
# Their content is text and has no tags.
_RAW = frozenset(b"script style textarea title xmp iframe noembed noframes".split())
# They end a drawing or a formula, unless they stand in one of its parts for HTML.
_BREAK_OUT = frozenset(
    b"b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head "
    b"hr i img li listing menu meta nobr ol p pre ruby s small span strong strike sub "
    b"sup table tt u ul var".split()
)
_PARTS_FOR_HTML = frozenset(
    b"foreignobject desc annotation-xml mi mo mn ms mtext".split()
)
# An end tag closes nothing outside of these.
_SCOPES = frozenset(b"table template object applet marquee caption svg math".split())


def check_nesting(body: bytes) -> None:
    """Raises NoText for a page with more than `DEEPEST` nested elements."""
    walk = _Walk()
    position = 0
    while (match := _MARKUP.search(body, position)) is not None:
        position = match.end()
        name = (match["name"] or b"").lower()
        if not name:
            continue
        if match["close"] is None:
            # The rest of the page is within this tag, which browsers drop.
            return
        if match["end"]:
            walk.close(name)
            continue
        walk.open(name, match[0])
        if name in _RAW and not walk.is_foreign:
            end = re.compile(rb"</%b[\s/>]" % name, re.IGNORECASE)
            found = end.search(body, position)
            if found is None:
                return
            position = found.start()


class _Walk:
    """The elements that are open at a place of a page."""

    def __init__(self) -> None:
        self._open: list[bytes] = []
        self._counts: Counter[bytes] = Counter()
        self._formatting: dict[bytes, list[bytes]] = {}
        self._tags = 0
        self._repetitions = 0

    @property
    def is_foreign(self) -> bool:
        """Whether this is within a drawing or a formula, which have other rules."""
        return bool(self._counts[b"svg"] or self._counts[b"math"])

    def open(self, name: bytes, tag: bytes) -> None:
        if self.is_foreign:
            self._open_foreign(name, tag)
        else:
            self._open_html(name, tag)

    def _open_foreign(self, name: bytes, tag: bytes) -> None:
        has_html = any(self._counts[part] for part in _PARTS_FOR_HTML)
        if name in _BREAK_OUT and not has_html:
            while self.is_foreign:
                self._counts[self._open.pop()] -= 1
            self._open_html(name, tag)
        elif not tag.endswith(b"/>") and name not in _VOID:
            self._push(name)

    def _open_html(self, name: bytes, tag: bytes) -> None:
        if name in _FORMATTING:
            self._format(name, tag)
            return
        self._repeat_formatting()
        if name not in _VOID and name not in _CLOSED_BY_NEXT and name not in _RAW:
            self._push(name)

    def _push(self, name: bytes) -> None:
        self._open.append(name)
        self._counts[name] += 1
        if len(self._open) > DEEPEST:
            raise NoText(
                f"The page has more than {DEEPEST:,} elements inside each other."
            )

    def close(self, name: bytes) -> None:
        if self._formatting.get(name):
            self._formatting[name].pop()
            return
        while self._counts[name]:
            inner = self._open[-1]
            if inner != name and inner in _SCOPES:
                return
            self._open.pop()
            self._counts[inner] -= 1
            if inner == name:
                return

    def _format(self, name: bytes, tag: bytes) -> None:
        alike = self._formatting.setdefault(name, [])
        if name == b"a":
            alike.clear()
        if alike[-_MOST_ALIKE:].count(tag) < _MOST_ALIKE:
            alike.append(tag)

    def _repeat_formatting(self) -> None:
        self._tags += 1
        self._repetitions += sum(map(len, self._formatting.values()))
        if self._repetitions > _ALWAYS_REPEATED + _MOST_REPETITIONS * self._tags:
            raise NoText("The page has too much formatting that is never closed.")
