"""The Message Batches API: whether a batch has ended, its results, batches by size.

Submitting is the courier's job.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from rindoku.errors import BadInput, NotFound, RindokuError, SourceUnavailable
from rindoku.llm.client import Service
from rindoku.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anthropic import Anthropic
    from anthropic.types.messages import MessageBatch

_PAGE = 100
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

    Raises NotFound when the API no longer has the batch, or its results.
    """
    with Service.of(settings).client() as client:
        batch = _checked(client.messages.batches.retrieve(batch_id))
    if batch.processing_status != "ended":
        return False
    if not batch.results_url:
        raise NotFound(
            f"The results of batch {batch_id} are archived: the model API keeps them "
            "for 29 days.",
            "Its calls are made anew.",
        )
    return True


def read_results(batch_id: str, settings: Settings) -> list[BatchResult]:
    """The results of a batch that has ended, in no particular order.

    Raises SourceUnavailable when they are not complete: a result that is missing here
    would be paid for again.
    """
    import httpx2

    with Service.of(settings).client() as client:
        batch = _checked(client.messages.batches.retrieve(batch_id))
        try:
            results = [
                _result(line) for line in client.messages.batches.results(batch_id)
            ]
        except (ValueError, httpx2.HTTPError) as error:
            raise SourceUnavailable(
                f"The results of batch {batch_id} are torn ({type(error).__name__}).",
                "Run again.",
            ) from None
    expected = _count_requests(batch)
    if len(results) < expected:
        raise SourceUnavailable(
            f"Batch {batch_id} has {len(results)} of {expected} results.", "Run again."
        )
    return results


def find_submitted(
    since: datetime, requests: int, known: Collection[str], settings: Settings
) -> str | None:
    """A batch the API has and the archive lacks, as its confirmation was lost.

    Identified by the number of its requests and by being created after `since`; `known`
    are the ids of all other batches.
    """
    with Service.of(settings).client() as client:
        for batch in _newest_first(client):
            if batch.created_at < since:
                return None
            if batch.id not in known and _count_requests(batch) == requests:
                return str(batch.id)
    return None


def _newest_first(client: "Anthropic") -> "Iterator[MessageBatch]":
    """All batches of the API, a page at a time.

    Raises SourceUnavailable for a page that is none: a batch that is overlooked would
    be paid for again.
    """
    from anthropic import omit

    batches, after = client.messages.batches.with_raw_response, ""
    while True:
        # Raw, because the SDK fails on a page that is no JSON.
        response = batches.list(limit=_PAGE, after_id=after or omit)
        page = _parse_page(response.http_response.content)
        yield from page.batches
        if page.last_id is None:
            return
        after = page.last_id


class _Page(NamedTuple):
    """A page of batches; `last_id` is None when it is the last one."""

    batches: "list[MessageBatch]"
    last_id: str | None


def _parse_page(body: bytes) -> _Page:
    from anthropic.types.messages import MessageBatch

    try:
        page = json.loads(body)
        batches = [_checked(MessageBatch.construct(**item)) for item in page["data"]]
        last_id = page["last_id"] if page["has_more"] else None
    except (ValueError, KeyError, TypeError) as error:
        raise SourceUnavailable(
            f"The model API returned 200, but no batches ({type(error).__name__})."
        ) from None
    return _Page(batches, last_id)


def _checked(batch: "MessageBatch") -> "MessageBatch":
    """A batch as the SDK returns it, which does not check what it was sent.

    Raises SourceUnavailable when it is none.
    """
    counts = getattr(batch, "request_counts", None)
    created_at = getattr(batch, "created_at", None)
    if counts is None or not isinstance(created_at, datetime):
        raise SourceUnavailable("The model API returned 200, but no batch.")
    return batch


def _count_requests(batch: "MessageBatch") -> int:
    counts = batch.request_counts
    return int(
        counts.processing
        + counts.succeeded
        + counts.errored
        + counts.canceled
        + counts.expired
    )


def _result(line: object) -> BatchResult:
    """The result on one line. Raises SourceUnavailable when there is none."""
    from anthropic import BaseModel

    fields = line.to_dict(mode="json") if isinstance(line, BaseModel) else {}
    result, custom_id = fields.get("result"), fields.get("custom_id")
    if not isinstance(result, dict) or not isinstance(custom_id, str):
        raise SourceUnavailable("A result of the batch is no result.", "Run again.")
    kind: Any = result.get("type")
    if kind not in get_args(ResultType):
        raise SourceUnavailable(
            f"A result of the batch has the unknown type {kind!r}.", "Run again."
        )
    if kind == "succeeded":
        body = json.dumps(result.get("message"), ensure_ascii=False).encode()
        return BatchResult(custom_id, kind, body)
    error = (result.get("error") or {}).get("error") or result.get("error") or {}
    return BatchResult(
        custom_id,
        kind,
        error=str(error.get("type", kind)),
        message=str(error.get("message", kind)),
    )
