"""Checks that the numbers in a text are the paper's, with the same units."""

import re
from collections.abc import Iterator
from decimal import Decimal

from rindoku.languages import Objection, error
from rindoku.verify.checks.context import AnswerContext, TextContext
from rindoku.verify.checks.names import contains_term
from rindoku.verify.quantities import (
    Number,
    count_numbers,
    find_own_counts,
    find_support,
    find_units,
)

# Labels and versions, which are not quantities: Stage 1, Llama 2.
_LABEL = re.compile(
    r"\b[A-Z][A-Za-z]+ \d+(?:\.\d+)?(?![\d.,]*\d|\s*[%％])"
    r"|\b(?:stage|phase|step|level) \d+(?!\d)"
)


def check_figures(context: AnswerContext) -> Iterator[Objection]:
    """Objects to numbers of an answer that its quotes do not have."""
    if context.answer.answerable:
        for number in sorted(_find_missing(context)):
            yield error("number", "number_in_quotes", number=str(number))


def check_figure_counts(context: AnswerContext) -> Iterator[Objection]:
    """Objects to a number that an answer uses more often than its quotes do.

    This counts only if the answer leaves out a number of the same kind, which it has
    probably replaced: 32,000 twice instead of 37,000 and 32,000.
    """
    if not context.answer.answerable:
        return
    used = count_numbers(_prepare(context))
    quoted = count_numbers(context.quoted)
    unused_kinds = {n.kind for n in quoted if n not in used and _is_telling(n)}
    for number, times in used.items():
        is_overused = 0 < quoted[number] < times
        if is_overused and _is_telling(number) and number.kind in unused_kinds:
            yield error("number", "number_too_often", number=str(number))


def check_units(context: AnswerContext) -> Iterator[Objection]:
    """Objects to numbers of an answer that have another unit in its quotes."""
    if not context.answer.answerable:
        return
    missing = {number.value for number in _find_missing(context)}
    quoted_units = find_units(context.quoted)
    for value, units in sorted(find_units(_without_labels(context)).items()):
        if value in missing or units & quoted_units.get(value, set()):
            continue
        if value in quoted_units or _has_unit_of_another(value, units, context):
            yield error("unit", "unit", number=f"{value:f}")


def check_text_figures(context: TextContext) -> Iterator[Objection]:
    """Objects to numbers of a text that no sentence of the document has."""
    for figure in context.figures:
        if figure.start is None:
            yield error("number", "number_in_text", number=figure.number)


def _find_missing(context: AnswerContext) -> set[Number]:
    used = set(count_numbers(_prepare(context)))
    own_counts = find_own_counts(_without_labels(context))
    return used - find_support(context.quoted) - own_counts


def _has_unit_of_another(
    value: Decimal, units: set[str], context: AnswerContext
) -> bool:
    """Whether the quotes lack a number, and use its unit with another number.

    A number that the quotes have without a unit is not a contradiction.
    """
    if value <= 1 or Number(value, "") in count_numbers(context.quoted):
        return False
    all_units = set().union(*find_units(context.quoted).values())
    return bool(all_units & units)


def _without_labels(context: AnswerContext) -> str:
    """The answer without the labels that appear near its quotes."""

    def blank(match: re.Match[str]) -> str:
        if contains_term(context.near_quotes, match[0]):
            return " "
        return match[0]

    return _LABEL.sub(blank, context.text)


def _prepare(context: AnswerContext) -> str:
    return context.language.rules.prepare_figures(_without_labels(context))


def _is_telling(number: Number) -> bool:
    """Whether a number is not a small count, which may recur by chance."""
    return number.kind == "%" or len(number.value.as_tuple().digits) > 1
