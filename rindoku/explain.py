"""What is asked of the model about a paper, and what counts as its reply.

One structured call per paper gives TL;DR, summary and all questions; one repair call may follow for the
answers that failed verification. Both share the system text, the paper block and the schema to the
byte, so that the second reads the first's prompt cache.
"""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rindoku.cutting import cut
from rindoku.errors import BadInput, ReplyRefused, ReplyTruncated, SourceUnavailable, UnusableReply
from rindoku.keys import content_key, sha256_key
from rindoku.labels import NOT_IN_PAPER
from rindoku.models import Answer, Document, Explanation, PaperVersion, TextVerdict, Usage, Verdict
from rindoku.settings import Settings
from rindoku.verify import MOST_QUOTES, TLDR_LENGTH, reason

MAX_OUTPUT_TOKENS = 16_000
# For a reply that was cut off; above 21,333 the SDK wants streaming.
MORE_OUTPUT_TOKENS = 21_000
EFFORT = "medium"
SAMPLE_MODEL = "rindoku-sample"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class QuestionReply(_Strict):
    """One question of the reply."""

    position: int = Field(ge=1)
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    answerable: bool
    quotes: list[str]


class Reply(_Strict):
    """The model's reply: prompt schema and parser at once."""

    tldr: str
    summary: str
    questions: list[QuestionReply]


@dataclass(frozen=True)
class Prompt:
    """A call in the making: its key, and the arguments of `messages.create`."""

    generation_id: str
    kind: str
    model: str
    prompt_version: str
    prompt_hash: str
    arguments: dict[str, Any]

    @property
    def characters(self) -> int:
        """Length of all text sent."""
        return len(json.dumps(self.arguments["system"])) + len(
            json.dumps(self.arguments["messages"], ensure_ascii=False)
        )


def explain_prompt(
    document: Document,
    paper: PaperVersion,
    settings: Settings,
    model: str,
    attempt: int = 1,
    room: int = MAX_OUTPUT_TOKENS,
) -> Prompt:
    """The call that explains a paper. `attempt` counts calls whose replies did not count; `room` is in tokens."""
    task = _render(_texts(settings.language)["explain"], count=settings.question_count)
    return _prompt("explain", task, document, paper, settings, model, attempt, room)


def repair_prompt(
    failed: Sequence[Verdict], texts: Sequence[TextVerdict], document: Document, paper: PaperVersion, settings: Settings,
    model: str,
) -> Prompt:  # fmt: skip
    """The call that mends the answers and texts that failed verification, and only those."""
    items = [
        {
            "position": v.answer.position, "question": v.answer.question, "answer": v.answer.answer,
            "quotes": v.answer.quotes, "reason": reason(v),
        }
        for v in failed
    ]  # fmt: skip
    parts = [{"part": t.part, "text": t.text, "reason": reason(t)} for t in texts]
    task = _render(_texts(settings.language)["repair"], failed=items, texts=parts)
    return _prompt("repair", task, document, paper, settings, model, 1, MAX_OUTPUT_TOKENS)


def _prompt(
    kind: str,
    task: str,
    document: Document,
    paper: PaperVersion,
    settings: Settings,
    model: str,
    attempt: int,
    room: int,
) -> Prompt:
    texts = _texts(settings.language)
    system = _render(texts["system"], tldr_length=TLDR_LENGTH, most_quotes=MOST_QUOTES, not_in_paper=NOT_IN_PAPER)
    shown = _undelimited(cut(document)[0])
    block = _render(texts["paper"], title=_undelimited(paper.title), grounding=document.grounding, text=shown)
    arguments = {
        "model": model,
        "max_tokens": room,
        "system": [{"type": "text", "text": system}],
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": block, "cache_control": {"type": "ephemeral"}},
                    {"type": "text", "text": task},
                ],
            }
        ],
        "output_config": {"effort": EFFORT, "format": {"type": "json_schema", "schema": _schema()}},
    }
    parameters = {k: arguments[k] for k in ("max_tokens", "output_config")}
    generation_id = content_key(
        kind, settings.language, model, parameters, system, texts["paper"], task, document.document_id, attempt
    )
    return Prompt(generation_id, kind, model, texts["version"], sha256_key(system, task), arguments)


def _undelimited(text: str) -> str:
    # A paper that contains our closing tag must not be able to end its own block.
    return text.replace("</paper", "<\u200b/paper").replace("<paper", "<\u200bpaper")


def parse_reply(body: bytes) -> tuple[Explanation, str]:
    """The explanation in a raw reply, and the model that says it wrote it.

    Raises ReplyRefused, ReplyTruncated or UnusableReply: anything but a whole, well-formed reply that
    ended by itself does not count.
    """
    message = _message(body)
    stop = message["stop_reason"]
    if stop == "refusal":
        raise ReplyRefused("The model declined to answer.", "The fallback model is asked, if one is set.")
    if stop in {"max_tokens", "model_context_window_exceeded"}:
        raise ReplyTruncated(
            f"The reply ended early ({stop}).", "Ask for fewer questions, or use a model with more room."
        )
    if stop != "end_turn":
        raise UnusableReply(f"The reply stopped for {stop!r}.")
    text = "".join(b["text"] for b in message["content"] if b.get("type") == "text")
    try:
        reply = Reply.model_validate_json(_unfenced(text))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the reply"
        raise UnusableReply(
            f"The model's reply is not what was asked for ({where}: {first['msg']}).",
            "It is kept in raw.payloads; run again with another RINDOKU_MODEL.",
        ) from None
    answers = tuple(
        Answer(q.position, q.question, q.answer, q.answerable, tuple(q.quotes))
        for q in sorted(reply.questions, key=lambda q: q.position)
    )
    return Explanation(reply.tldr or None, reply.summary, answers), message["model"]


def parse_usage(body: bytes) -> tuple[Usage, str | None]:
    """Tokens billed for a raw reply and its stop reason."""
    message = _message(body)
    used = message.get("usage") or {}
    usage = Usage(
        used.get("input_tokens") or 0,
        used.get("cache_creation_input_tokens") or 0,
        used.get("cache_read_input_tokens") or 0,
        used.get("output_tokens") or 0,
    )
    return usage, message["stop_reason"]


def check_message(body: bytes) -> None:
    """Raises SourceUnavailable when a 200 carries no message at all (a page, `{}`, half of one)."""
    try:
        _message(body)
    except UnusableReply as error:
        raise SourceUnavailable(f"The model's service sent a 200 without a message: {error.message}") from None


def _message(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except ValueError:
        raise UnusableReply("it is no JSON.") from None
    if (
        not isinstance(message, dict)
        or message.get("type") != "message"
        or not isinstance(message.get("content"), list)
    ):
        raise UnusableReply("it is JSON of another shape.")
    return {"stop_reason": None, "model": "", **message}


def _unfenced(text: str) -> str:
    # Servers that ignore the schema like to wrap JSON in a code fence.
    stripped = text.strip()
    return stripped.removeprefix("```json").removeprefix("```").removesuffix("```").strip()


@cache
def _schema() -> dict[str, Any]:
    import anthropic

    return dict(anthropic.transform_schema(Reply))


@cache
def _texts(language: str) -> dict[str, str]:
    path = Path(__file__).parent / "prompts" / f"{language}.toml"
    if not path.is_file():
        raise BadInput(f"There are no prompts in {language!r}.", "Set RINDOKU_LANGUAGE=ja.")
    return {
        name: text if name == "version" else text.strip("\n")
        for name, text in tomllib.loads(path.read_text("utf-8")).items()
    }


def _render(text: str, /, **values: object) -> str:
    # StrictUndefined: a missing variable is an error, never an empty string in a prompt.
    return Environment(undefined=StrictUndefined, autoescape=False).from_string(text).render(**values)  # noqa: S701 - a prompt, no page
