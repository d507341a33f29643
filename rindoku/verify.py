"""Verification: what an answer says must be in its quotes, and its quotes in the document.

Deterministic, without a second model. Every objection is a finding in the language of the answer; an answer with
an error among its findings is not published as fact.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from rindoku.injection import is_order, obeys
from rindoku.katakana import katakana_spellings
from rindoku.models import Answer, Document, Evidence, Explanation, Figure, Finding, PaperVersion, TextVerdict, Verdict
from rindoku.names import english_names, latin_terms, stands_for
from rindoku.numbers import Number, count_numbers, find_numbers, find_own_counts, find_support, find_units, show
from rindoku.quotes import QuoteFinder, fold
from rindoku.style import Objection, check_language, check_question, check_tldr, repeats
from rindoku.wording import Wording

MOST_QUOTES = 3
_SAME = 92.0
# A name may stand in the lines around a quote, which then says "it".
_NEAR = 800
_SENTENCE_END = re.compile(r"[.?!](?:\s+(?=[A-Z\d])|\s*\n)|\n\n|。")
# A label or a version: no figure of its own.
_LABEL = re.compile(r"\b[A-Z][A-Za-z]+ \d+(?:\.\d+)?(?![\d.,]*\d|\s*[%％])|\b(?:stage|phase|step|level) \d+(?!\d)")
# "one of them" counts nothing.
_ARTICLE = re.compile(r"\bone\b", re.IGNORECASE)


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
            found += [*check_language(answer.question, words), *check_question(answer.question, words)]
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
    sentences = _sentences_with_numbers(document.text) if explanation.summary or explanation.tldr else []
    parts: tuple[tuple[Literal["tldr", "summary"], str | None], ...] = (
        ("tldr", explanation.tldr), ("summary", explanation.summary),
    )  # fmt: skip
    verdicts = []
    for part, text in parts:
        if text:
            figures = tuple(
                _locate(n, sentences, document) for n in sorted(find_numbers(_without_articles(text, words)))
            )
            found = _check_text(part, text, figures, document, paper, words)
            findings = tuple(Finding(part, check, severity, message) for check, message, severity in found)
            verdicts.append(TextVerdict(part, text, figures, findings))
    return verdicts


def withhold_obeyed(texts: Sequence[TextVerdict], verdicts: Sequence[Verdict], words: Wording) -> list[TextVerdict]:
    """The texts of an explanation, failed when one of its answers did what the paper ordered: then none can be trusted."""
    if not any(f.check == "injection" for v in verdicts for f in v.findings):
        return list(texts)
    message = words.reason("obeyed")
    return [
        replace(t, findings=(*t.findings, Finding(t.part, "injection", "error", message))) if t.passed else t
        for t in texts
    ]


def check_count(explanation: Explanation, subject: str, expected: int) -> list[Finding]:
    """A finding when not as many answers came as were asked for."""
    if len(explanation.answers) == expected:
        return []
    message = f"{len(explanation.answers)} answers came, {expected} were asked for."
    return [Finding(subject, "count", "warning", message)]


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


def reason(verdict: Verdict | TextVerdict, words: Wording) -> str:
    """Why an answer or a text is not verified, in one line for the reader; empty when it is."""
    return words.separator.join(dict.fromkeys(f.message for f in verdict.findings if f.severity == "error"))


def _check(
    answer: Answer, evidence: Sequence[Evidence], document: Document, paper: PaperVersion, seen: Sequence[Answer], words: Wording,
    absent: str,
) -> Iterator[Objection]:  # fmt: skip
    if answer.answerable != bool(answer.quotes) or answer.answerable == (answer.answer.strip() == absent):
        yield "answerable", words.reason("answerable"), "error"
    yield from _check_evidence(evidence, words)
    if obeys(answer.answer, document):
        yield "injection", words.reason("repeats_order"), "error"
    if answer.answerable:
        yield from _check_claims(answer, evidence, document, paper, words)
        if repeats(answer.question, answer.answer):
            yield "empty", words.reason("repeats_question"), "error"
    yield from check_language(answer.answer, words)
    if len(answer.quotes) > MOST_QUOTES:
        yield "quotes", words.reason("many_quotes", count=len(answer.quotes)), "warning"
    for other in seen:
        if fuzz.ratio(answer.question, other.question) >= _SAME:
            yield "duplicate", words.reason("same_question", other=other.position), "error"
        elif answer.answerable and fuzz.ratio(answer.answer, other.answer) >= _SAME:
            yield "duplicate", words.reason("same_answer", other=other.position), "error"


def _check_evidence(evidence: Iterable[Evidence], words: Wording) -> Iterator[Objection]:
    for item in evidence:
        if item.match == "absent":
            yield "quote", words.reason("quote", quote=_short(item.quote)), "error"
        elif is_order(item.quote):
            yield "injection", words.reason("quote_is_order", quote=_short(item.quote)), "error"


def _check_claims(
    answer: Answer, evidence: Sequence[Evidence], document: Document, paper: PaperVersion, words: Wording
) -> Iterator[Objection]:
    near = " ".join(
        document.text[max(0, e.start - _NEAR) : e.end + _NEAR] for e in evidence if e.start is not None and e.end
    )
    known = fold(" ".join((near, answer.question, paper.title, *answer.quotes)))[0]
    # Stage 1 and Llama 2 are names where they stand near the quotes.
    figures = _LABEL.sub(lambda m: " " if _stands_in(fold(m[0])[0], known) else m[0], answer.answer)
    yield from _check_figures(figures, " ".join(answer.quotes), words)
    yield from _check_names(answer.answer, document, paper, words)
    for name in _names(answer.answer, words):
        # What stands nowhere is named above; this stands elsewhere.
        if not _stands_in(fold(name)[0], known) and _stands_in(fold(name)[0], _haystack(document.text, paper.title)):
            yield "term", words.reason("term_near_quotes", term=name), "error"


def _check_figures(text: str, quoted: str, words: Wording) -> Iterator[Objection]:
    """Objections to figures of an answer that its quotes do not have, have with other units, or less often."""
    numbers, there = count_numbers(_without_articles(text, words)), count_numbers(quoted)
    missing = numbers.keys() - find_support(quoted) - find_own_counts(text)
    for number in sorted(missing):
        yield "number", words.reason("number_in_quotes", number=show(number)), "error"
    # 32,000 twice, where the quotes have it once and another figure as well: it stands in the other's place.
    left = [n for n in there if n not in numbers and _is_telling(n)]
    for number, times in numbers.items():
        if _is_telling(number) and 0 < there[number] < times and any(n[1] == number[1] for n in left):
            yield "number", words.reason("number_too_often", number=show(number)), "error"
    known = find_units(quoted)
    for value, units in sorted(find_units(text).items()):
        # A figure whose unit the quote leaves open says nothing, unless the unit is another figure's.
        other = known.get(value) or ((value, "") not in there and value > 1 and set().union(*known.values()) & units)
        if other and not any(value == n for n, _ in missing) and not units & known.get(value, set()):
            yield "unit", words.reason("unit", number=f"{value:f}"), "error"


def _is_telling(number: Number) -> bool:
    """Whether a figure is no small count, such as may be said twice of one thing."""
    return number[1] == "%" or len(number[0].as_tuple().digits) > 1


def _check_text(
    part: str, text: str, figures: Iterable[Figure], document: Document, paper: PaperVersion, words: Wording
) -> Iterator[Objection]:
    for figure in figures:
        if figure.start is None:
            yield "number", words.reason("number_in_text", number=figure.number), "error"
    if obeys(text, document):
        yield "injection", words.reason("repeats_order"), "error"
    yield from _check_names(text, document, paper, words)
    for objection in check_language(text, words):
        # A Japanese TL;DR may be a phrase of names and Chinese characters alone.
        if part == "summary" or objection[1] != words.reason("wrong_language"):
            yield objection
    if part == "tldr":
        yield from check_tldr(text, words)


def _check_names(text: str, document: Document, paper: PaperVersion, words: Wording) -> Iterator[Objection]:
    if words.language == "ja":
        for spelled, name in katakana_spellings(text, document.text, paper.title):
            yield "name", words.reason("name", name=name, spelled=spelled), "error"
    terms = latin_terms(text) if words.language == "ja" else _names(text, words)
    haystack = _haystack(document.text, paper.title)
    for term in terms:
        if not _stands_in(fold(term)[0], haystack) and not stands_for(term, haystack):
            yield "term", words.reason("term", term=term), "error"
    if text.count(r"\(") != text.count(r"\)"):
        yield "math", words.reason("math"), "error"


def _names(text: str, words: Wording) -> list[str]:
    """The names in a text: in Japanese whatever is in Latin letters and not all in small ones."""
    if words.language == "en":
        return english_names(text)
    return [term for term in latin_terms(text) if any(c.isupper() or c.isdigit() for c in term)]


def _without_articles(text: str, words: Wording) -> str:
    return _ARTICLE.sub(" ", text) if words.language == "en" else text


def _sentences_with_numbers(text: str) -> list[tuple[int, int, set[Number]]]:
    """Start, end and figures of each sentence that has any."""
    found, start = [], 0
    for match in _SENTENCE_END.finditer(text + "\n\n"):
        numbers = find_support(text[start : match.end()])
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


def _short(quote: str) -> str:
    return quote if len(quote) <= 40 else quote[:38] + "…"
