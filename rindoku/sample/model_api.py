"""The stand-in's Anthropic Messages API: messages and count_tokens.

Batches are in batches_api.py, the model's replies in model_replies.py.
"""

import hashlib
import itertools
import json
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rindoku.sample.content import SamplePaper
from rindoku.sample.model_replies import (
    ENGLISH,
    JAPANESE,
    answer,
    explain,
    make_reply,
    repair,
)

Json = dict[str, Any]
Edit = Callable[[Json, Json], Json]
_PAPER = re.compile(
    r'<paper title=(?P<title>"(?:[^"\\]|\\.)*").*?>\n(?P<text>.*)\n</paper>', re.DOTALL
)
_COUNT = re.compile(r"(\d+) (?:件|questions)")
_USUAL_COUNT = 10
_KANA = re.compile(r"[\u3040-\u30ff]")
_QUESTION = re.compile(r"<question>\n(.*)\n</question>", re.DOTALL)
_ITEM_POSITION = re.compile(r'<item position="(\d+)"')
_TEXT_PART = re.compile(r'<text part="(\w+)"')
_ASPECTS = ("supported", "direction_kept", "subject_kept", "hedging_kept")
_NOT_JSON = "要約を書くことはできますが、JSON ではお返しできません。"


class Model:
    """The model, with its prompt cache. Thread-safe.

    `edit_reply(reply, request)` may change a reply before it is sent, and
    `edit_message(message, request)` the message that contains it.
    """

    def __init__(self, papers: Iterable[SamplePaper]) -> None:
        self._by_title = {paper.title: paper for paper in papers}
        self._lock = threading.Lock()
        self._cached: set[str] = set()
        self._numbers = itertools.count(1)
        self.edit_reply: Edit = _unchanged
        self.edit_message: Edit = _unchanged

    def message(self, request: Json, fault: str = "") -> Json:
        """POST /v1/messages; `fault` may be refusal, max-tokens or not-json."""
        from rindoku.llm.replies import SAMPLE_MODEL

        reply = self.edit_reply(self._reply(request), request)
        text, stop_reason = json.dumps(reply, ensure_ascii=False), "end_turn"
        match fault:
            case "refusal":
                text, stop_reason = "", "refusal"
            case "max-tokens":
                text, stop_reason = text[: len(text) // 2], "max_tokens"
            case "not-json":
                text = _NOT_JSON
        message = {
            "id": f"msg_sample_{next(self._numbers):05d}",
            "type": "message",
            "role": "assistant",
            "model": SAMPLE_MODEL,
            "content": [{"type": "text", "text": text}] if text else [],
            "stop_reason": stop_reason,
            "stop_sequence": None,
            "usage": self._usage(request, text),
        }
        return self.edit_message(message, request)

    def count_tokens(self, request: Json) -> Json:
        """POST /v1/messages/count_tokens."""
        return {"input_tokens": sum(map(tokens, text_blocks(request)))}

    def _usage(self, request: Json, reply: str) -> Json:
        """Billed tokens; a prefix marked for the cache is written once, then read."""
        blocks = _blocks(request)
        marked = [n for n, block in enumerate(blocks) if "cache_control" in block]
        end = marked[-1] + 1 if marked else 0
        prefix = "".join(block["text"] for block in blocks[:end])
        usage = {
            "input_tokens": sum(tokens(block["text"]) for block in blocks[end:]),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": tokens(reply),
        }
        if prefix:
            is_read = self._is_cached(f"{request.get('model')}{prefix}")
            kind = "cache_read" if is_read else "cache_creation"
            usage[f"{kind}_input_tokens"] = tokens(prefix)
        return usage

    def _is_cached(self, prefix: str) -> bool:
        """Whether a prefix was cached before; caches it."""
        key = hashlib.sha256(prefix.encode()).hexdigest()
        with self._lock:
            is_cached = key in self._cached
            self._cached.add(key)
        return is_cached

    def _reply(self, request: Json) -> Json:
        blocks = text_blocks(request)
        task = blocks[-1] if blocks else ""
        positions = [int(position) for position in _ITEM_POSITION.findall(task)]
        if positions and not any("<paper" in block for block in blocks[1:]):
            return _review(positions)
        paper = _find_paper(blocks)
        if paper is None:
            return make_reply("見本", "文書が渡されていません。", [])
        text, sample, voice = paper["text"], None, ENGLISH
        if _KANA.search(task):
            sample = self._by_title.get(json.loads(paper["title"]))
            voice = JAPANESE
        if question := _QUESTION.search(task):
            return answer(question[1].strip(), text, sample, voice)
        parts = _TEXT_PART.findall(task)
        if positions or parts:
            return _only(repair(text, sample, voice), parts, positions)
        count = _COUNT.search(task)
        return explain(text, sample, voice, int(count[1]) if count else _USUAL_COUNT)


def tokens(text: str) -> int:
    """A plausible count: a token per four English characters or one Japanese one."""
    wide = sum(ord(c) > 0x2E7F for c in text)
    return wide + (len(text) - wide + 3) // 4


def text_blocks(request: Json) -> list[str]:
    """The texts of a request in order: the system's, and those of the messages."""
    return [block["text"] for block in _blocks(request)]


def _blocks(request: Json) -> list[Json]:
    contents = [request.get("system") or []]
    contents += [message["content"] for message in request.get("messages", [])]
    blocks: list[Json] = []
    for content in contents:
        if isinstance(content, str):
            blocks.append({"type": "text", "text": content})
        else:
            blocks += [block for block in content if block.get("type") == "text"]
    return blocks


def _find_paper(blocks: Sequence[str]) -> re.Match[str] | None:
    for block in blocks:
        if match := _PAPER.search(block):
            return match
    return None


def _review(positions: Iterable[int]) -> Json:
    """The reply of a second reader that has no objections."""
    passed = dict.fromkeys(_ASPECTS, True)
    return {"judgements": [{"position": p, **passed} for p in positions]}


def _only(reply: Json, parts: Sequence[str], positions: Sequence[int]) -> Json:
    """The texts and answers of a reply that were asked for."""
    return make_reply(
        reply["tldr"] if "tldr" in parts else "",
        reply["summary"] if "summary" in parts else "",
        [q for q in reply["questions"] if q["position"] in positions],
    )


def _unchanged(value: Json, _request: Json) -> Json:
    return value
