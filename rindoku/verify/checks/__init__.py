"""The checks on answers and on texts, in the order in which their findings are listed.

To add a check, write a function that takes a context and yields objections, list it in
one of the tuples below, and word its reasons in each language's `wording.toml`.
"""

from collections.abc import Callable, Iterator

from rindoku.languages import Objection
from rindoku.verify.checks.answerable import check_answerable
from rindoku.verify.checks.context import (
    AnswerContext,
    Context,
    TextContext,
)
from rindoku.verify.checks.evidence import check_evidence, check_quote_count
from rindoku.verify.checks.figures import (
    check_figure_counts,
    check_figures,
    check_text_figures,
    check_units,
)
from rindoku.verify.checks.injection import check_injection
from rindoku.verify.checks.names import (
    check_answer_names,
    check_names,
    check_names_near_quotes,
)
from rindoku.verify.checks.repetition import check_duplicates, check_repetition
from rindoku.verify.checks.style import (
    check_answer_style,
    check_question_style,
    check_text_style,
)
from rindoku.verify.checks.wrong_language import (
    check_answer_language,
    check_number_style,
    check_question_language,
    check_text_language,
)

ANSWER_CHECKS: tuple[Callable[[AnswerContext], Iterator[Objection]], ...] = (
    check_answerable,
    check_evidence,
    check_injection,
    check_figures,
    check_figure_counts,
    check_units,
    check_answer_names,
    check_names_near_quotes,
    check_repetition,
    check_answer_language,
    check_number_style,
    check_answer_style,
    check_quote_count,
    check_duplicates,
    check_question_language,
    check_question_style,
)
TEXT_CHECKS: tuple[Callable[[TextContext], Iterator[Objection]], ...] = (
    check_text_figures,
    check_injection,
    check_names,
    check_text_language,
    check_number_style,
    check_text_style,
)

__all__ = [
    "ANSWER_CHECKS",
    "TEXT_CHECKS",
    "AnswerContext",
    "Context",
    "TextContext",
]
