"""Checks the length of texts, and their style by the rules of the language."""

from collections.abc import Iterator

from rindoku.languages import Objection, warning
from rindoku.verify.checks.context import AnswerContext, Context, TextContext


def check_answer_style(context: AnswerContext) -> Iterator[Objection]:
    """Warns of an answer that is too long, or in another style than the article."""
    yield from _check_prose(context, context.language.rules.answer_length)


def check_text_style(context: TextContext) -> Iterator[Objection]:
    """Warns of a TL;DR or a summary that is too long or in another style."""
    if context.part == "tldr":
        yield from _check_tldr(context)
    else:
        yield from _check_prose(context, context.language.rules.summary_length)


def check_question_style(context: AnswerContext) -> Iterator[Objection]:
    """Warns of a question that addresses the authors, unless a reader asked it."""
    if context.asked_by_reader:
        return
    if context.language.rules.addresses_authors.search(context.answer.question):
        yield warning("style", "interview")


def _check_prose(context: Context, most: int) -> Iterator[Objection]:
    length = len(context.text)
    if length > most:
        yield warning("length", "long", length=length, most=most)
    yield from context.language.rules.check_style(context.text)


def _check_tldr(context: TextContext) -> Iterator[Objection]:
    rules = context.language.rules
    length = len(context.text)
    if length > rules.tldr_length:
        yield warning("length", "tldr_long", length=length, most=rules.tldr_length)
    if rules.sentence_break.search(context.text.strip()):
        yield warning("length", "tldr_sentences")
