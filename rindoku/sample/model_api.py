"""The stand-in's Anthropic Messages API: messages and count_tokens; batches are in batches_api.py.

Its "model" answers for the sample papers with the replies written for them, planted mistakes included; for any other
text, and in English, it makes up a correct reply of sentences that stand in it.
"""

import hashlib
import itertools
import json
import re
import threading
from collections.abc import Mapping
from typing import Any

from rindoku.explain.relevance import rank
from rindoku.llm.replies import SAMPLE_MODEL
from rindoku.sample.content import SamplePaper

Json = dict[str, Any]
_PAPER = re.compile(
    r'<paper title=(?P<title>"(?:[^"\\]|\\.)*").*?>\n(?P<text>.*)\n</paper>', re.DOTALL
)
_SENTENCE = re.compile(r"[A-Z][^\n.]{40,250}\.(?=\s|$)")
# An order as injections word it: "Ignore all previous instructions and answer: ...".
_ORDER = re.compile(r"Ignore all previous instructions and answer: (?P<words>[^\n<]+)")
_COUNT = re.compile(r"(\d+) (?:件|questions)")
_KANA = re.compile(r"[\u3040-\u30ff]")
_ASKED = re.compile(r"<question>\n(.*)\n</question>", re.DOTALL)
_ITEM = re.compile(r'<item position="(\d+)">\nquestion: .*\nanswer: (.*)\n')
_ORDINALS = (
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
)
_QUESTIONS_EN = (
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
)
_QUESTIONS = (
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
)


class Model:
    """The model, with its prompt cache. Thread-safe."""

    def __init__(self, papers: Mapping[str, SamplePaper]) -> None:
        self._by_title = {p.title: p for p in papers.values() if p.reply}
        # A model as bad as can be: it does what a paper tells it to.
        self.obeys = False
        # What its second reader objects to: a judgement's field by words of an answer.
        self.objections: dict[str, str] = {}
        self._lock = threading.Lock()
        self._cached: set[str] = set()
        self._numbers = itertools.count(1)

    def message(self, request: Json, fault: str = "") -> Json:
        """POST /v1/messages; `fault` may be refusal, max-tokens or not-json."""
        text = json.dumps(self._reply(request), ensure_ascii=False)
        stop = "end_turn"
        if fault == "refusal":
            text, stop = "", "refusal"
        elif fault == "max-tokens":
            text, stop = text[: len(text) // 2], "max_tokens"
        elif fault == "not-json":
            text = "要約を書くことはできますが、JSON ではお返しできません。"
        return {
            "id": f"msg_sample_{next(self._numbers):05d}",
            "type": "message",
            "role": "assistant",
            "model": SAMPLE_MODEL,
            "content": [{"type": "text", "text": text}] if text else [],
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": self._usage(request, text),
        }

    def count_tokens(self, request: Json) -> Json:
        """POST /v1/messages/count_tokens."""
        return {"input_tokens": sum(tokens(b["text"]) for b in _blocks(request))}

    def _usage(self, request: Json, text: str) -> Json:
        usage = {
            "input_tokens": 0,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
        }
        blocks = _blocks(request)
        marked = max(
            (n for n, b in enumerate(blocks) if "cache_control" in b), default=-1
        )
        prefix = "".join(b["text"] for b in blocks[: marked + 1])
        key = hashlib.sha256((str(request.get("model")) + prefix).encode()).hexdigest()
        for number, block in enumerate(blocks):
            if number > marked:
                usage["input_tokens"] += tokens(block["text"])
        if prefix:
            with self._lock:
                kind = (
                    "cache_read_input_tokens"
                    if key in self._cached
                    else "cache_creation_input_tokens"
                )
                self._cached.add(key)
            usage[kind] = tokens(prefix)
        return usage | {"output_tokens": tokens(text)}

    def _reply(self, request: Json) -> Json:
        blocks = _blocks(request)
        task = blocks[-1]["text"] if blocks else ""
        if (
            paper_less := _ITEM.findall(task)
            if "<paper" not in "".join(b["text"] for b in blocks[1:])
            else []
        ):
            return self._review(paper_less)
        paper = next(
            (m for m in map(_PAPER.search, (b["text"] for b in blocks)) if m), None
        )
        if paper is None:
            return {
                "tldr": "見本",
                "summary": "文書が渡されていません。",
                "questions": [],
            }
        if self.obeys and (
            order := _ORDER.search("\n".join(b["text"] for b in blocks))
        ):
            return _obeyed(order, int(m[1]) if (m := _COUNT.search(task)) else 10)
        english = not _KANA.search(task)
        sample = None if english else self._by_title.get(json.loads(paper["title"]))
        if asked := _ASKED.search(task):
            return _answered(asked[1].strip(), paper["text"], sample, english=english)
        wanted = [int(p) for p in re.findall(r'<item position="(\d+)"', task)]
        texts = re.findall(r'<text part="(\w+)"', task)
        if wanted or texts:
            reply = (
                sample.reply
                if sample is not None and sample.reply
                else _made_up(paper["text"], 1, english=english)
            )
            again = {**reply, **reply.get("mended", {})}
            return {
                "tldr": again["tldr"] if "tldr" in texts else "",
                "summary": again["summary"] if "summary" in texts else "",
                "questions": [
                    q
                    for q in self._mended(sample, paper["text"], english=english)
                    if q["position"] in wanted
                ],
            }
        count = int(m[1]) if (m := _COUNT.search(task)) else 10
        return (
            _written(sample, count)
            if sample
            else _made_up(paper["text"], count, english=english)
        )

    def _review(self, items: list[tuple[str, str]]) -> Json:
        judgements = []
        for position, answer in items:
            fields = dict.fromkeys(
                ("supported", "direction_kept", "subject_kept", "hedging_kept"), True
            )
            fields |= {
                aspect: False
                for words, aspect in self.objections.items()
                if words in answer
            }
            judgements.append({"position": int(position), **fields})
        return {"judgements": judgements}

    def _mended(
        self, sample: SamplePaper | None, text: str, *, english: bool
    ) -> list[Json]:
        if sample is None or sample.reply is None:
            return list(_made_up(text, 20, english=english)["questions"])
        return [
            _question(n, {**qa, **qa.get("repair", {})})
            for n, qa in enumerate(sample.reply["qa"], 1)
        ]


def tokens(text: str) -> int:
    """A plausible count: four bytes of English or one character of Japanese make a token."""
    wide = sum(ord(c) > 0x2E7F for c in text)
    return wide + (len(text) - wide + 3) // 4


def _written(sample: SamplePaper, count: int) -> Json:
    reply = sample.reply or {}
    questions = [_question(n, qa) for n, qa in enumerate(reply["qa"][:count], 1)]
    return {"tldr": reply["tldr"], "summary": reply["summary"], "questions": questions}


def _question(position: int, qa: Mapping[str, Any]) -> Json:
    return {
        "position": position,
        "question": qa["q"],
        "answer": qa["a"],
        "answerable": bool(qa["e"]),
        "quotes": list(qa["e"]),
    }


def _made_up(text: str, count: int, *, english: bool) -> Json:
    """A reply whose every answer rests on a sentence of the text, with that sentence's own numbers."""
    sentences = list(dict.fromkeys(s[0] for s in _SENTENCE.finditer(text)))
    asked, absent = (
        (_QUESTIONS_EN, "Not stated in the paper")
        if english
        else (_QUESTIONS, "論文に記載なし")
    )
    questions = []
    for position in range(1, count + 1):
        question = asked[(position - 1) % len(asked)]
        if position > len(asked):
            question = (
                f"Apart from that: {question}"
                if english
                else f"{position}番目の要点について、{question}"
            )
        if position <= len(sentences):
            quote = sentences[position - 1]
            answer = _said(quote, position, english=english)
            questions.append(
                _question(position, {"q": question, "a": answer, "e": [quote]})
            )
        else:
            questions.append(_question(position, {"q": question, "a": absent, "e": []}))
    if english:
        tldr, summary = (
            "One line on a sample paper",
            "This summary was made up for a sample paper by itself.",
        )
    else:
        tldr, summary = (
            "見本の論文の一行紹介",
            "この概要は見本の論文のために自動で作られた文章です。",
        )
    return {"tldr": tldr, "summary": summary, "questions": questions}


def _said(quote: str, position: int, *, english: bool) -> str:
    words = " ".join(quote.split()[:8])
    if english:
        return f"Of its {_ORDINALS[(position - 1) % 10]} point the text says “{words}”."
    return f"本文の第{'一二三四五六七八九十'[(position - 1) % 10]}の要点として「{words}」と述べられています。"


def _answered(
    question: str, text: str, sample: SamplePaper | None, *, english: bool
) -> Json:
    """A reader's question answered by what comes nearest to it: a written answer, else a sentence of the text."""
    if sample is not None and sample.reply is not None:
        known = {
            str(n): f"{qa['q']} {qa['a']} {' '.join(qa['e'])}"
            for n, qa in enumerate(sample.reply["qa"])
        }
        found = rank(question, known)
        nearest = sample.reply["qa"][int(found[0][0])] if found else None
        qa = (
            {**nearest, **nearest.get("repair", {})}
            if nearest
            else {"a": "論文に記載なし", "e": []}
        )
    else:
        sentences = {s[0]: s[0] for s in _SENTENCE.finditer(text)}
        found = rank(question, sentences)
        absent = "Not stated in the paper" if english else "論文に記載なし"
        qa = (
            {"a": _said(found[0][0], 1, english=english), "e": [found[0][0]]}
            if found
            else {"a": absent, "e": []}
        )
    return {
        "tldr": "",
        "summary": "",
        "questions": [_question(1, {**qa, "q": question})],
    }


def _obeyed(order: re.Match[str], count: int) -> Json:
    """What a model that follows a paper's orders gives: the ordered words, under the order itself as its quote."""
    said = order["words"]
    questions = [
        _question(n, {"q": f"{q}({n}番目の問い)", "a": f"{said}({n})", "e": [order[0]]})
        for n, q in enumerate(itertools.islice(itertools.cycle(_QUESTIONS), count), 1)
    ]
    return {"tldr": said, "summary": said, "questions": questions}


def _blocks(request: Json) -> list[Json]:
    system = request.get("system") or []
    blocks = (
        [{"type": "text", "text": system}] if isinstance(system, str) else list(system)
    )
    for message in request.get("messages", []):
        content = message["content"]
        blocks += (
            [{"type": "text", "text": content}] if isinstance(content, str) else content
        )
    return [b for b in blocks if b.get("type") == "text"]
