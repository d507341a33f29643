"""What counts as a model's reply: its type, its stop reason and its shape are checked before anything is taken from it."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rindoku.errors import (
    ReplyRefused,
    ReplyTruncated,
    SourceUnavailable,
    UnusableReply,
)
from rindoku.models import Answer, Explanation, Judgement, Usage

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
    """The reply to explain, repair and ask: one schema for all three, so that they share a prompt cache."""

    tldr: str
    summary: str
    questions: list[QuestionReply]


class JudgementReply(_Strict):
    """What the second reader makes of one answer, held against its quotes alone."""

    position: int = Field(ge=1)
    supported: bool
    direction_kept: bool
    subject_kept: bool
    hedging_kept: bool


class Review(_Strict):
    """The second reader's reply."""

    judgements: list[JudgementReply]


Shape = TypeVar("Shape", bound=BaseModel)


def parse_reply(body: bytes) -> tuple[Explanation, str]:
    """The explanation in a raw reply, and the model that says it wrote it.

    Positions are the reply's own ids of its questions; where two share one, all are numbered in their order. Raises
    ReplyRefused, ReplyTruncated or UnusableReply: anything but a whole, well-formed reply that ended by itself does
    not count.
    """
    reply, model = _parse(body, Reply)
    questions = reply.questions
    if len({q.position for q in questions}) == len(questions):
        numbered = [
            (q.position, q) for q in sorted(questions, key=lambda q: q.position)
        ]
    else:
        numbered = list(enumerate(questions, 1))
    answers = tuple(
        Answer(n, q.question, q.answer, q.answerable, tuple(q.quotes))
        for n, q in numbered
    )
    return Explanation(reply.tldr or None, reply.summary, answers), model


def parse_repair(body: bytes) -> Explanation:
    """What a repair mended, by position; a position given twice mends nothing, as it can't be told which is meant."""
    reply, _ = _parse(body, Reply)
    positions = [q.position for q in reply.questions]
    answers = tuple(
        Answer(q.position, q.question, q.answer, q.answerable, tuple(q.quotes))
        for q in reply.questions
        if positions.count(q.position) == 1
    )
    return Explanation(reply.tldr or None, reply.summary, answers)


def parse_review(body: bytes) -> tuple[Judgement, ...]:
    """The second reader's judgements. Raises as `parse_reply`."""
    reply, _ = _parse(body, Review)
    return tuple(Judgement(**j.model_dump()) for j in reply.judgements)


def check_reply(kind: str, body: bytes) -> str:
    """The model that wrote a reply to a prompt of `kind`. Raises as `parse_reply` when it does not count."""
    return _parse(body, Review if kind == "review" else Reply)[1]


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
        raise SourceUnavailable(
            f"The model's service sent a 200 without a message: {error.message}"
        ) from None


def _parse(body: bytes, shape: type[Shape]) -> tuple[Shape, str]:
    message = _message(body)
    stop = message["stop_reason"]
    if stop == "refusal":
        raise ReplyRefused(
            "The model declined to answer.",
            "The fallback model is asked, if one is set.",
        )
    if stop in {"max_tokens", "model_context_window_exceeded"}:
        raise ReplyTruncated(
            f"The reply ended early ({stop}).",
            "Ask for fewer questions, or use a model with more room.",
        )
    if stop != "end_turn":
        raise UnusableReply(f"The reply stopped for {stop!r}.")
    text = "".join(b["text"] for b in message["content"] if b.get("type") == "text")
    try:
        return shape.model_validate_json(_unfenced(text)), message["model"]
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the reply"
        raise UnusableReply(
            f"The model's reply is not what was asked for ({where}: {first['msg']}).",
            "It is kept in raw.payloads; run again with another RINDOKU_MODEL.",
        ) from None


def _message(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except ValueError:
        raise UnusableReply("it is no JSON.") from None
    if (
        not isinstance(message, dict)
        or message.get("type") != "message"
        or not isinstance(message.get("content"), list)
        or not all(isinstance(block, dict) for block in message["content"])
    ):
        raise UnusableReply("it is JSON of another shape.")
    return {"stop_reason": None, "model": "", **message}


def _unfenced(text: str) -> str:
    # Servers that ignore the schema like to wrap JSON in a code fence.
    stripped = text.strip()
    return (
        stripped.removeprefix("```json").removeprefix("```").removesuffix("```").strip()
    )
