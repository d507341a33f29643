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
    rb"(?P<close>>)?+)",
    re.DOTALL,
)
_ATTRIBUTE_VALUE = re.compile(rb"\"[^\"]*+\"|'[^']*+'")
_ATTRIBUTE_BREAK = re.compile(rb"[\s/]+")
_MOST_ATTRIBUTES = 1_000
_VOID = frozenset(
    b"area base br col embed hr img input link meta param source track wbr".split()
)
# Elements that the next one of their kind closes, with what is inside of them.
_BLOCKS = frozenset(b"p li dt dd".split())
_PARTS_OF_TABLE = frozenset(b"tr td th tbody thead tfoot".split())
_FORMATTING = frozenset(
    b"a b big code em font i nobr s small strike strong tt u".split()
)
# Their content is text and has no tags.
_RAW = frozenset(b"script style textarea title xmp iframe noembed noframes".split())
# Elements that have no elements inside, or that browsers merge or ignore.
_NOT_AROUND = (
    _VOID | _RAW | _PARTS_OF_TABLE | frozenset(b"html head body form option".split())
)
# They end a drawing or a formula, unless they stand in one of its parts for HTML.
_BREAK_OUT = frozenset(
    b"b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 "
    b"head hr i img li listing menu meta nobr ol p pre ruby s small span strong "
    b"strike sub sup table tt u ul var".split()
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
        _check_attributes(match[0])
        walk.open(name, match[0])
        if name in _RAW and not walk.is_foreign:
            end = re.compile(rb"</%b[\s/>]" % name, re.IGNORECASE)
            found = end.search(body, position)
            if found is None:
                return
            position = found.start()


def _check_attributes(tag: bytes) -> None:
    # Parsers compare each attribute with all before it.
    if len(tag) < _MOST_ATTRIBUTES:
        return
    names = _ATTRIBUTE_BREAK.split(_ATTRIBUTE_VALUE.sub(b" ", tag))
    if len(names) > _MOST_ATTRIBUTES:
        raise NoText(f"The page has a tag with over {_MOST_ATTRIBUTES:,} attributes.")


class _Walk:
    """The elements that are open at a place of a page."""

    def __init__(self) -> None:
        # Each with the number of formatting elements around it.
        self._open: list[tuple[bytes, int]] = []
        self._counts: Counter[bytes] = Counter()
        self._formatting_around = 0
        # What is repeated in the following blocks until it is closed, by name.
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

    def close(self, name: bytes) -> None:
        if name in _FORMATTING and self._formatting.get(name):
            self._end_formatting(name)
            return
        while self._counts[name]:
            inner = self._open[-1][0]
            if inner != name and inner in _SCOPES:
                return
            self._pop()
            if inner == name:
                return

    def _open_foreign(self, name: bytes, tag: bytes) -> None:
        has_html = any(self._counts[part] for part in _PARTS_FOR_HTML)
        if name in _BREAK_OUT and not has_html:
            while self.is_foreign:
                self._pop()
            self._open_html(name, tag)
        elif not tag.endswith(b"/>") and name not in _VOID:
            self._push(name)

    def _open_html(self, name: bytes, tag: bytes) -> None:
        if name in _FORMATTING:
            self._format(name, tag)
            return
        self._repeat_formatting()
        is_in_table = bool(self._counts[b"table"])
        if name in _BLOCKS or (name in _PARTS_OF_TABLE and is_in_table):
            # It closes the one before, with the formatting that was opened inside.
            self._formatting_around = self._open[-1][1] if self._open else 0
        elif name not in _NOT_AROUND:
            self._push(name)

    def _push(self, name: bytes) -> None:
        self._open.append((name, self._formatting_around))
        self._counts[name] += 1
        self._check_depth()

    def _pop(self) -> None:
        name, formatting_around = self._open.pop()
        self._counts[name] -= 1
        # Less than then, if formatting around the element has ended inside of it.
        self._formatting_around = min(self._formatting_around, formatting_around)

    def _format(self, name: bytes, tag: bytes) -> None:
        if name == b"a" and self._formatting.get(name):
            self._end_formatting(name)
        alike = self._formatting.setdefault(name, [])
        if alike[-_MOST_ALIKE:].count(tag) < _MOST_ALIKE:
            alike.append(tag)
        self._formatting_around += 1
        self._check_depth()

    def _end_formatting(self, name: bytes) -> None:
        """Formatting ends on its own: what was opened inside of it stays open."""
        self._formatting[name].pop()
        self._formatting_around = max(0, self._formatting_around - 1)

    def _check_depth(self) -> None:
        if len(self._open) + self._formatting_around > DEEPEST:
            raise NoText(
                f"The page has more than {DEEPEST:,} elements inside each other."
            )

    def _repeat_formatting(self) -> None:
        self._tags += 1
        self._repetitions += sum(map(len, self._formatting.values()))
        if self._repetitions > _ALWAYS_REPEATED + _MOST_REPETITIONS * self._tags:
            raise NoText("The page has too much formatting that is never closed.")
