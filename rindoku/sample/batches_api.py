"""The stand-in's Message Batches API.

A batch is in progress for a number of polls, then ended. Single requests may fail.
"""

import itertools
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rindoku.sample.responses import model_error

Json = dict[str, Any]
# Batches on a page, if the request does not say.
_PAGE = 20
_EXPIRES_AFTER = timedelta(days=1)
# The result of a batch's first request by ordered fault: types of result and error.
_ENDS = {
    "batch-errored": ("errored", "api_error"),
    "batch-invalid": ("errored", "invalid_request_error"),
    "batch-expired": ("expired", ""),
    "batch-canceled": ("canceled", ""),
}


@dataclass
class _Batch:
    """A batch; `polls` counts the requests for its state."""

    batch_id: str
    results: Sequence[Json]
    created_at: datetime
    polls: int = 0
    archived_at: datetime | None = None


class Batches:
    """Batches of calls to a model. Thread-safe.

    A batch has ended once it has been polled more than `patience` times.
    """

    def __init__(self, message: Callable[[Json], Json]) -> None:
        self.patience = 0
        self._message = message
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._batches: dict[str, _Batch] = {}

    def create(self, request: Json, fault: str) -> Json:
        """POST /v1/messages/batches; a fault applies to the first request."""
        first, *others = request["requests"]
        results = [self._result(first, fault)]
        results += [self._result(other, "") for other in others]
        batch = _Batch(
            batch_id=f"msgbatch_sample_{next(self._numbers):05d}",
            # Reversed, because the API guarantees no order.
            results=results[::-1],
            created_at=datetime.now(UTC),
        )
        with self._lock:
            self._batches[batch.batch_id] = batch
        return self._render(batch)

    def get(self, batch_id: str) -> Json | None:
        """GET /v1/messages/batches/:id."""
        with self._lock:
            batch = self._batches.get(batch_id)
            if batch is None:
                return None
            batch.polls += 1
        return self._render(batch)

    def page(self, query: Mapping[str, str]) -> Json:
        """GET /v1/messages/batches, the newest first."""
        with self._lock:
            newest = list(self._batches.values())[::-1]
        ids = [batch.batch_id for batch in newest]
        start = ids.index(query["after_id"]) + 1 if "after_id" in query else 0
        end = start + int(query.get("limit", _PAGE))
        shown = newest[start:end]
        return {
            "data": [self._render(batch) for batch in shown],
            "has_more": end < len(newest),
            "first_id": shown[0].batch_id if shown else None,
            "last_id": shown[-1].batch_id if shown else None,
        }

    def archive(self) -> None:
        """Puts the results of all batches away, as the service does after 29 days."""
        for batch in self._batches.values():
            batch.archived_at = datetime.now(UTC)

    def results(self, batch_id: str) -> str | None:
        """GET /v1/messages/batches/:id/results: JSON lines."""
        batch = self._batches.get(batch_id)
        if batch is None or batch.archived_at:
            return None
        lines = (json.dumps(result, ensure_ascii=False) for result in batch.results)
        return "".join(f"{line}\n" for line in lines)

    def forget(self) -> None:
        """Loses all batches, as the service does after some weeks."""
        with self._lock:
            self._batches.clear()

    def _result(self, request: Json, fault: str) -> Json:
        kind, error = _ENDS.get(fault, ("succeeded", ""))
        result: Json = {"type": kind}
        if kind == "succeeded":
            result["message"] = self._message(request["params"])
        elif kind == "errored":
            details = model_error(error, "The request could not be answered.")
            result["error"] = details | {"request_id": "req_sample"}
        return {"custom_id": request["custom_id"], "result": result}

    def _render(self, batch: _Batch) -> Json:
        has_ended = batch.polls > self.patience
        total = len(batch.results)
        succeeded = sum(r["result"]["type"] == "succeeded" for r in batch.results)
        counts = {
            "processing": 0 if has_ended else total,
            "succeeded": succeeded if has_ended else 0,
            "errored": total - succeeded if has_ended else 0,
            "canceled": 0,
            "expired": 0,
        }
        results_url = f"/v1/messages/batches/{batch.batch_id}/results"
        return {
            "id": batch.batch_id,
            "type": "message_batch",
            "processing_status": "ended" if has_ended else "in_progress",
            "request_counts": counts,
            "created_at": batch.created_at.isoformat(),
            "expires_at": (batch.created_at + _EXPIRES_AFTER).isoformat(),
            "ended_at": datetime.now(UTC).isoformat() if has_ended else None,
            "archived_at": batch.archived_at.isoformat() if batch.archived_at else None,
            "cancel_initiated_at": None,
            "results_url": None if batch.archived_at or not has_ended else results_url,
        }
