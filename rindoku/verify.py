"""Verification: what an answer says must be in its quotes, and its quotes in the document.

Deterministic, without a second model. Every objection is a finding; an answer with an error among its
findings is not published as fact.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from rapidfuzz import fuzz

from rindoku.labels import NOT_IN_PAPER
from rindoku.models import Answer, Document, Evidence, Explanation, Finding, PaperVersion, Verdict
from rindoku.names import katakana_spellings, latin_terms
from rindoku.numbers import find_numbers, show
from rindoku.quotes import QuoteFinder, fold

TLDR_LENGTH = 60
MOST_QUOTES = 3
_SAME = 92.0
_KANA = re.compile(r"[\u3040-\u30ff]")
_INTERVIEW = re.compile(r"あなた|御社|貴社|私たちの|我々の")
Severity = Literal["error", "warning", "note"]


def verify(explanation: Explanation, document: Document, paper: PaperVersion) -> list[Verdict]:
    """A verdict on each answer; findings name the answer by its position."""
    finder = QuoteFinder(document)
    seen: list[Answer] = []
    verdicts = []
    for answer in explanation.answers:
        evidence = tuple(finder.find(q) for q in answer.quotes)
        findings = tuple(_check(answer, evidence, document, paper, seen))
        verdicts.append(Verdict(answer, evidence, findings))
        seen.append(answer)
    return verdicts


def check_texts(explanation: Explanation, document: Document, subject: str, expected: int) -> list[Finding]:
    """Findings on the TL;DR, the summary and the number of answers."""
    findings = []
    if len(explanation.answers) != expected:
        message = f"{len(explanation.answers)} answers came, {expected} were asked for."
        findings.append(Finding(subject, "count", "warning", message))
    known = find_numbers(document.text)
    for name, text in (("tldr", explanation.tldr), ("summary", explanation.summary)):
        findings += [
            Finding(subject, f"{name} number", "warning", f"{name}: {show(n)} is not in the document.")
            for n in sorted(find_numbers(text or "") - known)
        ]
    if explanation.tldr and len(explanation.tldr) > TLDR_LENGTH:
        message = f"The TL;DR has {len(explanation.tldr)} characters, {TLDR_LENGTH} are wanted."
        findings.append(Finding(subject, "tldr length", "warning", message))
    return findings


def _check(
    answer: Answer, evidence: Sequence[Evidence], document: Document, paper: PaperVersion, seen: Sequence[Answer]
) -> Iterable[Finding]:
    subject = f"Q{answer.position}"

    def finding(check: str, message: str, severity: Severity = "error") -> Finding:
        return Finding(subject, check, severity, message)

    if answer.answerable != bool(answer.quotes) or answer.answerable == (answer.answer.strip() == NOT_IN_PAPER):
        yield finding("answerable", f"回答の有無と引用、「{NOT_IN_PAPER}」の表記が食い違っている")
    for item in evidence:
        if item.match == "absent":
            yield finding("quote", f"引用「{_short(item.quote)}」が本文に見つからない")
    if answer.answerable:
        yield from (finding(*f) for f in _check_claims(answer, document, paper))
    yield from (finding(*f) for f in _check_style(answer))
    for other in seen:
        if fuzz.ratio(answer.question, other.question) >= _SAME:
            yield finding("duplicate", f"問{other.position}と同じ質問である")
        elif answer.answerable and fuzz.ratio(answer.answer, other.answer) >= _SAME:
            yield finding("duplicate", f"問{other.position}と同じ回答である")


def _check_style(answer: Answer) -> Iterable[tuple[str, str, Severity]]:
    if not _KANA.search(answer.question + answer.answer):
        yield "language", "日本語で書かれていない", "error"
    if len(answer.quotes) > MOST_QUOTES:
        yield "quotes", f"引用が{len(answer.quotes)}件ある", "warning"
    if _INTERVIEW.search(answer.question):
        yield "style", "著者への質問になっている", "warning"


def _check_claims(answer: Answer, document: Document, paper: PaperVersion) -> Iterable[tuple[str, str]]:
    quoted = " ".join(answer.quotes)
    for number in sorted(find_numbers(answer.answer) - find_numbers(quoted)):
        yield "number", f"数値 {show(number)} が引用にない"
    for spelled, name in katakana_spellings(answer.answer, document.text, paper.title):
        yield "name", f"名称 {name} が「{spelled}」と表記されている"
    haystack = fold(document.text)[0] + " " + fold(paper.title)[0]
    for term in latin_terms(answer.answer):
        if fold(term)[0] not in haystack:
            yield "term", f"用語 {term} が本文にない"
    if answer.answer.count(r"\(") != answer.answer.count(r"\)"):
        yield "math", "数式の括弧が閉じていない"


def merge_repairs(verdicts: Sequence[Verdict], repaired: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts after the repair call: a repaired answer replaces a failed one when it passes."""
    better = {v.answer.position: v for v in repaired if v.passed}
    return [
        replace(better[v.answer.position], repaired=True) if not v.passed and v.answer.position in better else v
        for v in verdicts
    ]


def reason(verdict: Verdict) -> str:
    """Why an answer is not verified, in one line for the reader; empty when it is."""
    return "、".join(dict.fromkeys(f.message for f in verdict.findings if f.severity == "error"))


def _short(quote: str) -> str:
    return quote if len(quote) <= 40 else quote[:38] + "…"
