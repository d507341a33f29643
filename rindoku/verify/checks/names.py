"""Checks that the names in a text are the paper's, in the same spelling."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rindoku.languages import Objection, error
from rindoku.verify.checks.context import AnswerContext, Context
from rindoku.verify.quotes import fold

_PLURAL = re.compile(r"(?:e?s|'s)?(?![a-z0-9])")


def check_names(context: Context) -> Iterator[Objection]:
    """Objects to respelled names, terms that the paper lacks, and unclosed formulas."""
    yield from _check_respellings(context)
    yield from _check_terms(context)
    if context.text.count(r"\(") != context.text.count(r"\)"):
        yield error("math", "math")


def _check_respellings(context: Context) -> Iterator[Objection]:
    respellings = context.language.rules.find_respellings(
        context.text, context.document.text, context.paper.title
    )
    for written, name in respellings:
        yield error("name", "name", name=name, spelled=written)


def _check_terms(context: Context) -> Iterator[Objection]:
    folded_paper = _folded_paper(context.document.text, context.paper.title)
    for term in context.language.rules.find_terms(context.text):
        is_in_paper = contains_term(folded_paper, term)
        if not is_in_paper and not _abbreviates(term, folded_paper):
            yield error("term", "term", term=term)


def check_answer_names(context: AnswerContext) -> Iterator[Objection]:
    """As `check_names`, unless the answer says that the paper has none."""
    if context.answer.answerable:
        yield from check_names(context)


def check_names_near_quotes(context: AnswerContext) -> Iterator[Objection]:
    """Objects to names that the paper has only far from the quotes."""
    if not context.answer.answerable:
        return
    folded_paper = _folded_paper(context.document.text, context.paper.title)
    for name in context.language.rules.find_names(context.text):
        if contains_term(context.near_quotes, name):
            continue
        # A name that the paper lacks is reported by `check_names`.
        if contains_term(folded_paper, name):
            yield error("term", "term_near_quotes", term=name)


def contains_term(folded: str, term: str) -> bool:
    """Whether a folded text contains a term or its plural, as a complete word.

    Mistral-7 is not in Mistral-7B, nor is 7B in 37B.
    """
    folded_term = fold(term).text
    start = folded.find(folded_term)
    while start >= 0:
        if _is_word(folded, start, folded_term):
            return True
        start = folded.find(folded_term, start + 1)
    return False


def _is_word(folded: str, start: int, term: str) -> bool:
    """Whether the term at an offset does not begin or end inside another word."""
    if term[0].isdigit():
        before = folded[start - 1 : start]
        if before.isalnum() and before.isascii():
            return False
    if term[-1].isdigit():
        after = folded[start + len(term) :][:3]
        return _PLURAL.match(after) is not None
    return True


def _abbreviates(term: str, folded: str) -> bool:
    """Whether a term consists of initials of words in a text, as LLM does."""
    letters = term.removesuffix("s")
    if not 2 < len(letters) < 7:
        return False
    if not letters.isalpha() or not letters.isupper():
        return False
    words = r"[\s-]+".join(rf"{letter.lower()}[a-z]+" for letter in letters)
    return re.search(rf"\b{words}\b", folded) is not None


@lru_cache(maxsize=4)
def _folded_paper(text: str, title: str) -> str:
    # Cached, because all answers on a document are compared with the same text.
    return f"{fold(text).text} {fold(title).text}"
