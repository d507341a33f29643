"""The replies of the stand-in's model about a paper.

For papers of the sample there are written replies, including planted mistakes; for any
other text, and in English, a correct reply is made up of its sentences.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rindoku.explain.relevance import rank
from rindoku.sample.content import SamplePaper

Json = dict[str, Any]
_SENTENCE = re.compile(r"[A-Z][^\n.]{40,250}\.(?=\s|$)")
_WORDS_CITED = 8
# A repair may be asked for any of this many made-up answers.
_MOST_MADE_UP = 20


@dataclass(frozen=True)
class Voice:
    """The phrases of made-up replies in a language.

    `again` is the template for repeating a question, `citing` that for an answer.
    """

    questions: tuple[str, ...]
    again: str
    citing: str
    ordinals: tuple[str, ...]
    not_in_paper: str
    tldr: str
    summary: str

    def ask(self, position: int) -> str:
        """A question for a position, from 1."""
        question = self.questions[(position - 1) % len(self.questions)]
        if position <= len(self.questions):
            return question
        return self.again.format(position=position, question=question)

    def cite(self, sentence: str, position: int) -> str:
        """An answer that cites the beginning of a sentence."""
        words = " ".join(sentence.split()[:_WORDS_CITED])
        ordinal = self.ordinals[(position - 1) % len(self.ordinals)]
        return self.citing.format(ordinal=ordinal, words=words)


ENGLISH = Voice(
    questions=(
        "What problem is addressed?",
        "What is proposed?",
        "What is the first point of the method?",
        "What comes next in it?",
        "How is it evaluated?",
        "What came out of the tests?",
        "What is said about data?",
        "Which limits are named?",
        "What is released with it?",
        "What else is worth knowing?",
    ),
    again="Apart from that: {question}",
    citing="Of its {ordinal} point the text says “{words}”.",
    ordinals=(
        "first",
        "next",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "last",
    ),
    not_in_paper="Not stated in the paper",
    tldr="One line on a sample paper",
    summary="This summary was made up for a sample paper by itself.",
)
JAPANESE = Voice(
    questions=(
        "何を課題としているか?",
        "何を提案しているか?",
        "手法の最初の要点は何か?",
        "手法の次の要点は何か?",
        "評価はどう行ったか?",
        "どのような結果が得られたか?",
        "データについて何が述べられているか?",
        "限界として何が挙げられているか?",
        "何が公開されているか?",
        "ほかに述べられていることは何か?",
    ),
    again="{position}番目の要点について、{question}",
    citing="本文の第{ordinal}の要点として「{words}」と述べられています。",
    ordinals=tuple("一二三四五六七八九十"),
    not_in_paper="論文に記載なし",
    tldr="見本の論文の一行紹介",
    summary="この概要は見本の論文のために自動で作られた文章です。",
)


def explain(text: str, sample: SamplePaper | None, voice: Voice, count: int) -> Json:
    """TL;DR, summary and `count` answers on a paper."""
    if sample is None or sample.reply is None:
        return _make_up(text, voice, count)
    reply = sample.reply
    questions = [
        make_question(position, qa["q"], qa["a"], qa["e"])
        for position, qa in enumerate(reply["qa"][:count], 1)
    ]
    return make_reply(reply["tldr"], reply["summary"], questions)


def repair(text: str, sample: SamplePaper | None, voice: Voice) -> Json:
    """All texts and answers on a paper, without the planted mistakes."""
    if sample is None or sample.reply is None:
        return _make_up(text, voice, _MOST_MADE_UP)
    reply = sample.reply
    questions = []
    for position, qa in enumerate(reply["qa"], 1):
        repaired = _repaired(qa)
        questions.append(
            make_question(position, repaired["q"], repaired["a"], repaired["e"])
        )
    return make_reply(reply["tldr"], reply["summary"], questions)


def answer(question: str, text: str, sample: SamplePaper | None, voice: Voice) -> Json:
    """The most relevant written answer or sentence for a reader's question."""
    if sample is not None and sample.reply is not None:
        nearest = _find_written(question, sample.reply["qa"])
    else:
        nearest = _find_sentence(question, text, voice)
    if nearest is None:
        answered = make_question(1, question, voice.not_in_paper, ())
    else:
        answered = make_question(1, question, nearest["a"], nearest["e"])
    return make_reply("", "", [answered])


def make_reply(tldr: str, summary: str, questions: list[Json]) -> Json:
    """A reply in the form that the prompts ask for."""
    return {"tldr": tldr, "summary": summary, "questions": questions}


def make_question(
    position: int, question: str, answered: str, quotes: list[str] | tuple[str, ...]
) -> Json:
    """A question of a reply; without quotes it counts as not answerable."""
    return {
        "position": position,
        "question": question,
        "answer": answered,
        "answerable": bool(quotes),
        "quotes": list(quotes),
    }


def _make_up(text: str, voice: Voice, count: int) -> Json:
    """A reply whose answers cite one sentence of the text each."""
    sentences = list(dict.fromkeys(_SENTENCE.findall(text)))
    questions = []
    for position in range(1, count + 1):
        question = voice.ask(position)
        if position > len(sentences):
            made_up = make_question(position, question, voice.not_in_paper, ())
        else:
            quote = sentences[position - 1]
            cited = voice.cite(quote, position)
            made_up = make_question(position, question, cited, (quote,))
        questions.append(made_up)
    return make_reply(voice.tldr, voice.summary, questions)


def _repaired(qa: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**qa, **qa.get("repair", {})}


def _find_written(
    question: str, answers: list[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    texts = {
        str(n): f"{qa['q']} {qa['a']} {' '.join(qa['e'])}"
        for n, qa in enumerate(answers)
    }
    ranked = rank(question, texts)
    if not ranked:
        return None
    best, _ = ranked[0]
    return _repaired(answers[int(best)])


def _find_sentence(question: str, text: str, voice: Voice) -> Json | None:
    ranked = rank(question, {s: s for s in _SENTENCE.findall(text)})
    if not ranked:
        return None
    sentence, _ = ranked[0]
    return {"a": voice.cite(sentence, 1), "e": [sentence]}
