"""Verification: what an answer says must be in its quotes, and its quotes in the document.

Deterministic, without a second model. Every objection is a finding in the language of the answer; an answer with
an error among its findings is not published as fact.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from rapidfuzz import fuzz

from rindoku.languages.wording import Wording
from rindoku.models import (
    Answer,
    Document,
    Evidence,
    Explanation,
    Figure,
    Finding,
    PaperVersion,
    TextVerdict,
    Verdict,
)
from rindoku.verify.claims import check_claims, check_names, without_articles
from rindoku.verify.numbers import Number, find_numbers, find_support, show
from rindoku.verify.orders import is_order, obeys
from rindoku.verify.quotes import QuoteFinder
from rindoku.verify.style import (
    Objection,
    check_language,
    check_question,
    check_style,
    check_tldr,
    repeats,
)

MOST_QUOTES = 3
_SAME = 92.0
_SENTENCE_END = re.compile(r"[.?!](?:\s+(?=[A-Z\d])|\s*\n)|\n\n|。")


def verify(
    explanation: Explanation,
    document: Document,
    paper: PaperVersion,
    words: Wording,
    *,
    verbatim: bool = False,
    readers: bool = False,
) -> list[Verdict]:
    """A verdict on each answer; findings name the answer by its position.

    `words` are those of the answers' language. `verbatim` answers are sentences of the paper in its own language, as
    the extractive explainer gives them; with `readers` the questions are a reader's own and may be put as they like.
    """
    finder = QuoteFinder(document)
    seen: list[Answer] = []
    verdicts = []
    for answer in explanation.answers:
        evidence = tuple(finder.find(q) for q in answer.quotes)
        absent = words.no_excerpt if verbatim else words.not_in_paper
        found = [*_check(answer, evidence, document, paper, seen, words, absent)]
        if not readers:
            found += [
                *check_language(answer.question, words),
                *check_question(answer.question, words),
            ]
        findings = tuple(
            Finding(f"Q{answer.position}", check, severity, message)
            for check, message, severity in found
            if not (verbatim and check == "language")
        )
        verdicts.append(Verdict(answer, evidence, findings))
        seen.append(answer)
    return verdicts


def verify_texts(
    explanation: Explanation, document: Document, paper: PaperVersion, words: Wording
) -> list[TextVerdict]:
    """Verdicts on the TL;DR, where there is one, and on the summary: their numbers and names must be the document's."""
    sentences = (
        _sentences_with_numbers(document.text)
        if explanation.summary or explanation.tldr
        else []
    )
    parts: tuple[tuple[Literal["tldr", "summary"], str | None], ...] = (
        ("tldr", explanation.tldr),
        ("summary", explanation.summary),
    )
    verdicts = []
    for part, text in parts:
        if text:
            figures = tuple(
                _locate(n, sentences, document)
                for n in sorted(find_numbers(without_articles(text, words)))
            )
            found = _check_text(part, text, figures, document, paper, words)
            findings = tuple(
                Finding(part, check, severity, message)
                for check, message, severity in found
            )
            verdicts.append(TextVerdict(part, text, figures, findings))
    return verdicts


def withhold_obeyed(
    texts: Sequence[TextVerdict], verdicts: Sequence[Verdict], words: Wording
) -> list[TextVerdict]:
    """The texts of an explanation, failed when one of its answers did what the paper ordered: then none can be trusted."""
    if not any(f.check == "injection" for v in verdicts for f in v.findings):
        return list(texts)
    message = words.reason("obeyed")
    return [
        replace(
            t, findings=(*t.findings, Finding(t.part, "injection", "error", message))
        )
        if t.passed
        else t
        for t in texts
    ]


def check_count(explanation: Explanation, subject: str, expected: int) -> list[Finding]:
    """A finding when not as many answers came as were asked for."""
    if len(explanation.answers) == expected:
        return []
    message = f"{len(explanation.answers)} answers came, {expected} were asked for."
    return [Finding(subject, "count", "warning", message)]


def merge_repairs(
    verdicts: Sequence[Verdict], repaired: Sequence[Verdict]
) -> list[Verdict]:
    """The verdicts after the repair call: a repaired answer replaces a failed one when it passes."""
    better = {v.answer.position: v for v in repaired if v.passed}
    return [
        replace(better[v.answer.position], repaired=True)
        if not v.passed and v.answer.position in better
        else v
        for v in verdicts
    ]


def merge_texts(
    texts: Sequence[TextVerdict], mended: Sequence[TextVerdict]
) -> list[TextVerdict]:
    """The texts after the repair call: a mended one replaces a failed one when it passes."""
    better = {t.part: t for t in mended if t.passed}
    return [t if t.passed else better.get(t.part, t) for t in texts]


def _check(
    answer: Answer,
    evidence: Sequence[Evidence],
    document: Document,
    paper: PaperVersion,
    seen: Sequence[Answer],
    words: Wording,
    absent: str,
) -> Iterator[Objection]:
    if answer.answerable != bool(answer.quotes) or answer.answerable == (
        answer.answer.strip() == absent
    ):
        yield "answerable", words.reason("answerable"), "error"
    yield from _check_evidence(evidence, words)
    if obeys(answer.answer, document):
        yield "injection", words.reason("repeats_order"), "error"
    if answer.answerable:
        yield from check_claims(answer, evidence, document, paper, words)
        if repeats(answer.question, answer.answer):
            yield "empty", words.reason("repeats_question"), "error"
    yield from check_language(answer.answer, words)
    yield from check_style(answer.answer, "answer", words)
    if len(answer.quotes) > MOST_QUOTES:
        yield "quotes", words.reason("many_quotes", count=len(answer.quotes)), "warning"
    for other in seen:
        if fuzz.ratio(answer.question, other.question) >= _SAME:
            yield (
                "duplicate",
                words.reason("same_question", other=other.position),
                "error",
            )
        elif answer.answerable and fuzz.ratio(answer.answer, other.answer) >= _SAME:
            yield (
                "duplicate",
                words.reason("same_answer", other=other.position),
                "error",
            )


def _check_evidence(
    evidence: Iterable[Evidence], words: Wording
) -> Iterator[Objection]:
    for item in evidence:
        if item.match == "absent":
            yield "quote", words.reason("quote", quote=_short(item.quote)), "error"
        elif is_order(item.quote):
            yield (
                "injection",
                words.reason("quote_is_order", quote=_short(item.quote)),
                "error",
            )


def _check_text(
    part: str,
    text: str,
    figures: Iterable[Figure],
    document: Document,
    paper: PaperVersion,
    words: Wording,
) -> Iterator[Objection]:
    for figure in figures:
        if figure.start is None:
            yield (
                "number",
                words.reason("number_in_text", number=figure.number),
                "error",
            )
    if obeys(text, document):
        yield "injection", words.reason("repeats_order"), "error"
    yield from check_names(text, document, paper, words)
    for objection in check_language(text, words):
        # A Japanese TL;DR may be a phrase of names and Chinese characters alone.
        if part == "summary" or objection[1] != words.reason("wrong_language"):
            yield objection
    yield from (
        check_tldr(text, words)
        if part == "tldr"
        else check_style(text, "summary", words)
    )


def _sentences_with_numbers(text: str) -> list[tuple[int, int, set[Number]]]:
    """Start, end and figures of each sentence that has any."""
    found, start = [], 0
    for match in _SENTENCE_END.finditer(text + "\n\n"):
        numbers = find_support(text[start : match.end()])
        if numbers:
            found.append((start, min(match.end(), len(text)), numbers))
        start = match.end()
    return found


def _locate(
    number: Number,
    sentences: Iterable[tuple[int, int, set[Number]]],
    document: Document,
) -> Figure:
    for start, end, numbers in sentences:
        if number in numbers:
            section = document.section_at(start)
            return Figure(
                show(number),
                start,
                end,
                section.title if section else None,
                section.page if section else None,
            )
    return Figure(show(number))


def _short(quote: str) -> str:
    return quote if len(quote) <= 40 else quote[:38] + "…"
