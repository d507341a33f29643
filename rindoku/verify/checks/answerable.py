"""Whether an answer is one, or says that the paper does not answer the question."""

from collections.abc import Iterator

from rindoku.languages import Objection, error
from rindoku.verify.checks.context import AnswerContext


def check_answerable(context: AnswerContext) -> Iterator[Objection]:
    """Objects to an answer whose flag, quotes and text contradict each other."""
    answer = context.answer
    if answer.answerable != bool(answer.quotes) or _contradicts_flag(context):
        yield error("answerable", "answerable")


def _contradicts_flag(context: AnswerContext) -> bool:
    """Whether a model says in words what its flag denies.

    Only a fresh reply is compared with the words that its prompt asked for: those of a
    stored answer may have been others.
    """
    if context.stored or context.verbatim:
        return False
    not_in_paper = context.language.wording.not_in_paper
    says_not_in_paper = context.text.strip() == not_in_paper
    return context.answer.answerable == says_not_in_paper
