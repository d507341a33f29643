"""The Message Batches API: whether a batch has ended, its results, batches by size.

Submitting is the courier's job.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from rindoku.errors import BadInput, RindokuError, SourceUnavailable
from rindoku.llm.client import Service
from rindoku.settings import Settings

ResultType = Literal["succeeded", "errored", "canceled", "expired"]


@dataclass(frozen=True)
class BatchResult:
    """One result of a batch.

    `body` is the message of a call that succeeded, as JSON; `error` and `message` say
    why another did not.
    """

    custom_id: str
    type: ResultType
    body: bytes = b""
    error: str = ""
    message: str = ""

    def failure(self) -> RindokuError:
        """Why the call got no reply; it was not billed."""
        if self.error == "invalid_request_error":
            return BadInput(
                f"The model API rejected the request: {self.message}",
                "Check RINDOKU_MODEL.",
            )
        return SourceUnavailable(
            f"The call ended as {self.type}: {self.message}.",
            "It will be submitted again.",
        )


def has_ended(batch_id: str, settings: Settings) -> bool:
    """Whether all requests of a batch have ended.

    Raises NotFound when the API no longer has it.
    """
    with Service.of(settings).client() as client:
        batch = client.messages.batches.retrieve(batch_id)
        return bool(batch.processing_status == "ended")


def read_results(batch_id: str, settings: Settings) -> Iterator[BatchResult]:
    """The results of a batch that has ended, in no particular order."""
    with Service.of(settings).client() as client:
        for line in client.messages.batches.results(batch_id):
            yield _result(line.to_dict(mode="json"))


def find_submitted(
    since: datetime, requests: int, known: Collection[str], settings: Settings
) -> str | None:
    """A batch the API has and the archive lacks, as its confirmation was lost.

    Identified by the number of its requests and by being created after `since`; `known`
    are the ids of all other batches.
    """
    with Service.of(settings).client() as client:
        for batch in client.messages.batches.list(limit=100).data:
            counts = batch.request_counts
            size = (
                counts.processing
                + counts.succeeded
                + counts.errored
                + counts.canceled
                + counts.expired
            )
            is_new = batch.id not in known and batch.created_at >= since
            if is_new and size == requests:
                return str(batch.id)
    return None


def _result(line: dict[str, Any]) -> BatchResult:
    result = line.get("result") or {}
    kind: Any = result.get("type")
    if kind not in get_args(ResultType):
        raise SourceUnavailable(
            f"A result of the batch has the unknown type {kind!r}.", "Run again."
        )
    if kind == "succeeded":
        body = json.dumps(result["message"], ensure_ascii=False).encode()
        return BatchResult(line["custom_id"], kind, body)
    error = (result.get("error") or {}).get("error") or result.get("error") or {}
    return BatchResult(
        line["custom_id"],
        kind,
        error=str(error.get("type", kind)),
        message=str(error.get("message", kind)),
    )
