"""The arguments of checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rindoku.languages import Language
from rindoku.models import Answer, Document, Evidence, Figure, PaperVersion, TextPart
from rindoku.verify.quotes import fold

# Characters before and after a quote that may have a name which the quote calls "it".
_NEAR = 800


@dataclass(frozen=True)
class Context:
    """A text about a paper, with the document that it is based on."""

    text: str
    document: Document
    paper: PaperVersion
    language: Language


@dataclass(frozen=True)
class AnswerContext(Context):
    """An answer, of which `text` is the text.

    `verbatim` answers are sentences of the paper, from the extractive explainer.
    `asked_by_reader` is True for readers' questions, `stored` for answers whose status
    was decided before.
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
        """The context of the quotes, folded.

        That is the document around the quotes, the question, the title and the quotes.
        """
        text = self.document.text
        passages = []
        for evidence in self.evidence:
            if evidence.start is not None and evidence.end:
                start = max(0, evidence.start - _NEAR)
                passages.append(text[start : evidence.end + _NEAR])
        parts = (
            " ".join(passages),
            self.answer.question,
            self.paper.title,
            *self.answer.quotes,
        )
        return fold(" ".join(parts)).text


@dataclass(frozen=True)
class TextContext(Context):
    """A TL;DR or a summary, with the numbers in it."""

    part: TextPart
    figures: Sequence[Figure]
