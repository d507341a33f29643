"""Checks whether a model followed an instruction in the paper."""

from collections.abc import Iterator

from rindoku.languages import Objection, error
from rindoku.verify.checks.context import Context
from rindoku.verify.instructions import follows_instruction


def check_injection(context: Context) -> Iterator[Objection]:
    """Objects to a text that repeats the words of an instruction in the document."""
    if follows_instruction(context.text, context.document):
        yield error("injection", "repeats_instruction")
