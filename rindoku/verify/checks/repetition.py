"""Checks whether an answer repeats its question or an earlier answer."""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from rindoku.languages import Objection, error
from rindoku.verify.checks.context import AnswerContext

# Similarity, in per cent, from which two texts count as the same.
_SAME = 92.0
_SAME_AS_QUESTION = 88.0
# Punctuation, and Japanese endings in which a question and its answer differ.
_ENDINGS = re.compile(r"[\s。、,.?？!！「」]|(?:です|ます|でした|ました|のか|か)$")
# Questions that "yes" or "no" does not answer, in both languages, because readers may
# ask in a language other than the article's.
_ASKS_FOR_CONTENT = re.compile(
    r"何|どれ|どの|どこ|どう|なぜ|いくつ|いくら|誰|は[?？]?$"
    r"|\b(?:what|which|how|why|where|when|who)\b",
    re.IGNORECASE,
)
# Content words: Chinese characters, katakana words, Latin words and numbers.
_CONTENT = re.compile(r"[\u4e00-\u9fff]|[ァ-ヴー]+|[a-z0-9]+", re.IGNORECASE)


def check_repetition(context: AnswerContext) -> Iterator[Objection]:
    """Objects to an answer that adds little or nothing to its question."""
    answer = context.answer
    if answer.answerable and _repeats(answer.question, answer.answer):
        yield error("empty", "repeats_question")


def check_duplicates(context: AnswerContext) -> Iterator[Objection]:
    """Objects to a question or an answer that repeats an earlier one."""
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
        new_words = set(_CONTENT.findall(answered)) - set(_CONTENT.findall(asked))
        if not new_words:
            return True
    return fuzz.ratio(asked, answered) >= _SAME_AS_QUESTION
