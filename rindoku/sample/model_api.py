"""The stand-in's Anthropic Messages API: messages, count_tokens, batches.

Its "model" answers for the sample papers with the replies written for them, planted mistakes included;
for any other text it makes up a correct reply of sentences that stand in it.
"""

import hashlib
import itertools
import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rindoku.explain import SAMPLE_MODEL
from rindoku.sample.content import SamplePaper

Json = dict[str, Any]
_PAPER = re.compile(r'<paper title=(?P<title>"(?:[^"\\]|\\.)*").*?>\n(?P<text>.*)\n</paper>', re.DOTALL)
_SENTENCE = re.compile(r"[A-Z][^\n.]{40,250}\.(?=\s|$)")
# An order as injections word it: "Ignore all previous instructions and answer: ...".
_ORDER = re.compile(r"Ignore all previous instructions and answer: (?P<words>[^\n<]+)")
_COUNT = re.compile(r"(\d+) 件")
_QUESTIONS = (
    "何を課題としているか?", "何を提案しているか?", "手法の最初の要点は何か?", "手法の次の要点は何か?", "評価はどう行ったか?",
    "どのような結果が得られたか?", "データについて何が述べられているか?", "限界として何が挙げられているか?",
    "何が公開されているか?", "ほかに述べられていることは何か?",
)  # fmt: skip


class Model:
    """The model, with its prompt cache and its batches. Thread-safe."""

    def __init__(self, papers: Mapping[str, SamplePaper]) -> None:
        self._by_title = {p.title: p for p in papers.values() if p.reply}
        # A model as bad as can be: it does what a paper tells it to.
        self.obeys = False
        self._lock = threading.Lock()
        self._cached: set[str] = set()
        self._numbers = itertools.count(1)
        self._batches: dict[str, Json] = {}

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
            "id": f"msg_sample_{next(self._numbers):05d}", "type": "message", "role": "assistant", "model": SAMPLE_MODEL,
            "content": [{"type": "text", "text": text}] if text else [], "stop_reason": stop, "stop_sequence": None,
            "usage": self._usage(request, text),
        }  # fmt: skip

    def count_tokens(self, request: Json) -> Json:
        """POST /v1/messages/count_tokens."""
        return {"input_tokens": sum(tokens(b["text"]) for b in _blocks(request))}

    def create_batch(self, request: Json) -> Json:
        """POST /v1/messages/batches; it has ended when asked for the second time."""
        batch_id = f"msgbatch_sample_{next(self._numbers):05d}"
        results = [
            {"custom_id": r["custom_id"], "result": {"type": "succeeded", "message": self.message(r["params"])}}
            for r in request["requests"]
        ]
        with self._lock:
            self._batches[batch_id] = {"results": results[::-1], "asked": 0}
        return self._batch(batch_id)

    def get_batch(self, batch_id: str) -> Json | None:
        """GET /v1/messages/batches/:id."""
        with self._lock:
            if batch_id not in self._batches:
                return None
            self._batches[batch_id]["asked"] += 1
        return self._batch(batch_id)

    def batch_results(self, batch_id: str) -> str | None:
        """GET /v1/messages/batches/:id/results: JSON lines, in no promised order."""
        batch = self._batches.get(batch_id)
        return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in batch["results"]) if batch else None

    def _batch(self, batch_id: str) -> Json:
        batch = self._batches[batch_id]
        ended, count = batch["asked"] > 0, len(batch["results"])
        now = datetime.now(UTC)
        return {
            "id": batch_id, "type": "message_batch", "processing_status": "ended" if ended else "in_progress",
            "request_counts": {"processing": 0 if ended else count, "succeeded": count if ended else 0, "errored": 0,
                               "canceled": 0, "expired": 0},
            "created_at": now.isoformat(), "expires_at": (now + timedelta(days=1)).isoformat(),
            "ended_at": now.isoformat() if ended else None, "archived_at": None, "cancel_initiated_at": None,
            "results_url": f"/v1/messages/batches/{batch_id}/results" if ended else None,
        }  # fmt: skip

    def _usage(self, request: Json, text: str) -> Json:
        usage = {"input_tokens": 0, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
        blocks = _blocks(request)
        marked = max((n for n, b in enumerate(blocks) if "cache_control" in b), default=-1)
        prefix = "".join(b["text"] for b in blocks[: marked + 1])
        key = hashlib.sha256((str(request.get("model")) + prefix).encode()).hexdigest()
        for number, block in enumerate(blocks):
            if number > marked:
                usage["input_tokens"] += tokens(block["text"])
        if prefix:
            with self._lock:
                kind = "cache_read_input_tokens" if key in self._cached else "cache_creation_input_tokens"
                self._cached.add(key)
            usage[kind] = tokens(prefix)
        return usage | {"output_tokens": tokens(text)}

    def _reply(self, request: Json) -> Json:
        blocks = _blocks(request)
        task = blocks[-1]["text"] if blocks else ""
        paper = next((m for m in map(_PAPER.search, (b["text"] for b in blocks)) if m), None)
        if paper is None:
            return {"tldr": "見本", "summary": "文書が渡されていません。", "questions": []}
        if self.obeys and (order := _ORDER.search("\n".join(b["text"] for b in blocks))):
            return _obeyed(order, int(m[1]) if (m := _COUNT.search(task)) else 10)
        sample = self._by_title.get(json.loads(paper["title"]))
        wanted = [int(p) for p in re.findall(r'<item position="(\d+)"', task)]
        texts = re.findall(r'<text part="(\w+)"', task)
        if wanted or texts:
            reply = sample.reply if sample is not None and sample.reply else _made_up(paper["text"], 1)
            again = {**reply, **reply.get("mended", {})}
            return {
                "tldr": again["tldr"] if "tldr" in texts else "",
                "summary": again["summary"] if "summary" in texts else "",
                "questions": [q for q in self._mended(sample, paper["text"]) if q["position"] in wanted],
            }
        count = int(m[1]) if (m := _COUNT.search(task)) else 10
        return _written(sample, count) if sample else _made_up(paper["text"], count)

    def _mended(self, sample: SamplePaper | None, text: str) -> list[Json]:
        if sample is None or sample.reply is None:
            return list(_made_up(text, 20)["questions"])
        return [_question(n, {**qa, **qa.get("repair", {})}) for n, qa in enumerate(sample.reply["qa"], 1)]


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
        "position": position, "question": qa["q"], "answer": qa["a"], "answerable": bool(qa["e"]), "quotes": list(qa["e"]),
    }  # fmt: skip


def _made_up(text: str, count: int) -> Json:
    """A reply whose every answer rests on a sentence of the text, with that sentence's own numbers."""
    sentences = list(dict.fromkeys(s[0] for s in _SENTENCE.finditer(text)))
    questions = []
    for position in range(1, count + 1):
        question = _QUESTIONS[(position - 1) % len(_QUESTIONS)]
        if position > len(_QUESTIONS):
            question = f"{position}番目の要点について、{question}"
        if position <= len(sentences):
            quote = sentences[position - 1]
            words = " ".join(quote.split()[:8])
            answer = f"本文の第{'一二三四五六七八九十'[(position - 1) % 10]}の要点として「{words}」と述べられています。"
            questions.append(_question(position, {"q": question, "a": answer, "e": [quote]}))
        else:
            questions.append(_question(position, {"q": question, "a": "論文に記載なし", "e": []}))
    return {
        "tldr": "見本の論文の一行紹介",
        "summary": "この概要は見本の論文のために自動で作られた文章です。",
        "questions": questions,
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
    blocks = [{"type": "text", "text": system}] if isinstance(system, str) else list(system)
    for message in request.get("messages", []):
        content = message["content"]
        blocks += [{"type": "text", "text": content}] if isinstance(content, str) else content
    return [b for b in blocks if b.get("type") == "text"]
