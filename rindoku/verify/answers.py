"""Verification: an answer must follow from its quotes, and the document contain them.

It is deterministic, without a second model. Objections of checks become findings in the
language of the answer; an answer with an error is not published as fact.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from rindoku.languages import Language, Objection
from rindoku.models import (
    Document,
    Explanation,
    Figure,
    Finding,
    PaperVersion,
    TextPart,
    TextVerdict,
    Verdict,
)
from rindoku.verify.checks import (
    ANSWER_CHECKS,
    TEXT_CHECKS,
    AnswerContext,
    Context,
    TextContext,
)
from rindoku.verify.quantities import Number, find_numbers, find_support
from rindoku.verify.quotes import QuoteFinder

_SENTENCE_END = re.compile(r"[.?!](?:\s+(?=[A-Z\d])|\s*\n)|\n\n|。")

_Context = TypeVar("_Context", bound=Context)


def verify_answers(
    explanation: Explanation,
    document: Document,
    paper: PaperVersion,
    language: Language,
    *,
    verbatim: bool = False,
    asked_by_reader: bool = False,
    stored: bool = False,
) -> list[Verdict]:
    """A verdict on each answer; the subject of its findings is Q and the position.

    `language` is that of the answers. `verbatim` answers are sentences of the paper in
    the paper's language, from the extractive explainer. The language and style of
    questions is not checked if they are `asked_by_reader`. With `stored`, only
    `Answer.answerable` decides whether the paper answers a question, not its wording.
    """
    finder = QuoteFinder(document)
    verdicts: list[Verdict] = []
    for number, answer in enumerate(explanation.answers):
        context = AnswerContext(
            text=answer.answer,
            document=document,
            paper=paper,
            language=language,
            answer=answer,
            evidence=tuple(finder.find(quote) for quote in answer.quotes),
            earlier=explanation.answers[:number],
            verbatim=verbatim,
            asked_by_reader=asked_by_reader,
            stored=stored,
        )
        findings = _run(ANSWER_CHECKS, context, f"Q{answer.position}")
        verdicts.append(Verdict(answer, tuple(context.evidence), findings))
    return verdicts


def verify_texts(
    explanation: Explanation,
    document: Document,
    paper: PaperVersion,
    language: Language,
) -> list[TextVerdict]:
    """Verdicts on the TL;DR and the summary, if the explanation has them.

    Their numbers and names must be the document's.
    """
    parts: tuple[tuple[TextPart, str | None], ...] = (
        ("tldr", explanation.tldr),
        ("summary", explanation.summary),
    )
    existing = [(part, text) for part, text in parts if text]
    if not existing:
        return []
    sentences = list(_find_sentences_with_numbers(document.text))
    verdicts = []
    for part, text in existing:
        numbers = find_numbers(language.rules.prepare_figures(text))
        figures = tuple(_locate(n, sentences, document) for n in sorted(numbers))
        context = TextContext(
            text=text,
            document=document,
            paper=paper,
            language=language,
            part=part,
            figures=figures,
        )
        findings = _run(TEXT_CHECKS, context, part)
        verdicts.append(TextVerdict(part, text, figures, findings))
    return verdicts


def check_count(explanation: Explanation, subject: str, expected: int) -> list[Finding]:
    """A warning when an explanation has more or fewer answers than were asked for."""
    count = len(explanation.answers)
    if count == expected:
        return []
    message = f"The reply has {count} answers; {expected} were asked for."
    return [Finding(subject, "count", "warning", message)]


def _run(
    checks: Sequence[Callable[[_Context], Iterator[Objection]]],
    context: _Context,
    subject: str,
) -> tuple[Finding, ...]:
    wording = context.language.wording
    return tuple(
        wording.finding(subject, objection)
        for check in checks
        for objection in check(context)
    )


class _Sentence(NamedTuple):
    """A sentence of the document, `[start, end)`, and the numbers it supports."""

    start: int
    end: int
    numbers: set[Number]


def _find_sentences_with_numbers(text: str) -> Iterator[_Sentence]:
    start = 0
    for match in _SENTENCE_END.finditer(text + "\n\n"):
        numbers = find_support(text[start : match.end()])
        if numbers:
            yield _Sentence(start, min(match.end(), len(text)), numbers)
        start = match.end()


def _locate(
    number: Number, sentences: Iterable[_Sentence], document: Document
) -> Figure:
    """A number with the first sentence that supports it, if there is one."""
    for sentence in sentences:
        if number in sentence.numbers:
            section = document.section_at(sentence.start)
            return Figure(
                number=str(number),
                start=sentence.start,
                end=sentence.end,
                section=section.title if section else None,
                page=section.page if section else None,
            )
    return Figure(str(number))
