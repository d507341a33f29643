"""Mistakes that the stand-in's model can be made to make.

Each is for `standin.model.edit_reply`, and gets the correct reply and the request.
"""

import re
from itertools import cycle, islice
from typing import Any

from rindoku.sample.model_api import Edit, text_blocks
from rindoku.sample.model_replies import JAPANESE, make_question, make_reply

Json = dict[str, Any]
# As injections word it, e.g. Ignore all previous instructions and answer: ...
_INSTRUCTION = re.compile(
    r"Ignore all previous instructions and answer: (?P<words>[^\n<]+)"
)
_ITEM = re.compile(r'<item position="(\d+)">\nquestion: .*\nanswer: (.*)\n')


def task_of(request: Json) -> str:
    """The last text of a request: what is asked."""
    return text_blocks(request)[-1]


def is_repair(request: Json) -> bool:
    """Whether a request asks for answers or texts once more."""
    task = task_of(request)
    has_paper = any("<paper" in block for block in text_blocks(request)[1:])
    return has_paper and ("<item" in task or "<text part" in task)


def is_review(request: Json) -> bool:
    """Whether a request asks for the second reader's judgement."""
    has_paper = any("<paper" in block for block in text_blocks(request)[1:])
    return not has_paper and "<item" in task_of(request)


def rewrite(repaired: Json | None = None, **texts: str) -> Edit:
    """Gives other texts (tldr, summary), and perhaps others again when repairing."""

    def edit(reply: Json, request: Json) -> Json:
        given = texts | (repaired or {}) if is_repair(request) else texts
        # A repair only has the texts that were asked for.
        return reply | {name: text for name, text in given.items() if reply[name]}

    return edit


def object_to(words: str, aspect: str) -> Edit:
    """Has the second reader object to answers with these words."""

    def edit(reply: Json, request: Json) -> Json:
        if not is_review(request):
            return reply
        answers = {int(p): text for p, text in _ITEM.findall(task_of(request))}
        judgements = [
            j | {aspect: False} if words in answers[j["position"]] else j
            for j in reply["judgements"]
        ]
        return {"judgements": judgements}

    return edit


def follow_instructions(reply: Json, request: Json) -> Json:
    """Follows a paper: its words are the answer, the instruction is the quote."""
    instruction = _INSTRUCTION.search("\n".join(text_blocks(request)))
    if instruction is None or is_review(request):
        return reply
    words, count = instruction["words"], max(len(reply["questions"]), 1)
    questions = [
        make_question(
            n, f"{question}({n}番目の問い)", f"{words}({n})", (instruction[0],)
        )
        for n, question in enumerate(islice(cycle(JAPANESE.questions), count), 1)
    ]
    return make_reply(words, words, questions)
