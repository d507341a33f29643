"""Verification: what an answer says must be in its quotes, and its quotes in the document.

Deterministic, without a second model. Every objection is a finding; an answer with an error among its
findings is not published as fact.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from rapidfuzz import fuzz

from rindoku.labels import NOT_IN_PAPER
from rindoku.models import Answer, Document, Evidence, Explanation, Finding, PaperVersion, Verdict
from rindoku.names import katakana_spellings, latin_terms
from rindoku.numbers import find_numbers, find_units, show
from rindoku.quotes import QuoteFinder, fold

TLDR_LENGTH = 60
MOST_QUOTES = 3
_SAME = 92.0
_KANA = re.compile(r"[\u3040-\u30ff]")
# Six English words in a row are a sentence, not a term.
_ENGLISH = re.compile(r"(?:[A-Za-z][\w'\u2019-]*[ ,]+){6,}[A-Za-z]")
_TENTHS = re.compile(r"(?:\d|[一二三四五六七八九])割(?!り)")
_JAPANESE_BEYOND_SJIS = set("頰剝塡𠮟噓俠繫摑蟬嚙瘦")
_BARE = re.compile(r"[\s。、,.?？!！「」]|(?:です|ます|でした|ました|のか|か)$")
_REPEATED = 88.0
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
    for text in (answer.question, answer.answer):
        if not _KANA.search(text):
            yield "language", "日本語で書かれていない", "error"
        if foreign := sorted({c for c in text if _is_chinese(c)}):
            yield "language", f"日本語にない漢字「{''.join(foreign)}」がある", "error"
        if _ENGLISH.search(text):
            yield "language", "英文のまま残っている", "error"
    if answer.answerable and _repeats(answer.question, answer.answer):
        yield "empty", "質問を繰り返しているだけである", "error"
    if _TENTHS.search(unicodedata.normalize("NFKC", answer.answer)):
        yield "number style", "割は使わない(論文の表記のまま写す)", "error"
    if len(answer.quotes) > MOST_QUOTES:
        yield "quotes", f"引用が{len(answer.quotes)}件ある", "warning"
    if _INTERVIEW.search(answer.question):
        yield "style", "著者への質問になっている", "warning"


def _check_claims(answer: Answer, document: Document, paper: PaperVersion) -> Iterable[tuple[str, str]]:
    quoted = " ".join(answer.quotes)
    for number in sorted(find_numbers(answer.answer) - find_numbers(quoted)):
        yield "number", f"数値 {show(number)} が引用にない"
    known = find_units(quoted)
    for value, units in sorted(find_units(answer.answer).items()):
        # A figure whose unit the quote leaves open says nothing.
        if known.get(value) and not units & known[value]:
            yield "unit", f"数値 {value:f} の単位が引用と違う"
    for spelled, name in katakana_spellings(answer.answer, document.text, paper.title):
        yield "name", f"名称 {name} が「{spelled}」と表記されている"
    haystack = fold(document.text)[0] + " " + fold(paper.title)[0]
    for term in latin_terms(answer.answer):
        if not _stands_in(fold(term)[0], haystack):
            yield "term", f"用語 {term} が本文にない"
    if answer.answer.count(r"\(") != answer.answer.count(r"\)"):
        yield "math", "数式の括弧が閉じていない"


def _stands_in(term: str, haystack: str) -> bool:
    """Whether a term stands in a text as a word, its plural included: Mistral-7 is not in Mistral-7B."""
    at = haystack.find(term)
    while at >= 0:
        before, behind = haystack[at - 1 : at], haystack[at + len(term) :][:3]
        whole = re.match(r"(?:e?s|'s)?(?![a-z0-9])", behind) or not term[-1].isdigit()
        if whole and not (before.isalnum() and before.isascii() and term[0].isdigit()):
            return True
        at = haystack.find(term, at + 1)
    return False


def _is_chinese(character: str) -> bool:
    """Whether a Han character is none of Japanese: simplified forms have no place in Shift JIS."""
    if not "\u4e00" <= character <= "\u9fff" or character in _JAPANESE_BEYOND_SJIS:
        return False
    try:
        character.encode("shift_jis")
    except UnicodeEncodeError:
        return True
    return False


def _repeats(question: str, answer: str) -> bool:
    """Whether an answer says hardly more than its question did."""
    asked, said = (_BARE.sub("", text) for text in (question, answer))
    return bool(said) and fuzz.ratio(asked, said) >= _REPEATED


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
