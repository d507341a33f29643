"""Checks whether a model followed an order in the paper."""

from collections.abc import Iterator

from rindoku.languages import Objection, error
from rindoku.verify.checks.context import Context
from rindoku.verify.instructions import obeys


def check_injection(context: Context) -> Iterator[Objection]:
    """Objects to a text that repeats the words of an order in the document."""
    if obeys(context.text, context.document):
        yield error("injection", "repeats_order")
