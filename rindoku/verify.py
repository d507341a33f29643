"""Verification: what an answer says must be in its quotes, and its quotes in the document.

Deterministic, without a second model. Every objection is a finding; an answer with an error among its
findings is not published as fact.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from rindoku.labels import NOT_IN_PAPER
from rindoku.models import Answer, Document, Evidence, Explanation, Figure, Finding, PaperVersion, TextVerdict, Verdict
from rindoku.names import katakana_spellings, latin_terms
from rindoku.numbers import Number, find_numbers, find_units, show
from rindoku.quotes import QuoteFinder, fold

TLDR_LENGTH = 60
MOST_QUOTES = 3
_SAME = 92.0
_KANA = re.compile(r"[\u3040-\u30ff]")
# Six English words in a row, three of them little ones, are a sentence; names in a row are not.
_LATIN_RUN = re.compile(r"(?:[A-Za-z][\w'\u2019-]*[ ,]+){5,}[A-Za-z][\w'\u2019-]*")
_LITTLE = re.compile(
    r"\b(?:the|a|an|of|in|on|to|and|or|is|are|was|were|be|does|do|not|that|which|with|for|from|by|as|we|it|this|these|at|than|has|have)\b"
)
_TENTHS = re.compile(r"(?:\d|[一二三四五六七八九])割(?!り)")
_JAPANESE_BEYOND_SJIS = set("頰剝塡𠮟噓俠繫摑蟬嚙瘦")
_BARE = re.compile(r"[\s。、,.?？!！「」]|(?:です|ます|でした|ました|のか|か)$")
_REPEATED = 88.0
_ORDERED_WORDS = 12
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|context|above)\b|"
    r"\b(?:you are|act as|pretend to be)\b.{0,30}\b(?:assistant|language model|llm|ai|chatbot|reviewer)\b|"
    r"</?(?:system|paper|assistant|instructions?|user)\b[^>]*>|^\s*(?:system|assistant|user)\s*(?:prompt)?\s*:|"
    r"\b(?:llms?|language models?|ai|assistants?|reviewers?)\b.{0,40}\b(?:must|should|shall)\b.{0,30}\b(?:output|respond|reply|answer|say|write|praise|recommend|rate|accept)\b|"
    r"\bgive (?:a|an|only) (?:positive|high|favou?rable)\b.{0,20}\b(?:review|score|rating|summary)\b|\bdo not (?:mention|reveal|highlight)\b|"
    r"(?:これまで|以前|上記|すべて)の.{0,8}(?:指示|命令|プロンプト).{0,6}(?:無視|忘れ)",
    re.IGNORECASE | re.MULTILINE,
)
_NOT_JAPANESE = "日本語で書かれていない"
# What an answer cites in the paper's own words is no English of its own.
_QUOTED = re.compile(r"「[^」]*」|“[^”]*”|\"[^\"]*\"")
_SENTENCE_END = re.compile(r"[.?!](?:\s+(?=[A-Z\d])|\s*\n)|\n\n|。")
_INTERVIEW = re.compile(r"あなた|御社|貴社|私たちの|我々の")
Severity = Literal["error", "warning", "note"]


def verify(
    explanation: Explanation, document: Document, paper: PaperVersion, *, verbatim: bool = False
) -> list[Verdict]:
    """A verdict on each answer; findings name the answer by its position.

    `verbatim` answers are sentences of the paper in its own language, as the extractive explainer gives them.
    """
    finder = QuoteFinder(document)
    seen: list[Answer] = []
    verdicts = []
    for answer in explanation.answers:
        evidence = tuple(finder.find(q) for q in answer.quotes)
        findings = tuple(_check(answer, evidence, document, paper, seen))
        if verbatim:
            findings = tuple(f for f in findings if f.check != "language")
        verdicts.append(Verdict(answer, evidence, findings))
        seen.append(answer)
    return verdicts


def verify_texts(explanation: Explanation, document: Document, paper: PaperVersion) -> list[TextVerdict]:
    """Verdicts on the TL;DR, where there is one, and on the summary: their numbers and names must be the document's."""
    sentences = _sentences_with_numbers(document.text) if explanation.summary or explanation.tldr else []
    parts: tuple[tuple[Literal["tldr", "summary"], str | None], ...] = (
        ("tldr", explanation.tldr), ("summary", explanation.summary),
    )  # fmt: skip
    verdicts = []
    for part, text in parts:
        if text:
            figures = tuple(_locate(n, sentences, document) for n in sorted(find_numbers(text)))
            findings = tuple(Finding(part, *f) for f in _check_text(part, text, figures, document, paper))
            verdicts.append(TextVerdict(part, text, figures, findings))
    return verdicts


def withhold_obeyed(texts: Sequence[TextVerdict], verdicts: Sequence[Verdict]) -> list[TextVerdict]:
    """The texts of an explanation, failed when one of its answers did what the paper ordered: then none can be trusted."""
    if not any(f.check == "injection" for v in verdicts for f in v.findings):
        return list(texts)
    message = "論文中の指示文に従った形跡がある"
    return [
        replace(t, findings=(*t.findings, Finding(t.part, "injection", "error", message))) if t.passed else t
        for t in texts
    ]


@lru_cache(maxsize=4)
def _orders(text: str) -> tuple[str, ...]:
    """The paragraphs of a text that hold orders."""
    return tuple(block for block in text.split("\n\n") if is_order(block))


def _obeys(text: str, orders: Iterable[str]) -> bool:
    """Whether a text repeats the words of an order."""
    for order in orders:
        shared = SequenceMatcher(None, order, text, autojunk=False).find_longest_match()
        if shared.size >= _ORDERED_WORDS:
            return True
    return False


def check_orders(document: Document, subject: str) -> list[Finding]:
    """A finding when the document holds orders to language models, with where the first stands."""
    found = _ORDER.search(document.text)
    if found is None:
        return []
    section = document.section_at(found.start())
    where = f" ({section.title})" if section and section.title else ""
    message = f"The document holds what reads as an order to a language model{where}: {_short(found[0])!r}."
    return [Finding(subject, "injection", "warning", message)]


def check_count(explanation: Explanation, subject: str, expected: int) -> list[Finding]:
    """A finding when not as many answers came as were asked for."""
    if len(explanation.answers) == expected:
        return []
    message = f"{len(explanation.answers)} answers came, {expected} were asked for."
    return [Finding(subject, "count", "warning", message)]


def _check_text(
    part: str, text: str, figures: Iterable[Figure], document: Document, paper: PaperVersion
) -> Iterable[tuple[str, Severity, str]]:
    for figure in figures:
        if figure.start is None:
            yield "number", "error", f"数値 {figure.number} が本文にない"
    if _obeys(text, _orders(document.text)):
        yield "injection", "error", "論文中の指示文を繰り返している"
    for check, message in _check_names(text, document, paper):
        yield check, "error", message
    for check, message, severity in _check_language(text):
        # A TL;DR may be a phrase of names and Chinese characters alone.
        if part == "summary" or message != _NOT_JAPANESE:
            yield check, severity, message
    if part == "tldr" and len(text) > TLDR_LENGTH:
        yield "length", "warning", f"TL;DRが{len(text)}字ある({TLDR_LENGTH}字まで)"
    if part == "tldr" and "。" in text.rstrip("。"):
        yield "length", "warning", "TL;DRが1文でない"


def is_order(text: str) -> bool:
    """Whether a text gives orders to a language model: no finding of a paper, whoever wrote it there."""
    return _ORDER.search(unicodedata.normalize("NFKC", text)) is not None


def _sentences_with_numbers(text: str) -> list[tuple[int, int, set[Number]]]:
    """Start, end and figures of each sentence that has any."""
    found, start = [], 0
    for match in _SENTENCE_END.finditer(text + "\n\n"):
        numbers = find_numbers(text[start : match.end()])
        if numbers:
            found.append((start, min(match.end(), len(text)), numbers))
        start = match.end()
    return found


def _locate(number: Number, sentences: Iterable[tuple[int, int, set[Number]]], document: Document) -> Figure:
    for start, end, numbers in sentences:
        if number in numbers:
            section = document.section_at(start)
            return Figure(
                show(number), start, end, section.title if section else None, section.page if section else None
            )
    return Figure(show(number))


def _check(
    answer: Answer, evidence: Sequence[Evidence], document: Document, paper: PaperVersion, seen: Sequence[Answer]
) -> Iterable[Finding]:
    subject = f"Q{answer.position}"

    def finding(check: str, message: str, severity: Severity = "error") -> Finding:
        return Finding(subject, check, severity, message)

    if answer.answerable != bool(answer.quotes) or answer.answerable == (answer.answer.strip() == NOT_IN_PAPER):
        yield finding("answerable", f"回答の有無と引用、「{NOT_IN_PAPER}」の表記が食い違っている")
    yield from (finding(*f) for f in _check_evidence(evidence))
    if _obeys(answer.answer, _orders(document.text)):
        yield finding("injection", "論文中の指示文を繰り返している")
    if answer.answerable:
        yield from (finding(*f) for f in _check_claims(answer, document, paper))
    yield from (finding(*f) for f in _check_style(answer))
    for other in seen:
        if fuzz.ratio(answer.question, other.question) >= _SAME:
            yield finding("duplicate", f"問{other.position}と同じ質問である")
        elif answer.answerable and fuzz.ratio(answer.answer, other.answer) >= _SAME:
            yield finding("duplicate", f"問{other.position}と同じ回答である")


def _check_evidence(evidence: Iterable[Evidence]) -> Iterable[tuple[str, str]]:
    for item in evidence:
        if item.match == "absent":
            yield "quote", f"引用「{_short(item.quote)}」が本文に見つからない"
        elif is_order(item.quote):
            yield "injection", f"引用「{_short(item.quote)}」は言語モデルへの指示文である"


def _check_style(answer: Answer) -> Iterable[tuple[str, str, Severity]]:
    for text in (answer.question, answer.answer):
        yield from _check_language(text)
    if answer.answerable and _repeats(answer.question, answer.answer):
        yield "empty", "質問を繰り返しているだけである", "error"
    if len(answer.quotes) > MOST_QUOTES:
        yield "quotes", f"引用が{len(answer.quotes)}件ある", "warning"
    if _INTERVIEW.search(answer.question):
        yield "style", "著者への質問になっている", "warning"


def _check_language(text: str) -> Iterable[tuple[str, str, Severity]]:
    if not _KANA.search(text):
        yield "language", _NOT_JAPANESE, "error"
    if foreign := sorted({c for c in text if _is_chinese(c)}):
        yield "language", f"日本語にない漢字「{''.join(foreign)}」がある", "error"
    if any(len(_LITTLE.findall(run)) >= 3 for run in _LATIN_RUN.findall(_QUOTED.sub(" ", text))):
        yield "language", "英文のまま残っている", "error"
    if _TENTHS.search(unicodedata.normalize("NFKC", text)):
        yield "number style", "割は使わない(論文の表記のまま写す)", "error"


def _check_claims(answer: Answer, document: Document, paper: PaperVersion) -> Iterable[tuple[str, str]]:
    quoted = " ".join(answer.quotes)
    for number in sorted(find_numbers(answer.answer) - find_numbers(quoted)):
        yield "number", f"数値 {show(number)} が引用にない"
    known = find_units(quoted)
    for value, units in sorted(find_units(answer.answer).items()):
        # A figure whose unit the quote leaves open says nothing.
        if known.get(value) and not units & known[value]:
            yield "unit", f"数値 {value:f} の単位が引用と違う"
    yield from _check_names(answer.answer, document, paper)


def _check_names(text: str, document: Document, paper: PaperVersion) -> Iterable[tuple[str, str]]:
    for spelled, name in katakana_spellings(text, document.text, paper.title):
        yield "name", f"名称 {name} が「{spelled}」と表記されている"
    haystack = _haystack(document.text, paper.title)
    for term in latin_terms(text):
        if not _stands_in(fold(term)[0], haystack):
            yield "term", f"用語 {term} が本文にない"
    if text.count(r"\(") != text.count(r"\)"):
        yield "math", "数式の括弧が閉じていない"


@lru_cache(maxsize=4)
def _haystack(text: str, title: str) -> str:
    """Where terms are looked for; every answer on a document looks in the same."""
    return f"{fold(text)[0]} {fold(title)[0]}"


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


def merge_texts(texts: Sequence[TextVerdict], mended: Sequence[TextVerdict]) -> list[TextVerdict]:
    """The texts after the repair call: a mended one replaces a failed one when it passes."""
    better = {t.part: t for t in mended if t.passed}
    return [t if t.passed else better.get(t.part, t) for t in texts]


def reason(verdict: Verdict | TextVerdict) -> str:
    """Why an answer or a text is not verified, in one line for the reader; empty when it is."""
    return "、".join(dict.fromkeys(f.message for f in verdict.findings if f.severity == "error"))


def _short(quote: str) -> str:
    return quote if len(quote) <= 40 else quote[:38] + "…"
