"""Bylines: who a page says its authors are, where no metadata says so.

The page is cut into segments at commas, line breaks and tags; authors are a run of segments that look
like the names of persons, near the title or in a place that calls itself one of authors.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rindoku.documents.characters import clean

_PARTICLES = {
    "van",
    "von",
    "der",
    "den",
    "de",
    "del",
    "della",
    "di",
    "da",
    "dos",
    "du",
    "la",
    "le",
    "bin",
    "ibn",
    "al",
    "el",
    "ben",
    "ter",
    "ten",
    "zu",
    "zur",
    "af",
    "av",
    "y",
    "e",
    "st",
}
# Whole words that stand in names of places, buttons and sections, not of persons.
_NO_NAME = re.compile(
    r"universit\w*|instit\w*|college|school|academy|laborator\w*|labs?|research|google|deepmind|microsoft|meta|nvidia|"
    r"openai|apple|amazon|adobe|intel|ibm|tencent|alibaba|bytedance|baidu|huawei|samsung|inc|corp\w*|ltd|gmbh|company|group|"
    r"team|center|centre|department|dept|faculty|foundation|technolog\w*|engineering|sciences?|computer|computing|robotics?|"
    r"intelligence|artificial|ai|papers?|arxiv|code|data|datasets?|demo|videos?|models?|project|home|website|"
    r"github|hugging|face|supplementary|material|appendix|slides|poster|talk|blog|news|contact|abstract|introduction|methods?|"
    r"results|overview|citation|bibtex|acknowledge\w*|references|related|works?|equal|contribution\w*|"
    r"correspond\w*|advis\w*|authors?|intern|conference|workshop|proceedings|journal|oral|spotlight|award|learn\w*|more|"
    r"view|read|download|about|the|of|for|with|and|in|on|from|to|at|by|via|using|beyond|mellon|berkeley|"
    r"stanford|mit|uc|eth|kaist|california|washington|hong|kong|china|usa|germany|equally|generation|benchmark|leaderboard|"
    r"language|large|vision|visual|neural|images?|text|training|evaluation|open|source|twitter|colab|quick|start|tasks?|"
    r"get|started|sign|log|search|share|menu|skip|privacy|policy|terms|copyright|january|february|july|september|october|"
    r"november|december|core|contributors?|lead|track|reasoning|multimodal|mathematical|angeles|francisco|neurips|iclr|icml|cvpr|iccv|eccv|siggraph|acl|emnlp|naacl|how|what|why|when|this|these|we|our|figure|table|section",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"[*\u2020\u2021\u00a7\u00b6\u2217\u2660-\u2667\u2605\u2606\u2709#^✉]|[\u00b9\u00b2\u00b3\u2070-\u2079]"
)
_BREAKS = re.compile(
    r"[,;|/·•∙&\n\u2002\u2003\u2005\u3000]|\s+and\s+|(?:\u00a0\s*){2,}|\s{4,}",
    re.IGNORECASE,
)
_JUST_NOISE = re.compile(r"[\W\d_]*|and|with", re.IGNORECASE)
_ET_AL = re.compile(r"\b(?:et\s+al\b\.?|and\s+others)", re.IGNORECASE)
_AUTHOR_CLASS = re.compile(r"author|byline|contributor", re.IGNORECASE)
_SKIPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "sup",
    "nav",
    "footer",
    "svg",
    "button",
    "pre",
    "textarea",
    "code",
    "select",
}
_INLINE = {"b", "i", "em", "strong", "u", "font", "small", "mark"}
_NEAR = 80
_ALIKE = 0.6


Place = Literal["", "author", "heading"]


@dataclass(frozen=True)
class Segment:
    """A piece of a page's text between two breaks, and where it stands: in a heading, or where a tag speaks of authors."""

    text: str
    place: Place = ""


@dataclass(frozen=True)
class Byline:
    """Names in order; `complete` is False when the page itself says et al."""

    names: tuple[str, ...]
    complete: bool
    marked: bool
    position: int


def segments(tree: LexborHTMLParser) -> list[Segment]:
    """The visible text of a page's body in pieces, in order."""
    body = tree.body
    if body is None:
        return []
    found = []
    for piece, place in _pieces(body):
        text = clean(_MARKS.sub(" ", piece))
        if text:
            found.append(Segment(text, place))
    return found


def _pieces(root: LexborNode) -> Iterator[tuple[str, Place]]:
    held: list[str] = []
    held_place: Place = ""
    for text, place in _texts(root, ""):
        if text is None or place != held_place:
            yield from ((piece, held_place) for piece in _BREAKS.split("".join(held)))
            held, held_place = [], place
        if text is not None:
            held.append(text)
    yield from ((piece, held_place) for piece in _BREAKS.split("".join(held)))


def _texts(node: LexborNode, place: Place) -> Iterator[tuple[str | None, Place]]:
    """Texts in order; None where a tag parts them."""
    child = node.child
    while child is not None:
        if child.tag == "-text":
            yield child.text(deep=False) or "", place
        elif child.tag in _SKIPPED:
            # A mark of affiliation ends no name: "Ada Braun<sup>1</sup>, Kei Ito".
            yield (" " if child.tag == "sup" else None), place
        elif child.tag and not child.tag.startswith(("-", "_", "!")):
            if child.tag not in _INLINE:
                yield None, place
            yield from _texts(child, _place_of(child, place))
            if child.tag not in _INLINE:
                yield None, place
        child = child.next


def _place_of(node: LexborNode, around: Place) -> Place:
    names = f"{node.attributes.get('class') or ''} {node.id or ''} {node.attributes.get('rel') or ''}"
    if around == "author" or _AUTHOR_CLASS.search(names):
        return "author"
    return "heading" if node.tag in {"h1", "h2"} else around


def name_parts(text: str) -> list[str]:
    """A text cut where bylines are cut: commas, wide spaces, "and"."""
    return [part for piece in _BREAKS.split(text) if (part := clean(piece))]


def is_name(text: str) -> bool:
    """Whether a text looks like the name of a person: two to five words, each with a capital, none of places or things."""
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > 45 or any(c.isdigit() for c in text):
        return False
    if not all(re.fullmatch(r"[\"“(']?[^\W\d_][\w.'’\-]*[\"”)']?", w) for w in words):
        return False
    plain = [w.strip("\"“”()'") for w in words]
    if any(_NO_NAME.fullmatch(w.strip(".")) for w in plain):
        return False
    capital = [w[0].isupper() or (w[0].isalpha() and not w[0].islower()) for w in plain]
    return (
        capital[-1]
        and all(
            c or w.lower() in _PARTICLES for c, w in zip(capital, plain, strict=True)
        )
        and any(len(w.strip(".")) > 1 for w in plain)
    )


def find_bylines(pieces: Sequence[Segment], gap: int = 0) -> list[Byline]:
    """Every run of names, in order of the page; between two names up to `gap` other short segments may stand."""
    runs: list[Byline] = []
    names: list[str] = []
    marked, since, complete, start = False, 0, True, 0

    def end_run() -> None:
        nonlocal names, marked, since, complete
        if names:
            runs.append(Byline(tuple(dict.fromkeys(names)), complete, marked, start))
        names, marked, since, complete = [], False, 0, True

    for position, piece in enumerate(pieces):
        bare = _ET_AL.sub("", piece.text).strip(" ,.")
        complete = complete and not (names and _ET_AL.search(piece.text))
        if is_name(bare) and piece.place != "heading":
            start = start if names else position
            names.append(bare)
            marked, since = marked or piece.place == "author", 0
        elif bare and not _JUST_NOISE.fullmatch(bare):
            since += 1
            if since > gap or len(piece.text) > 60:
                end_run()
    end_run()
    return runs


def own_byline(
    pieces: Sequence[Segment], cited: Sequence[str], title: str
) -> Byline | None:
    """The byline of the page's own work.

    `cited` are the names its BibTeX gives, if it has one: a byline that agrees with them is the page's own
    way to write them. Else a place that calls itself one of authors, or two names soon after the title.
    """
    # A title in capitals may look like a name.
    untitled = [
        Segment("") if p.text.casefold() in title.casefold() else p for p in pieces
    ]
    tight_runs = find_bylines(untitled)
    runs = [*tight_runs, *find_bylines(untitled, gap=2)]
    if cited:
        agreeing = [
            (_agreement(run.names, cited), -len(run.names), run) for run in runs
        ]
        best = max(agreeing, key=lambda a: a[:2], default=None)
        return _trimmed(best[2], cited) if best and best[0] >= _ALIKE else None
    marked = [r for r in runs if r.marked]
    if marked:
        longest = max(marked, key=lambda r: (len(r.names), -r.position))
        # Names that follow each other, unless every one has its affiliation between.
        tight = max(
            (r for r in tight_runs if r.marked),
            key=lambda r: len(r.names),
            default=longest,
        )
        return tight if 3 * len(tight.names) > 2 * len(longest.names) else longest
    at = next(
        (n for n, piece in enumerate(pieces) if _starts_title(piece.text, title)), 0
    )
    near = (r for r in runs if len(r.names) > 1 and at <= r.position <= at + _NEAR)
    first = next(near, None)
    if first is None or any(len(p.text) > 250 for p in pieces[at : first.position]):
        return None
    return first


def _starts_title(text: str, title: str) -> bool:
    return len(text) > 2 and title.casefold().startswith(text.casefold().rstrip(":"))


def _agreement(names: Sequence[str], cited: Sequence[str]) -> float:
    shared = _keys(names) & _keys(cited)
    return (
        len(shared)
        / max(len(_keys(cited)), 1)
        * (1 if len(names) <= 2 * len(cited) else 0.5)
    )


def _trimmed(run: Byline, cited: Sequence[str]) -> Byline:
    """Without what stands before the first and after the last name that the BibTeX knows."""
    known = _keys(cited)
    places = [n for n, name in enumerate(run.names) if _key(name) in known]
    return Byline(
        run.names[places[0] : places[-1] + 1], run.complete, run.marked, run.position
    )


def _keys(names: Iterable[str]) -> set[str]:
    return {_key(n) for n in names}


def _key(name: str) -> str:
    """A last name without accents: what spellings of one person share."""
    plain = unicodedata.normalize("NFKD", name)
    words = (
        "".join(c for c in plain if not unicodedata.combining(c))
        .casefold()
        .replace("-", " ")
        .split()
    )
    return words[-1] if words else ""
