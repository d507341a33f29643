"""Checks that an answer is consistent about whether the paper has an answer."""

from collections.abc import Iterator

from rindoku.languages import Objection, error
from rindoku.verify.checks.context import AnswerContext


def check_answerable(context: AnswerContext) -> Iterator[Objection]:
    """Objects to an answer whose flag, quotes and text contradict each other."""
    answer = context.answer
    if answer.answerable != bool(answer.quotes) or _contradicts_flag(context):
        yield error("answerable", "answerable")


def _contradicts_flag(context: AnswerContext) -> bool:
    """Whether the text of an answer contradicts its `answerable` flag.

    Only a new reply is checked, because the wording that prompts ask for may have
    changed since an answer was stored.
    """
    if context.stored or context.verbatim:
        return False
    not_in_paper = context.language.wording.not_in_paper
    says_not_in_paper = context.text.strip() == not_in_paper
    return context.answer.answerable == says_not_in_paper
