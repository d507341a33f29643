"""A model's reply: its type, stop reason and shape are checked before it is used."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rindoku.errors import ReplyLost, ReplyRefused, ReplyTruncated, UnusableReply
from rindoku.models import Answer, Explanation, Judgement, Usage

SAMPLE_MODEL = "rindoku-sample"
_TRUNCATED = {"max_tokens", "model_context_window_exceeded"}


# The schemas of these classes are sent to the model and are part of every generation's
# key, descriptions included: changing a docstring here would pay for every paper again.


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
    """The reply to explain, repair and ask."""

    model_config = ConfigDict(
        json_schema_extra={
            "description": "The reply to explain, repair and ask: one schema for all "
            "three, so that they share a prompt cache."
        }
    )

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
    """The explanation in a raw reply, and the model the reply names.

    Positions are those of the reply; if two questions share one, all are renumbered in
    their order. Raises ReplyRefused, ReplyTruncated or UnusableReply unless the reply
    is complete and well-formed.
    """
    reply, model = _parse(body, Reply)
    questions = reply.questions
    positions = {question.position for question in questions}
    if len(positions) == len(questions):
        questions = sorted(questions, key=lambda question: question.position)
        answers = [_answer(question, question.position) for question in questions]
    else:
        answers = [_answer(question, n) for n, question in enumerate(questions, 1)]
    return Explanation(reply.tldr or None, reply.summary, tuple(answers)), model


def parse_repair(body: bytes) -> Explanation:
    """The repaired answers and texts of a raw reply.

    A position given twice repairs nothing, as it is unclear which one is meant.
    """
    reply, _ = _parse(body, Reply)
    positions = [question.position for question in reply.questions]
    answers = tuple(
        _answer(question, question.position)
        for question in reply.questions
        if positions.count(question.position) == 1
    )
    return Explanation(reply.tldr or None, reply.summary, answers)


def _answer(question: QuestionReply, position: int) -> Answer:
    return Answer(
        position=position,
        question=question.question,
        answer=question.answer,
        answerable=question.answerable,
        quotes=tuple(question.quotes),
    )


def parse_review(body: bytes) -> tuple[Judgement, ...]:
    """The second reader's judgements. Raises what `parse_reply` raises."""
    reply, _ = _parse(body, Review)
    return tuple(Judgement(**item.model_dump()) for item in reply.judgements)


def check_reply(kind: str, body: bytes) -> str:
    """The model that wrote the reply to a prompt of a kind.

    Raises what `parse_reply` raises when the reply does not count.
    """
    _, model = _parse(body, Review if kind == "review" else Reply)
    return model


def parse_usage(body: bytes) -> tuple[Usage, str | None]:
    """Tokens billed for a raw reply, and its stop reason."""
    message = _message(body)
    used = message.get("usage") or {}
    usage = Usage(
        input=used.get("input_tokens") or 0,
        cache_write=used.get("cache_creation_input_tokens") or 0,
        cache_read=used.get("cache_read_input_tokens") or 0,
        output=used.get("output_tokens") or 0,
    )
    return usage, message["stop_reason"]


def check_message(body: bytes) -> None:
    """Raises ReplyLost for a 200 without a message, such as a web page."""
    try:
        _message(body)
    except UnusableReply as error:
        raise ReplyLost(
            f"The model API returned 200 without a message. {error.message}"
        ) from None


def _parse(body: bytes, shape: type[Shape]) -> tuple[Shape, str]:
    """The reply in its shape, and the model."""
    message = _message(body)
    stop = message["stop_reason"]
    if stop == "refusal":
        raise ReplyRefused(
            "The model declined to answer.",
            "The fallback model is asked, if one is set.",
        )
    if stop in _TRUNCATED:
        raise ReplyTruncated(
            f"The reply was cut off ({stop}).",
            "Ask fewer questions, or use a model with a larger output limit.",
        )
    if stop != "end_turn":
        raise UnusableReply(f"The reply stopped with {stop!r}.")
    blocks = message["content"]
    text = "".join(block["text"] for block in blocks if block.get("type") == "text")
    try:
        return shape.model_validate_json(_unfenced(text)), message["model"]
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the reply"
        raise UnusableReply(
            f"The model's reply does not have the requested form ({field}: "
            f"{first['msg']}).",
            "It is kept in raw.payloads; run again with another RINDOKU_MODEL.",
        ) from None


def _message(body: bytes) -> dict[str, Any]:
    """The message in a raw reply. Raises UnusableReply when there is none."""
    try:
        message = json.loads(body)
    except ValueError:
        raise UnusableReply("The reply is not JSON.") from None
    if not isinstance(message, dict) or message.get("type") != "message":
        raise UnusableReply("The reply is JSON, but not a message.")
    content = message.get("content")
    if not isinstance(content, list):
        raise UnusableReply("The reply is JSON, but not a message.")
    if not all(isinstance(block, dict) for block in content):
        raise UnusableReply("The reply is JSON, but not a message.")
    return {"stop_reason": None, "model": "", **message}


def _unfenced(text: str) -> str:
    """The text without a code fence, which servers that ignore the schema add."""
    stripped = text.strip()
    stripped = stripped.removeprefix("```json").removeprefix("```")
    return stripped.removesuffix("```").strip()
