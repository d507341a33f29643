"""What the checks look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rindoku.languages import Language
from rindoku.models import Answer, Document, Evidence, Figure, PaperVersion
from rindoku.verify.quotes import fold

TextPart = Literal["tldr", "summary"]
# Characters around a quote in which a name may appear that the quote calls "it".
_NEAR = 800


@dataclass(frozen=True)
class Context:
    """A text about a paper, with the document it rests on."""

    text: str
    document: Document
    paper: PaperVersion
    language: Language


@dataclass(frozen=True)
class AnswerContext(Context):
    """An answer; `text` is its wording.

    `verbatim` answers are sentences of the paper, as the extractive explainer gives
    them. `asked_by_reader` is true for questions that no prompt has asked for, `stored`
    for answers whose status was decided before.
    """

    answer: Answer
    evidence: Sequence[Evidence]
    earlier: Sequence[Answer]
    verbatim: bool
    asked_by_reader: bool
    stored: bool

    @cached_property
    def quoted(self) -> str:
        """All quotes in one text."""
        return " ".join(self.answer.quotes)

    @cached_property
    def near_quotes(self) -> str:
        """What a reader of the quotes knows, folded.

        The document around the quotes, the question, the title, the quotes.
        """
        text = self.document.text
        surroundings = [
            text[max(0, e.start - _NEAR) : e.end + _NEAR]
            for e in self.evidence
            if e.start is not None and e.end
        ]
        parts = (
            " ".join(surroundings),
            self.answer.question,
            self.paper.title,
            *self.answer.quotes,
        )
        return fold(" ".join(parts))[0]


@dataclass(frozen=True)
class TextContext(Context):
    """A TL;DR or a summary, with the numbers in it."""

    part: TextPart
    figures: Sequence[Figure]
