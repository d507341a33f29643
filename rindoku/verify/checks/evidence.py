"""Checks the quotes of an answer."""

from collections.abc import Iterator

from rindoku.languages import Objection, error, warning
from rindoku.verify.checks.context import AnswerContext
from rindoku.verify.instructions import is_instruction
from rindoku.verify.quotes import shorten

# The most quotes of one answer; the prompt states this limit too.
MOST_QUOTES = 3


def check_evidence(context: AnswerContext) -> Iterator[Objection]:
    """Objects to quotes that the document does not contain or that are instructions."""
    for evidence in context.evidence:
        quote = shorten(evidence.quote)
        if evidence.match == "absent":
            yield error("quote", "quote", quote=quote)
        elif is_instruction(evidence.quote):
            yield error("injection", "quote_is_instruction", quote=quote)


def check_quote_count(context: AnswerContext) -> Iterator[Objection]:
    """Warns of an answer with more quotes than its prompt allows."""
    count = len(context.answer.quotes)
    if count > MOST_QUOTES:
        yield warning("quotes", "many_quotes", count=count)
