"""The service's side of message batches: submitted by the courier, asked after, their results read line by line.

The requests of a batch lie in the inbox before it is submitted, its confirmation the moment it has arrived, so that a
kill at any moment finds the batch again instead of submitting it twice.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock

from rindoku.errors import SourceUnavailable
from rindoku.llm import courier
from rindoku.llm.client import PUBLIC_API, client_of, inbox_path, write_synced
from rindoku.settings import Settings

RESULT_TYPES = ("succeeded", "errored", "canceled", "expired")


@dataclass(frozen=True)
class Result:
    """One line of a batch's results. `body` is the message of one that succeeded, written as JSON
    anew; `message` is why another did not.
    """

    custom_id: str
    type: Literal["succeeded", "errored", "canceled", "expired"]
    body: bytes = b""
    error: str = ""
    message: str = ""


def write_requests(home: Path, batch_key: str, requests: list[dict[str, Any]]) -> None:
    """Puts the requests of a batch into the inbox."""
    write_synced(
        _requests_path(home, batch_key), json.dumps(requests, ensure_ascii=False)
    )


def submit_by_courier(batch_key: str, settings: Settings) -> str:
    """Has a batch submitted whose requests are in the inbox; the service's id. Raises what `calls.ask` raises."""
    courier.ask(
        {
            "batch_key": batch_key,
            "home": str(settings.home_path),
            "api_key": settings.anthropic_api_key,
            "base_url": settings.anthropic_base_url or PUBLIC_API,
        }
    )
    confirmed = confirmation(settings.home_path, batch_key)
    if confirmed is None:
        raise SourceUnavailable(
            "The batch's confirmation vanished from the inbox.", "Run again."
        )
    return confirmed


def submit(*, batch_key: str, home: str, api_key: str, base_url: str) -> None:
    """Submits a batch and puts its confirmation into the inbox; runs in the courier. Once submitted it is left alone."""
    path = inbox_path(Path(home), batch_key)
    with FileLock(path.with_suffix(".call")):
        if path.is_file():
            return
        requests = json.loads(
            _requests_path(Path(home), batch_key).read_text(encoding="utf-8")
        )
        with client_of(api_key, base_url) as client:
            batch = client.messages.batches.create(requests=requests)
        if not getattr(batch, "id", None):
            raise SourceUnavailable(
                "The model's service confirmed no batch.", "Run again."
            )
        write_synced(path, batch.id)


def confirmation(home: Path, batch_key: str) -> str | None:
    """The service's id of a batch whose confirmation is in the inbox."""
    path = inbox_path(home, batch_key)
    return path.read_text(encoding="utf-8") if path.is_file() else None


def has_requests(home: Path, batch_key: str) -> bool:
    """Whether the requests of a batch are in the inbox."""
    return _requests_path(home, batch_key).is_file()


def forget(home: Path, batch_key: str) -> None:
    """Removes a batch from the inbox, once its id is in the archive."""
    path = inbox_path(home, batch_key)
    for one in (path, path.with_suffix(".call"), _requests_path(home, batch_key)):
        one.unlink(missing_ok=True)


def has_ended(batch_id: str, settings: Settings) -> bool:
    """Whether all requests of a batch have an end. Raises NotFound when the service no longer knows it."""
    with _client(settings) as client:
        return bool(
            client.messages.batches.retrieve(batch_id).processing_status == "ended"
        )


def read_results(batch_id: str, settings: Settings) -> Iterator[Result]:
    """The results of a batch that has ended, in the service's order, which is none."""
    with _client(settings) as client:
        for line in client.messages.batches.results(batch_id):
            yield _result(line.to_dict(mode="json"))


def find_submitted(
    since: datetime, requests: int, known: Collection[str], settings: Settings
) -> str | None:
    """A batch that was submitted since an instant and never confirmed to us: of so many requests, and of unknown id."""
    with _client(settings) as client:
        for batch in client.messages.batches.list(limit=100).data:
            counts = batch.request_counts
            size = (
                counts.processing
                + counts.succeeded
                + counts.errored
                + counts.canceled
                + counts.expired
            )
            if batch.id not in known and batch.created_at >= since and size == requests:
                return str(batch.id)
    return None


def _client(settings: Settings) -> Any:
    return client_of(
        settings.anthropic_api_key, settings.anthropic_base_url or PUBLIC_API
    )


def _result(line: dict[str, Any]) -> Result:
    result = line.get("result") or {}
    kind = result.get("type")
    if kind not in RESULT_TYPES:
        raise SourceUnavailable(
            f"A result of the batch is of the unknown type {kind!r}.", "Run again."
        )
    if kind == "succeeded":
        return Result(
            line["custom_id"],
            kind,
            json.dumps(result["message"], ensure_ascii=False).encode(),
        )
    error = (result.get("error") or {}).get("error") or result.get("error") or {}
    return Result(
        line["custom_id"],
        kind,
        b"",
        str(error.get("type", kind)),
        str(error.get("message", kind)),
    )


def _requests_path(home: Path, batch_key: str) -> Path:
    return inbox_path(home, batch_key).with_suffix(".requests")
