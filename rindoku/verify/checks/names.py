"""Whether the names in a text are the paper's, spelled as there."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rindoku.languages import Objection, error
from rindoku.verify.checks.context import AnswerContext, Context
from rindoku.verify.quotes import fold

_PLURAL = re.compile(r"(?:e?s|'s)?(?![a-z0-9])")


def check_names(context: Context) -> Iterator[Objection]:
    """Objects to names in katakana, terms that the paper lacks, and open formulas."""
    rules, paper_text = context.language.rules, context.document.text
    title = context.paper.title
    for written, name in rules.find_respellings(context.text, paper_text, title):
        yield error("name", "name", name=name, spelled=written)
    paper_words = _folded_paper(paper_text, title)
    for term in rules.find_terms(context.text):
        if contains_term(paper_words, term) or _abbreviates(term, paper_words):
            continue
        yield error("term", "term", term=term)
    if context.text.count(r"\(") != context.text.count(r"\)"):
        yield error("math", "math")


def check_answer_names(context: AnswerContext) -> Iterator[Objection]:
    """The same for an answer; one that the paper does not answer names nothing."""
    if context.answer.answerable:
        yield from check_names(context)


def check_names_near_quotes(context: AnswerContext) -> Iterator[Objection]:
    """Objects to names that the paper has, but not in the quotes or near them."""
    if not context.answer.answerable:
        return
    paper_words = _folded_paper(context.document.text, context.paper.title)
    for name in context.language.rules.find_names(context.text):
        is_near = contains_term(context.near_quotes, name)
        # A name that the paper lacks is reported by `check_names`.
        if not is_near and contains_term(paper_words, name):
            yield error("term", "term_near_quotes", term=name)


def contains_term(folded: str, term: str) -> bool:
    """Whether a folded text has a term as a complete word, or its plural.

    Mistral-7 is not in Mistral-7B, nor is 7B in 37B.
    """
    term = fold(term)[0]
    at = folded.find(term)
    while at >= 0:
        if _is_word(folded, at, term):
            return True
        at = folded.find(term, at + 1)
    return False


def _is_word(folded: str, at: int, term: str) -> bool:
    before = folded[at - 1 : at]
    behind = folded[at + len(term) :][:3]
    ends_inside_word = term[-1].isdigit() and not _PLURAL.match(behind)
    starts_inside_word = term[0].isdigit() and before.isalnum() and before.isascii()
    return not ends_inside_word and not starts_inside_word


def _abbreviates(term: str, folded: str) -> bool:
    """Whether a term is made of initials in a text: LLM of large language models."""
    letters = term.removesuffix("s")
    is_initials = 2 < len(letters) < 7 and letters.isalpha() and letters.isupper()
    if not is_initials:
        return False
    words = r"[\s-]+".join(rf"{letter.lower()}[a-z]+" for letter in letters)
    return re.search(rf"\b{words}\b", folded) is not None


@lru_cache(maxsize=4)
def _folded_paper(text: str, title: str) -> str:
    # Cached: every answer on a document is compared with the same text.
    return f"{fold(text)[0]} {fold(title)[0]}"
