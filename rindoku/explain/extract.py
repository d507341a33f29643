"""The explainer that needs no key: questions by the kind of paper, answers verbatim.

It quotes and never formulates: a question that no sentence answers well is shown as
unanswered. Wherever its answers are shown, they are labelled as made without a language
model. extract.toml defines how answers are recognised, each language's questions.toml
how the questions are worded.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple, NotRequired, TypedDict, cast

from rindoku.explain.sentences import Sentence, find_sentences
from rindoku.keys import content_key
from rindoku.languages import Language
from rindoku.models import Answer, Document, Explanation, PaperVersion

MODEL = "extractive"
VERSION = "extract-3"
METHOD = "method"
_SUMMARY_SENTENCES = 3
# Characters of the text that show the kind of a paper without an abstract.
_OPENING = 1500
_ABSTRACT = re.compile("abstract", re.IGNORECASE)
# In a document without any of these, headings do not help to find answers.
_USUAL_HEADING = re.compile(
    r"intro|method|approach|experiment|result|evaluat|conclu|discussion", re.IGNORECASE
)
_WORD = re.compile(r"[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*")
_DIGIT = re.compile(r"\d")

# Scores of a sentence: for its first cue, for each of up to two more, for a section
# where such a sentence is usually found, for a number where one is wanted. Of equal
# sentences the earlier one wins.
_FIRST_CUE = 2.0
_FURTHER_CUE = 0.5
_MOST_FURTHER_CUES = 2
_SECTION = 1.0
_FIGURE = 0.5
_LATENESS = 0.01
# A sentence is worth showing with one cue in the right section, or with two cues.
_WORTH_SHOWING = 2.3
_WORTH_SHOWING_WITHOUT_HEADINGS = _FIRST_CUE - _LATENESS


class _QuestionTable(TypedDict):
    """A question as it is written in extract.toml."""

    name: str
    cues: str
    sections: str
    hints: NotRequired[str]
    core: NotRequired[bool]
    figures: NotRequired[bool]
    types: NotRequired[list[str]]
    instead: NotRequired[str]


@dataclass(frozen=True)
class _Question:
    """A question and what its answer looks like; extract.toml explains the fields."""

    name: str
    cues: re.Pattern[str]
    sections: re.Pattern[str]
    hints: re.Pattern[str] | None
    core: bool
    figures: bool
    types: tuple[str, ...]
    instead: str | None


@dataclass(frozen=True)
class _Catalogue:
    """Kinds of papers with the cues in their abstracts, and all questions."""

    kinds: Mapping[str, re.Pattern[str]]
    questions: tuple[_Question, ...]


class _Match(NamedTuple):
    """How well a sentence answers the question with this index; greater is better."""

    score: float
    earliness: float
    question: int
    text: str


def extract(
    document: Document, paper: PaperVersion, count: int, language: Language
) -> Explanation:
    """An explanation made of the document's sentences: no TL;DR, up to `count` answers.

    The questions depend on the paper's kind. Each is answered by the sentence that fits
    it best; no sentence answers two. A core question is asked even when no sentence
    answers it, and its answer says so.
    """
    sentences = list(find_sentences(document))
    questions = _questions_for(paper_type(document, paper))
    has_usual_headings = any(_USUAL_HEADING.search(s.title) for s in document.sections)
    assigned = _assign(questions, sentences, has_usual_headings=has_usual_headings)
    chosen = _choose(questions, assigned, count)
    answers = [
        _answer(position, questions[index], assigned.get(index), language)
        for position, index in enumerate(chosen, 1)
    ]
    return Explanation(None, _summarize(sentences), tuple(answers))


def paper_type(document: Document, paper: PaperVersion) -> str:
    """The kind of a paper: survey, benchmark, model, system, study or method."""
    text = f"{paper.title}. {paper.abstract or document.text[:_OPENING]}"
    for kind, cues in _load().kinds.items():
        if cues.search(text):
            return kind
    return METHOD


def extraction_id(document: Document, language: str, count: int) -> str:
    """The key under which an extraction is stored."""
    parts = ("extract", language, MODEL, VERSION, count, document.document_id)
    return content_key(*parts)


def find_passages(document: Document, wanted: Iterable[str], most: int) -> list[str]:
    """The sentences of a document with the largest number of wanted words, in order.

    At most `most`; none if no sentence has a wanted word.
    """
    wanted_words = {word.lower() for word in wanted}
    passages: list[str] = []
    best = 1
    for sentence in find_sentences(document):
        words = {word.lower() for word in _WORD.findall(sentence.text)}
        matches = len(words & wanted_words)
        if matches > best:
            passages, best = [], matches
        if matches == best:
            passages.append(sentence.text)
    return passages[:most]


def _questions_for(kind: str) -> list[_Question]:
    """The questions for a kind of paper: specific ones replace some general ones."""
    questions = _load().questions
    specific = {q.instead: q for q in questions if kind in q.types}
    general = [q for q in questions if not q.types]
    return [specific.get(q.name, q) for q in general]


def _choose(
    questions: Sequence[_Question], assigned: Mapping[int, str], count: int
) -> list[int]:
    """Indices of the questions to ask: answered ones, else unanswered core ones."""
    indices = range(len(questions))
    answered = [n for n in indices if n in assigned]
    unanswered = [n for n in indices if n not in assigned and questions[n].core]
    # If too many are answered, core questions have priority.
    chosen = sorted(answered, key=lambda n: (not questions[n].core, n))[:count]
    chosen += unanswered[: count - len(chosen)]
    return sorted(chosen)


def _answer(
    position: int, question: _Question, sentence: str | None, language: Language
) -> Answer:
    asked = language.questions[question.name]
    if sentence is None:
        return Answer(position, asked, language.wording.no_excerpt, False, ())
    return Answer(position, asked, sentence, True, (sentence,))


def _summarize(sentences: Sequence[Sentence]) -> str:
    """The first sentences of the abstract, or of the document if it has none."""
    abstract = [s for s in sentences if s.section and _ABSTRACT.search(s.section.title)]
    return " ".join(s.text for s in (abstract or sentences)[:_SUMMARY_SENTENCES])


def _assign(
    questions: Sequence[_Question],
    sentences: Sequence[Sentence],
    *,
    has_usual_headings: bool,
) -> dict[int, str]:
    """The sentence for each question that has one, by the question's index."""
    least = _WORTH_SHOWING if has_usual_headings else _WORTH_SHOWING_WITHOUT_HEADINGS
    by_cues = [m for m in _matches(questions, sentences, _score) if m.score >= least]
    # A question without a cue may be answered by a hint in a section about it.
    by_hints = [m for m in _matches(questions, sentences, _count_hints) if m.score > 0]
    assigned: dict[int, str] = {}
    for match in sorted(by_cues, reverse=True) + sorted(by_hints, reverse=True):
        if match.question not in assigned and match.text not in assigned.values():
            assigned[match.question] = match.text
    return assigned


def _matches(
    questions: Sequence[_Question],
    sentences: Sequence[Sentence],
    score: Callable[[_Question, Sentence], float],
) -> Iterator[_Match]:
    for sentence in sentences:
        for number, question in enumerate(questions):
            yield _Match(
                score(question, sentence), -sentence.place, number, sentence.text
            )


def _score(question: _Question, sentence: Sentence) -> float:
    """How well the cues of a question match a sentence; 0 when none does."""
    cues = len({m[0].lower() for m in question.cues.finditer(sentence.text)})
    if not cues:
        return 0.0
    score = _FIRST_CUE + _FURTHER_CUE * min(cues - 1, _MOST_FURTHER_CUES)
    if _is_in_section(question, sentence):
        score += _SECTION
    if question.figures and _DIGIT.search(sentence.text):
        score += _FIGURE
    return score - _LATENESS * sentence.place


def _count_hints(question: _Question, sentence: Sentence) -> int:
    """How many hints a sentence has, if it is in a section about the question."""
    if question.hints is None or not _is_in_section(question, sentence):
        return 0
    return len({hint.lower() for hint in question.hints.findall(sentence.text)})


def _is_in_section(question: _Question, sentence: Sentence) -> bool:
    section = sentence.section
    return section is not None and bool(question.sections.search(section.title))


@cache
def _load() -> _Catalogue:
    path = Path(__file__).with_name("extract.toml")
    catalogue = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = {name: _compile(cues) for name, cues in catalogue["types"].items()}
    tables = cast("list[_QuestionTable]", catalogue["question"])
    return _Catalogue(kinds, tuple(map(_question, tables)))


def _question(table: _QuestionTable) -> _Question:
    hints = table.get("hints")
    return _Question(
        name=table["name"],
        cues=_compile(table["cues"]),
        sections=_compile(table["sections"]),
        hints=_compile(hints) if hints else None,
        core=table.get("core", False),
        figures=table.get("figures", False),
        types=tuple(table.get("types", ())),
        instead=table.get("instead"),
    )


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
