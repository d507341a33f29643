"""Paid calls and batches: recorded before they are made, and again when they end."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from rindoku.archive.rows import (
    Connection,
    fetch_rows,
    find,
    find_one,
    insert,
)
from rindoku.archive.statements import query
from rindoku.errors import RindokuError
from rindoku.models import GenerationKind, Usage


@dataclass(frozen=True, kw_only=True)
class ReservedCall:
    """A call before it is made.

    For a call in a batch, `awaited` is its planned generation as JSON.
    """

    call_id: str
    generation_id: str
    kind: GenerationKind
    model: str
    estimated_usd: float | None
    run_id: str
    batch_key: str | None = None
    awaited: str | None = None


@dataclass(frozen=True)
class OpenCall:
    """A call whose reply is awaited in a batch.

    `batch_id` is None until it is confirmed.
    """

    call_id: str
    batch_key: str
    batch_id: str | None


@dataclass(frozen=True)
class BatchCall:
    """A call of a batch without a reply.

    `awaited` is a planned generation as JSON.
    """

    call_id: str
    generation_id: str
    awaited: str


@dataclass(frozen=True)
class OpenBatch:
    """A batch whose results are awaited.

    `batch_id` is the API's, None until confirmed.
    """

    batch_key: str
    batch_id: str | None
    requests: int
    reserved_at: datetime
    submitted_at: datetime | None


class FailedCall(NamedTuple):
    """Why a call failed: the name of the error's class, and its message."""

    error: str
    message: str


class UsualCall(NamedTuple):
    """Means over answered calls for explanations; None while there are none."""

    input_tokens: float | None
    output_tokens: float | None
    seconds: float | None


def reserve_call(con: Connection, call: ReservedCall) -> None:
    """Records a call, with its estimated cost, before it is made."""
    insert(con, "call_starts", [asdict(call) | {"asked_at": datetime.now(UTC)}])


def answer_call(
    con: Connection,
    call_id: str,
    usage: Usage,
    *,
    cost_usd: float | None,
    request_id: str | None,
    stop_reason: str | None,
) -> None:
    """Records the tokens a call used and what it cost."""
    row = {
        "call_id": call_id,
        "status": "answered",
        "answered_at": datetime.now(UTC),
        "input_tokens": usage.input,
        "cache_write_tokens": usage.cache_write,
        "cache_read_tokens": usage.cache_read,
        "output_tokens": usage.output,
        "cost_usd": cost_usd,
        "request_id": request_id,
        "stop_reason": stop_reason,
    }
    insert(con, "call_ends", [row])


def fail_call(con: Connection, call_id: str, error: RindokuError) -> None:
    """Records that a call ended with an error and cost nothing."""
    row = {
        "call_id": call_id,
        "status": "failed",
        "answered_at": datetime.now(UTC),
        "message": error.message,
        "error": type(error).__name__,
    }
    insert(con, "call_ends", [row])


def find_open_call(con: Connection, generation_id: str) -> OpenCall | None:
    """The call for a generation that is awaited in a batch."""
    return find_one(con, "calls/open_in_batch", OpenCall, generation_id=generation_id)


def find_last_failure(con: Connection, generation_id: str) -> FailedCall | None:
    """Why the newest call for a generation failed."""
    return find_one(con, "calls/last_failure", FailedCall, generation_id=generation_id)


def find_fatal_failure(con: Connection, run_id: str) -> FailedCall | None:
    """A failure that every further call would share: a rejected key, no credit."""
    return find_one(con, "calls/fatal_failure", FailedCall, run_id=run_id)


def was_cached(con: Connection, generation_id: str) -> bool:
    """Whether the call for a generation used the API's prompt cache."""
    return bool(fetch_rows(con, query("calls/cached"), generation_id=generation_id))


def get_usual_call(con: Connection, model: str) -> UsualCall:
    """Means of explanations: prompt tokens, and of a model its output and seconds.

    Output includes thinking; seconds are those of single calls.
    """
    [usual] = find(con, "calls/usual", UsualCall, model=model)
    return usual


def save_batch(con: Connection, batch_key: str, requests: int, run_id: str) -> None:
    """Records a batch before it is submitted."""
    row = {
        "batch_key": batch_key,
        "requests": requests,
        "reserved_at": datetime.now(UTC),
        "run_id": run_id,
    }
    insert(con, "batch_starts", [row])


def confirm_batch(con: Connection, batch_key: str, batch_id: str) -> None:
    """Records the API's id of a batch."""
    row = {
        "batch_key": batch_key,
        "batch_id": batch_id,
        "submitted_at": datetime.now(UTC),
    }
    insert(con, "batch_confirmations", [row])


def end_batch(con: Connection, batch_key: str) -> None:
    """Records that no call of a batch is awaited any more."""
    row = {"batch_key": batch_key, "ended_at": datetime.now(UTC)}
    insert(con, "batch_ends", [row])


def find_open_batches(con: Connection) -> list[OpenBatch]:
    """Batches whose results are awaited, oldest first."""
    return find(con, "calls/open_batches", OpenBatch)


def find_batch_ids(con: Connection) -> set[str]:
    """The service's ids of all batches that were confirmed."""
    return {row["batch_id"] for row in fetch_rows(con, query("calls/batch_ids"))}


def find_batch_keys(con: Connection) -> set[str]:
    """Our keys of all batches, submitted or not."""
    return {row["batch_key"] for row in fetch_rows(con, query("calls/batch_keys"))}


def find_batch_calls(con: Connection, batch_key: str) -> list[BatchCall]:
    """Calls of a batch that have no reply yet."""
    return find(con, "calls/of_batch", BatchCall, batch_key=batch_key)
