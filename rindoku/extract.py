"""The explainer for those without a key: questions from templates, answers verbatim from the paper.

It writes nothing of its own, so there is nothing to get wrong; a slot without a good sentence stays
empty and says so. Labelled 「LLM未使用・原文抜粋」 wherever it is shown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rindoku.keys import content_key
from rindoku.labels import NOT_IN_PAPER
from rindoku.models import Answer, Document, Explanation, Section

MODEL = "extractive"
VERSION = "extract-1"
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\]%][.?!])\s+(?=[A-Z])|\n\n")
_DANGLING = re.compile(r"(?:This|These|Those|It|They|That|Such|He|She|Here|However|Moreover|Thus|Table|Figure|Fig)\b")
_SHORTEST, _LONGEST = 40, 300
_SUMMARY_SENTENCES = 3
# One cue, wherever it stands.
_WORTH_SHOWING = 0.7


@dataclass(frozen=True)
class _Slot:
    question: str
    cues: re.Pattern[str]
    sections: re.Pattern[str]


def _slot(question: str, cues: str, sections: str) -> _Slot:
    return _Slot(question, re.compile(cues, re.IGNORECASE), re.compile(sections, re.IGNORECASE))


_SLOTS = (
    _slot("どのような課題に取り組んでいるか?", r"problem|challenge|difficult|limited|lack|cost|however", r"abstract|intro"),
    _slot("何が新しいのか?", r"\bwe (?:propose|introduce|present|develop|define)|novel|new ", r"abstract|intro"),
    _slot("どのような仕組みか?", r"consists of|based on|works by|is composed|mechanism|router|module", r"method|approach|model|architect|design"),
    _slot("どのように評価したか?", r"evaluat|benchmark|measure|experiment|test set", r"experiment|evaluat|setup|setting|result"),
    _slot("主な結果は何か?", r"outperform|achiev|improve|state-of-the-art|surpass|reach|accuracy|%", r"result|experiment|abstract"),
    _slot("何と比べているか?", r"compared (?:to|with)|baseline|than |versus", r"result|experiment|comparison"),
    _slot("どのようなデータや計算資源を使ったか?", r"dataset|corpus|tokens|GPU|trained on|examples", r"data|train|setup|experiment"),
    _slot("どのような限界があるか?", r"limitation|future work|cannot|fail|remain|only ", r"limit|discussion|conclu"),
    _slot("コードやデータは公開されているか?", r"release|available|open[- ]source|github|https?://", r"abstract|intro|conclu|avail"),
    _slot("どのような場面で役立つか?", r"application|useful|enable|practical|allows", r"conclu|discussion|intro|abstract"),
)  # fmt: skip


def extract(document: Document, count: int) -> Explanation:
    """An explanation made of the document's own sentences: `count` slots at most, no TL;DR."""
    sentences = list(_sentences(document))
    used: set[str] = set()
    answers = []
    for position, slot in enumerate(_SLOTS[:count], 1):
        best = max(
            ((s, _score(slot, s, section, at)) for s, section, at in sentences if s not in used),
            key=lambda pair: pair[1], default=("", 0.0),
        )  # fmt: skip
        if best[1] > _WORTH_SHOWING:
            used.add(best[0])
            answers.append(Answer(position, slot.question, best[0], True, (best[0],)))
        else:
            answers.append(Answer(position, slot.question, NOT_IN_PAPER, False, ()))
    opening = [s for s, section, _ in sentences if section and re.search("abstract", section.title, re.IGNORECASE)]
    summary = " ".join((opening or [s for s, _, _ in sentences])[:_SUMMARY_SENTENCES])
    return Explanation(None, summary, tuple(answers))


def extraction_id(document: Document, language: str, count: int) -> str:
    """The key under which an extraction is stored."""
    return content_key("extract", language, MODEL, VERSION, count, document.document_id)


def _sentences(document: Document) -> Iterable[tuple[str, Section | None, float]]:
    """Whole sentences fit to stand alone, with section and place in the document from 0 to 1."""
    start = 0
    for part in _SENTENCE_END.split(document.text):
        at = document.text.find(part, start)
        start = at + len(part)
        sentence = part.strip()
        if _SHORTEST <= len(sentence) <= _LONGEST and sentence[-1] in ".?!" and _stands_alone(sentence):
            yield sentence, document.section_at(at), at / max(1, len(document.text))


def _stands_alone(sentence: str) -> bool:
    letters = sum(c.isalpha() or c.isspace() for c in sentence)
    return sentence[0].isupper() and not _DANGLING.match(sentence) and letters / len(sentence) > 0.75


def _score(slot: _Slot, sentence: str, section: Section | None, place: float) -> float:
    cues = len(slot.cues.findall(sentence))
    in_section = bool(section and slot.sections.search(section.title))
    return min(cues, 3) + (1.0 if in_section and cues else 0.0) - 0.2 * place
