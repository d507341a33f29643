"""The sentences of a document that make sense when they are shown alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rindoku.models import Document, Section

# Characters of a sentence that is shown.
_SHORTEST, _LONGEST = 40, 300
# Share of letters and spaces; a text with a smaller share is a formula or a table.
_LEAST_LETTERS = 0.75
_SENTENCE_END = re.compile(
    r"(?<=[\w)\]%\u201d\"][.?!])"
    r"(?<!al\.)(?<!Fig\.)(?<!Eq\.)(?<!vs\.)(?<!cf\.)(?<!i\.e\.)(?<!e\.g\.)"
    r"\s+(?=[A-Z\u201c\"])|\n\n"
)
# Beginnings of sentences whose subject is in the sentence before, or in a table.
_DANGLING = re.compile(
    r"(?:This|These|Those|It|Its|They|Their|That|Such|He|She|Here|Both|Either|Neither|"
    r"Other|Others|Another|One such|The former|The latter|"
    r"However|Moreover|Thus|Hence|Therefore|Then|Also|But|And|So|Instead|Similarly|"
    r"Furthermore|Conversely|Consequently|In addition|"
    r"As a result|In contrast|On the other hand|In this|In these|For this|For these|"
    r"By this|Joined with|"
    r"Table|Figure|Fig|Equation|Eq|Algorithm|Section|Appendix|See|As shown|Note that|"
    r"References?|"
    r"(?:When|If|While|As|Although|Though|Because|Once|After|Before|Since|Without|For|"
    r"In|With|By|On|At|To|From)\s+(?:[\w-]+\s+){0,2}"
    r"(?:their|its|this|these|those|it|they|them|such))\b"
)
# "This survey" is the paper itself.
_OF_ITSELF = re.compile(
    r"(?:This|In this) (?:survey|review|paper|work|study|benchmark|report)\b"
)
_REFERENCE = re.compile(
    r"\b(?:et al\.|arXiv:|doi:|https?://|pp\. \d|Proceedings of|In Advances)|"
    r"\[\d+(?:, ?\d+)*\]\s*$"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence; `place` is its position in the document, from 0 to 1."""

    text: str
    section: Section | None
    place: float


def find_sentences(document: Document) -> Iterator[Sentence]:
    """The complete sentences of a document that can stand alone."""
    end = 0
    for part in _SENTENCE_END.split(document.text):
        start = document.text.find(part, end)
        end = start + len(part)
        sentence = part.strip()
        if _is_presentable(sentence):
            place = start / max(1, len(document.text))
            yield Sentence(sentence, document.section_at(start), place)


def _is_presentable(sentence: str) -> bool:
    if not _SHORTEST <= len(sentence) <= _LONGEST:
        return False
    if not sentence[0].isupper() or sentence[-1] not in ".?!":
        return False
    letters = sum(c.isalpha() or c.isspace() for c in sentence)
    if letters / len(sentence) <= _LEAST_LETTERS:
        return False
    if _DANGLING.match(sentence) and not _OF_ITSELF.match(sentence):
        return False
    return not _REFERENCE.search(sentence)
