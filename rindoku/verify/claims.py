"""What an answer claims: its figures must be in its quotes, its names in the paper and near the quotes."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rindoku.languages.ja.katakana import katakana_spellings
from rindoku.languages.parts import english_names, latin_terms, stands_for
from rindoku.languages.wording import Wording
from rindoku.models import Answer, Document, Evidence, PaperVersion
from rindoku.verify.numbers import (
    Number,
    count_numbers,
    find_own_counts,
    find_support,
    find_units,
    show,
)
from rindoku.verify.quotes import fold
from rindoku.verify.style import Objection

# A name may stand in the lines around a quote, which then says "it".
_NEAR = 800
# A label or a version: no figure of its own.
_LABEL = re.compile(
    r"\b[A-Z][A-Za-z]+ \d+(?:\.\d+)?(?![\d.,]*\d|\s*[%％])|\b(?:stage|phase|step|level) \d+(?!\d)"
)
# "one of them" counts nothing.
_ARTICLE = re.compile(r"\bone\b", re.IGNORECASE)


def check_claims(
    answer: Answer,
    evidence: Sequence[Evidence],
    document: Document,
    paper: PaperVersion,
    words: Wording,
) -> Iterator[Objection]:
    """Objections to what an answer says that its quotes, and the lines around them, do not."""
    near = " ".join(
        document.text[max(0, e.start - _NEAR) : e.end + _NEAR]
        for e in evidence
        if e.start is not None and e.end
    )
    known = fold(" ".join((near, answer.question, paper.title, *answer.quotes)))[0]
    # Stage 1 and Llama 2 are names where they stand near the quotes.
    figures = _LABEL.sub(
        lambda m: " " if _stands_in(fold(m[0])[0], known) else m[0], answer.answer
    )
    yield from _check_figures(figures, " ".join(answer.quotes), words)
    yield from check_names(answer.answer, document, paper, words)
    for name in _names(answer.answer, words):
        # What stands nowhere is named above; this stands elsewhere.
        if not _stands_in(fold(name)[0], known) and _stands_in(
            fold(name)[0], _haystack(document.text, paper.title)
        ):
            yield "term", words.reason("term_near_quotes", term=name), "error"


def _check_figures(text: str, quoted: str, words: Wording) -> Iterator[Objection]:
    """Objections to figures of an answer that its quotes do not have, have with other units, or less often."""
    numbers, there = count_numbers(without_articles(text, words)), count_numbers(quoted)
    missing = numbers.keys() - find_support(quoted) - find_own_counts(text)
    for number in sorted(missing):
        yield "number", words.reason("number_in_quotes", number=show(number)), "error"
    # 32,000 twice, where the quotes have it once and another figure as well: it stands in the other's place.
    left = [n for n in there if n not in numbers and _is_telling(n)]
    for number, times in numbers.items():
        if (
            _is_telling(number)
            and 0 < there[number] < times
            and any(n[1] == number[1] for n in left)
        ):
            yield (
                "number",
                words.reason("number_too_often", number=show(number)),
                "error",
            )
    known = find_units(quoted)
    for value, units in sorted(find_units(text).items()):
        # A figure whose unit the quote leaves open says nothing, unless the unit is another figure's.
        other = known.get(value) or (
            (value, "") not in there
            and value > 1
            and set().union(*known.values()) & units
        )
        if (
            other
            and not any(value == n for n, _ in missing)
            and not units & known.get(value, set())
        ):
            yield "unit", words.reason("unit", number=f"{value:f}"), "error"


def _is_telling(number: Number) -> bool:
    """Whether a figure is no small count, such as may be said twice of one thing."""
    return number[1] == "%" or len(number[0].as_tuple().digits) > 1


def check_names(
    text: str, document: Document, paper: PaperVersion, words: Wording
) -> Iterator[Objection]:
    """Objections to names that the paper does not have, or spells otherwise, and to formulas left open."""
    if words.language == "ja":
        for spelled, name in katakana_spellings(text, document.text, paper.title):
            yield "name", words.reason("name", name=name, spelled=spelled), "error"
    terms = latin_terms(text) if words.language == "ja" else _names(text, words)
    haystack = _haystack(document.text, paper.title)
    for term in terms:
        if not _stands_in(fold(term)[0], haystack) and not stands_for(term, haystack):
            yield "term", words.reason("term", term=term), "error"
    if text.count(r"\(") != text.count(r"\)"):
        yield "math", words.reason("math"), "error"


def _names(text: str, words: Wording) -> list[str]:
    """The names in a text: in Japanese whatever is in Latin letters and not all in small ones."""
    if words.language == "en":
        return english_names(text)
    return [
        term
        for term in latin_terms(text)
        if any(c.isupper() or c.isdigit() for c in term)
    ]


def without_articles(text: str, words: Wording) -> str:
    """The text without words that look like figures and count nothing."""
    return _ARTICLE.sub(" ", text) if words.language == "en" else text


@lru_cache(maxsize=4)
def _haystack(text: str, title: str) -> str:
    """Where terms are looked for; every answer on a document looks in the same."""
    return f"{fold(text)[0]} {fold(title)[0]}"


def _stands_in(term: str, haystack: str) -> bool:
    """Whether a term stands in a text as a word, its plural included: Mistral-7 is not in Mistral-7B."""
    at = haystack.find(term)
    while at >= 0:
        before, behind = haystack[at - 1 : at], haystack[at + len(term) :][:3]
        whole = re.match(r"(?:e?s|'s)?(?![a-z0-9])", behind) or not term[-1].isdigit()
        if whole and not (before.isalnum() and before.isascii() and term[0].isdigit()):
            return True
        at = haystack.find(term, at + 1)
    return False
