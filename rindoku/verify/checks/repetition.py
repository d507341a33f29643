"""Whether an answer repeats its question or an earlier answer."""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from rindoku.languages import Objection, error
from rindoku.verify.checks.context import AnswerContext

# Similarity, in per cent, from which two texts are the same one.
_SAME = 92.0
_SAME_AS_QUESTION = 88.0
# Punctuation, and endings that turn the same Japanese words into a question or answer.
_ENDINGS = re.compile(r"[\s。、,.?？!！「」]|(?:です|ます|でした|ました|のか|か)$")
# Questions that yes or no does not answer. Both languages are listed, because a reader
# may ask in another one than the article's.
_ASKS_FOR_CONTENT = re.compile(
    r"何|どれ|どの|どこ|どう|なぜ|いくつ|いくら|誰|は[?？]?$"
    r"|\b(?:what|which|how|why|where|when|who)\b",
    re.IGNORECASE,
)
# What carries meaning: Chinese characters, katakana words, Latin words and figures.
_CONTENT = re.compile(r"[\u4e00-\u9fff]|[ァ-ヴー]+|[a-z0-9]+", re.IGNORECASE)


def check_repetition(context: AnswerContext) -> Iterator[Objection]:
    """Objects to an answer that says hardly more than its question."""
    answer = context.answer
    if answer.answerable and _repeats(answer.question, answer.answer):
        yield error("empty", "repeats_question")


def check_duplicates(context: AnswerContext) -> Iterator[Objection]:
    """Objects to a question or an answer that came before."""
    answer = context.answer
    for earlier in context.earlier:
        if fuzz.ratio(answer.question, earlier.question) >= _SAME:
            yield error("duplicate", "same_question", other=earlier.position)
        elif answer.answerable and fuzz.ratio(answer.answer, earlier.answer) >= _SAME:
            yield error("duplicate", "same_answer", other=earlier.position)


def _repeats(question: str, answer: str) -> bool:
    asked = _ENDINGS.sub("", question).lower()
    answered = _ENDINGS.sub("", answer).lower()
    if not answered:
        return False
    # "Is it open?" may be answered in the words of the question, "what is it?" may not.
    if _ASKS_FOR_CONTENT.search(question):
        new = set(_CONTENT.findall(answered)) - set(_CONTENT.findall(asked))
        if not new:
            return True
    return fuzz.ratio(asked, answered) >= _SAME_AS_QUESTION
