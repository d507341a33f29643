"""Checks the language of texts, and their way of writing numbers."""

from collections.abc import Iterator

from rindoku.languages import Objection
from rindoku.languages.rules import WRONG_LANGUAGE
from rindoku.verify.checks.context import AnswerContext, Context, TextContext


def check_answer_language(context: AnswerContext) -> Iterator[Objection]:
    """Objects to an answer in another language, unless it is the paper's sentence."""
    if not context.verbatim:
        yield from context.language.rules.check_language(context.text)


def check_text_language(context: TextContext) -> Iterator[Objection]:
    """Objects to a text in another language; a TL;DR may consist of names only."""
    for objection in context.language.rules.check_language(context.text):
        if context.part == "summary" or objection.reason != WRONG_LANGUAGE:
            yield objection


def check_number_style(context: Context) -> Iterator[Objection]:
    """Objects to ways of writing numbers that differ from the paper's."""
    yield from context.language.rules.check_notation(context.text)


def check_question_language(context: AnswerContext) -> Iterator[Objection]:
    """Objects to a question in another language, unless a reader asked it."""
    if context.asked_by_reader:
        return
    rules, question = context.language.rules, context.answer.question
    if not context.verbatim:
        yield from rules.check_language(question)
    yield from rules.check_notation(question)
