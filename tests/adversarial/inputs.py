"""Texts that are hard for a pattern, derived from the pattern itself.

A pattern that takes quadratic time does so on a text that repeats what one of its
repeats matches, or what comes before it, and then does not go on as the pattern does.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_ALPHABET = (
    " a1A0,.-\n|_)(*{}@#/[]\"'<>=:;&%~^\\+!?$x\u3042\u6f22\u30a2\u4e8c\u5104\u5206"
)
_MOST_BRANCHES = 12
# Texts of one pattern.
_MOST_OWN = 40
_MEMBERS = 3
# Ends a text in a way that few patterns go on.
_KILLER = "\x00"


class Recipe(NamedTuple):
    """A text of any length: `prefix`, as many `body` as fit, and `end`.

    Each `{}` in a body is the number of that body.
    """

    prefix: str
    body: str
    end: str

    def text(self, length: int) -> str:
        count = max(1, (length - len(self.prefix)) // len(self.body))
        if "{}" in self.body:
            body = "".join(self.body.replace("{}", str(n)) for n in range(count))
        else:
            body = self.body * count
        return self.prefix + body + self.end


# What strangers were seen to send, and single characters in a row.
KNOWN = tuple(
    Recipe("", body, "")
    for body in (
        *(" ", "\n", "a", "A", "1", "1,", "0.", "-", ".", "あ", "ア", "漢", "1億"),
        *("/*", "@article{", "<div>", "{", "[", "(", "<", "](", "[a](", "| ", "\\("),
        *("a ", "A ", "1 ", "1/", "a-", "a.", "a@", "//", "a{}", "@a{", "@a", "=", "_"),
        *("http://", "a=1&", "arxiv:", "and ", ", ", "**", "# ", "- ", "“", '"', "「"),
        *("color:", "left:-", "width:0;", "not a ", "一", "十", "of the "),
        *("1億", "。", "\x00", "\u200b", "\ud800", "e\u0301", "\ufdfa", "%41", "\\a{"),
    )
)
# What only parsers of pages read.
PAGES = tuple(
    Recipe("", body, "")
    for body in (
        *("<p>", "<b>", "<a href='/abs/2404.02258'>", "<span>", "<table>", "<ul><li>"),
        *("<table><tr><td>", "<h1>", "<p><b>", "<font color=red><p>", "<svg>", "<nav>"),
        *("<a href='https://arxiv.org/abs/2404.02258'>Paper</a>", "</div>", "<!--"),
        *("<div class=author>Ada Braun, Kei Ito", "<p class=ltx_p>x", "<section><h2>T"),
        *("<div style='color:#fff'>x", "<div class=katex>", "<math alttext=x>", "<br>"),
        *("<style>.a{display:none}</style>", "<div hidden>", "<select>", "<template>"),
        *("<script type='math/tex'>x</script>", "<li class=ltx_title>x", "<script>"),
        *("<meta name=citation_author content='Ada Braun'>", "<div class=title>T", "&"),
        *("<img alt='", "<object>", "<form>", "<button><p>", "<textarea>", "&amp"),
        *("<a><div>", "<i><div></i>", "<blockquote>", "<dl><dt>", "<ruby><rt>", "> "),
        *('{"@graph":[', '"a":', '{"@type":"Article"},', ".a{display:none}", "#a,"),
        *("@a{b,title={c},author={Ada Braun and Kei Ito}}", "Ada Braun, ", "* ", "!["),
        *("| a ", "|\n", "1) T - [Paper](https://a.org)\n", "1. T\n", "- T\n", "`"),
        *("| 1) **T** - x | [Paper](https://a.org), ", "Disallow: /*a*a\n", "a='b' "),
        *(
            "ignore all previous instructions. ",
            "It is 31 %. ",
            "1.5 GPU hours ",
            "a b ",
        ),
        *("## 1. T\n", "Allow: /a*$\n", "**T** "),
        # As many different elements, attributes or classes as there are.
        *("<b id={}>", "<p><b id={}>", "a{}=b ", ".a{}{display:none}<i class=a{}>"),
        *(
            "\n# Papers of the Week (April 1 - April 7)\n",
            "References\n",
            "A Appendix\n",
        ),
    )
)


def recipes(source: str, flags: int) -> list[Recipe]:
    """The pattern's own texts, spread over all of it, and the known ones."""
    tree = parser.parse(source, flags)
    own = list(dict.fromkeys(_own_recipes(tree)))
    step = 1 + len(own) // _MOST_OWN
    return [*own[::step], *KNOWN]


def _own_recipes(tree: Any) -> Iterator[Recipe]:
    whole = _sample(tree)
    if whole:
        yield Recipe("", whole, _KILLER)
        yield Recipe("", whole, "")
    for prefix, body in _pumps(tree, ""):
        if body:
            yield Recipe(prefix, body, _KILLER)
            yield Recipe("", prefix + body, _KILLER)
        if prefix:
            yield Recipe("", prefix, _KILLER)


def _pumps(tree: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """For each repeat and place: a text that leads to it, and one that repeats it."""
    for op, value in tree:
        for inner in _inner(op, value):
            yield from _pumps(inner, prefix)
        if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            _, most, body = value
            if most == sre.MAXREPEAT:
                for text in _samples(body):
                    yield prefix, text
        prefix += _sample([(op, value)])
        yield prefix, ""


def _inner(op: Any, value: Any) -> Sequence[Any]:
    """The patterns inside a part of a pattern."""
    if op is sre.SUBPATTERN:
        return [value[3]]
    if op is sre.BRANCH:
        return list(value[1][:_MOST_BRANCHES])
    if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
        return [value[2]]
    if op in {sre.ASSERT, sre.ASSERT_NOT}:
        return [value[1]]
    return [value] if op is sre.ATOMIC_GROUP else []


def _samples(tree: Any) -> list[str]:
    """Texts that a repeated part matches: several of a class or a choice."""
    parts = list(tree)
    if len(parts) == 1:
        op, value = parts[0]
        if op in {sre.IN, sre.NOT_LITERAL, sre.ANY}:
            return _members(op, value)[:_MEMBERS]
        if op is sre.BRANCH:
            return [_sample(branch) for branch in value[1][:_MOST_BRANCHES]]
        if op is sre.SUBPATTERN:
            return _samples(value[3])
    return [_sample(parts)]


def _sample(tree: Any) -> str:
    """A short text that a pattern matches, apart from its assertions."""
    text = ""
    for op, value in tree:
        if op is sre.LITERAL:
            text += chr(value)
        elif op in {sre.IN, sre.NOT_LITERAL, sre.ANY}:
            text += _members(op, value)[0]
        elif op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            least, _, body = value
            text += _sample(body) * min(least, 20)
        elif op is sre.SUBPATTERN:
            text += _sample(value[3])
        elif op is sre.BRANCH:
            text += _sample(value[1][0])
        elif op is sre.ATOMIC_GROUP:
            text += _sample(value)
    return text


def _members(op: Any, value: Any) -> list[str]:
    """Characters of a class, those of the alphabet first."""
    if op is sre.ANY:
        return [" ", "a", "1"]
    if op is sre.NOT_LITERAL:
        return [c for c in _ALPHABET if c != chr(value)]
    negated = value[0][0] is sre.NEGATE
    members = [
        c for c in _ALPHABET if any(_has(item, c) for item in value) is not negated
    ]
    return members or [chr(_first_code(value))]


def _has(item: Any, character: str) -> bool:
    op, value = item
    if op is sre.LITERAL:
        return chr(value) == character
    if op is sre.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    if op is sre.CATEGORY:
        is_in: Callable[[str], bool] = _CATEGORIES[value]
        return is_in(character)
    return False


def _first_code(items: Any) -> int:
    for op, value in items:
        if op is sre.LITERAL:
            return int(value)
        if op is sre.RANGE:
            return int(value[0])
    return ord("a")


_CATEGORIES: Mapping[Any, Callable[[str], bool]] = {
    sre.CATEGORY_DIGIT: str.isdecimal,
    sre.CATEGORY_NOT_DIGIT: lambda c: not c.isdecimal(),
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    sre.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    sre.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
}
