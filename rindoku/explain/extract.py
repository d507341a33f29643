"""The explainer for those without a key: questions by the kind of paper, answers verbatim from it.

It writes nothing of its own, so there is nothing to get wrong; a slot without a good sentence stays empty and says
so. Labelled as made without a language model wherever it is shown. The questions stand in extract.toml.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rindoku.keys import content_key
from rindoku.languages.wording import Wording
from rindoku.models import Answer, Document, Explanation, PaperVersion, Section

MODEL = "extractive"
VERSION = "extract-3"
METHOD = "method"
_SENTENCE_END = re.compile(
    r"(?<=[\w)\]%\u201d\"][.?!])(?<!al\.)(?<!Fig\.)(?<!Eq\.)(?<!vs\.)(?<!cf\.)(?<!i\.e\.)(?<!e\.g\.)\s+(?=[A-Z\u201c\"])|\n\n"
)
# What such a sentence speaks of stands in the one before it, or in a table.
_DANGLING = re.compile(
    r"(?:This|These|Those|It|Its|They|Their|That|Such|He|She|Here|Both|Either|Neither|Other|Others|Another|One such|The former|The latter|"
    r"However|Moreover|Thus|Hence|Therefore|Then|Also|But|And|So|Instead|Similarly|Furthermore|Conversely|Consequently|In addition|"
    r"As a result|In contrast|On the other hand|In this|In these|For this|For these|By this|Joined with|"
    r"Table|Figure|Fig|Equation|Eq|Algorithm|Section|Appendix|See|As shown|Note that|References?|"
    r"(?:When|If|While|As|Although|Though|Because|Once|After|Before|Since|Without|For|In|With|By|On|At|To|From)\s+(?:[\w-]+\s+){0,2}"
    r"(?:their|its|this|these|those|it|they|them|such))\b"
)
# A survey speaks of itself as "this survey", which hangs on nothing.
_OF_ITSELF = re.compile(
    r"(?:This|In this) (?:survey|review|paper|work|study|benchmark|report)\b"
)
_REFERENCE = re.compile(
    r"\b(?:et al\.|arXiv:|doi:|https?://|pp\. \d|Proceedings of|In Advances)|\[\d+(?:, ?\d+)*\]\s*$"
)
_SHORTEST, _LONGEST = 40, 300
_SUMMARY_SENTENCES = 3
# A page that has none of these has headings of its own kind.
_USUAL_HEADING = re.compile(
    r"intro|method|approach|experiment|result|evaluat|conclu|discussion", re.IGNORECASE
)
_ABSTRACT = re.compile("abstract", re.IGNORECASE)
# One telling cue is enough where such a sentence stands, else it takes two; of equals the earlier counts.
_CUE, _SECTION, _FIGURE, _WORTH_SHOWING, _EARLIER = 2.0, 1.0, 0.5, 2.3, 0.01


@dataclass(frozen=True)
class _Question:
    """A question and what its answer looks like; see extract.toml."""

    name: str
    ja: str
    en: str
    cues: re.Pattern[str]
    sections: re.Pattern[str]
    hints: re.Pattern[str] | None = None
    core: bool = False
    figures: bool = False
    types: tuple[str, ...] = ()
    instead: str | None = None


@dataclass(frozen=True)
class _Sentence:
    """A sentence fit to stand alone; `place` is where in the document, from 0 to 1."""

    text: str
    section: Section | None
    place: float


def extract(
    document: Document, paper: PaperVersion, count: int, words: Wording
) -> Explanation:
    """An explanation made of the document's own sentences: `count` questions at most, no TL;DR.

    The questions are those for the paper's kind. Each takes the sentence that answers it best, no sentence answers
    two. Those a reader needs most are asked even when nothing in the text answers them; the answer then says so.
    """
    sentences = list(_sentences(document))
    questions = _questions_for(paper_type(document, paper))
    found = _assign(
        questions,
        sentences,
        usual=any(_USUAL_HEADING.search(s.title) for s in document.sections),
    )
    answered = [n for n in range(len(questions)) if n in found]
    unanswered = [n for n, q in enumerate(questions) if n not in found and q.core]
    # Of too many, the core ones stay.
    kept = sorted(answered, key=lambda n: (not questions[n].core, n))[:count]
    kept = sorted([*kept, *unanswered[: count - len(kept)]])
    answers = [
        _answer(position, questions[n], found.get(n), words)
        for position, n in enumerate(kept, 1)
    ]
    opening = [s for s in sentences if s.section and _ABSTRACT.search(s.section.title)]
    summary = " ".join(s.text for s in (opening or sentences)[:_SUMMARY_SENTENCES])
    return Explanation(None, summary, tuple(answers))


def paper_type(document: Document, paper: PaperVersion) -> str:
    """What kind of paper it is: survey, benchmark, model, system, study or method."""
    text = f"{paper.title}. {paper.abstract or document.text[:1500]}"
    return next(
        (name for name, cues in _load()[0].items() if cues.search(text)), METHOD
    )


def extraction_id(document: Document, language: str, count: int) -> str:
    """The key under which an extraction is stored."""
    return content_key("extract", language, MODEL, VERSION, count, document.document_id)


def find_passages(document: Document, wanted: Iterable[str], most: int) -> list[str]:
    """The sentences of a document that hold most of the wanted words, the best first; none that holds no word."""
    names = {w.lower() for w in wanted}
    scored = []
    for sentence in _sentences(document):
        held = {
            w.lower()
            for w in re.findall(r"[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*", sentence.text)
        } & names
        if held:
            scored.append((len(held), -sentence.place, sentence.text))
    best = max((held for held, _, _ in scored), default=0)
    return [text for held, _, text in sorted(scored, reverse=True) if held == best][
        :most
    ]


def _questions_for(kind: str) -> list[_Question]:
    """The questions for a kind of paper: its own in place of the general ones they stand for."""
    questions = _load()[1]
    own = {q.instead: q for q in questions if kind in q.types}
    general = [q for q in questions if not q.types]
    return [own.get(q.name, q) for q in general]


def _answer(
    position: int, question: _Question, sentence: str | None, words: Wording
) -> Answer:
    asked: str = getattr(question, words.language)
    if sentence is None:
        return Answer(position, asked, words.no_excerpt, False, ())
    return Answer(position, asked, sentence, True, (sentence,))


def _assign(
    questions: Sequence[_Question], sentences: Sequence[_Sentence], *, usual: bool
) -> dict[int, str]:
    """The sentence for each question that has one, the surest pairs first; `usual` says whether headings tell anything."""
    scored = [
        (score, -s.place, n, s.text)
        for s in sentences
        for n, question in enumerate(questions)
        if (score := _score(question, s))
        >= (_WORTH_SHOWING if usual else _CUE - _EARLIER)
    ]
    # What no telling cue answers may be answered by a hint in a section that is about it.
    hinted = [
        (score, -s.place, n, s.text)
        for s in sentences
        for n, question in enumerate(questions)
        if (score := _hint(question, s)) > 0
    ]
    found: dict[int, str] = {}
    for _, _, n, sentence in [
        *sorted(scored, reverse=True),
        *sorted(hinted, reverse=True),
    ]:
        if n not in found and sentence not in found.values():
            found[n] = sentence
    return found


def _hint(question: _Question, sentence: _Sentence) -> int:
    if (
        question.hints is None
        or sentence.section is None
        or not question.sections.search(sentence.section.title)
    ):
        return 0
    return len({m.lower() for m in question.hints.findall(sentence.text)})


def _score(question: _Question, sentence: _Sentence) -> float:
    cues = len({m[0].lower() for m in question.cues.finditer(sentence.text)})
    if not cues:
        return 0.0
    score = _CUE + 0.5 * min(cues - 1, 2)
    score += (
        _SECTION
        if sentence.section and question.sections.search(sentence.section.title)
        else 0.0
    )
    score += _FIGURE if question.figures and re.search(r"\d", sentence.text) else 0.0
    return score - _EARLIER * sentence.place


def _sentences(document: Document) -> Iterable[_Sentence]:
    """Whole sentences fit to stand alone."""
    start = 0
    for part in _SENTENCE_END.split(document.text):
        at = document.text.find(part, start)
        start = at + len(part)
        sentence = part.strip()
        if (
            _SHORTEST <= len(sentence) <= _LONGEST
            and sentence[-1] in ".?!"
            and _stands_alone(sentence)
        ):
            yield _Sentence(
                sentence, document.section_at(at), at / max(1, len(document.text))
            )


def _stands_alone(sentence: str) -> bool:
    letters = sum(c.isalpha() or c.isspace() for c in sentence)
    whole = sentence[0].isupper() and letters / len(sentence) > 0.75
    hangs = _DANGLING.match(sentence) and not _OF_ITSELF.match(sentence)
    return whole and not hangs and not _REFERENCE.search(sentence)


@cache
def _load() -> tuple[dict[str, re.Pattern[str]], tuple[_Question, ...]]:
    """Kinds of papers with their cues, and all questions."""
    given = tomllib.loads(
        Path(__file__).with_name("extract.toml").read_text(encoding="utf-8")
    )
    types = {
        name: re.compile(cues, re.IGNORECASE) for name, cues in given["types"].items()
    }
    return types, tuple(_question(q) for q in given["question"])


def _question(given: dict[str, Any]) -> _Question:
    compiled: dict[str, Any] = {
        k: re.compile(given[k], re.IGNORECASE)
        for k in ("cues", "sections", "hints")
        if k in given
    }
    return _Question(**{**given, **compiled, "types": tuple(given.get("types", ()))})
