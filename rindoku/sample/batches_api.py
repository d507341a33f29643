"""The stand-in's Message Batches API: accepted, in progress for a while, ended; single requests may fail."""

import itertools
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from rindoku.sample.answers import model_error

Json = dict[str, Any]
# How the first request of a batch ends under an ordered fault: type of its result, and the error's.
_ENDS = {
    "batch-errored": ("errored", "api_error"),
    "batch-invalid": ("errored", "invalid_request_error"),
    "batch-expired": ("expired", ""),
    "batch-canceled": ("canceled", ""),
}


class Batches:
    """Batches of calls to a model. Thread-safe."""

    def __init__(self, message: Callable[[Json], Json]) -> None:
        self._message = message
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._batches: dict[str, Json] = {}
        # How often a batch is asked after before it has ended.
        self.patience = 0

    def create(self, request: Json, fault: str) -> Json:
        """POST /v1/messages/batches."""
        batch_id = f"msgbatch_sample_{next(self._numbers):05d}"
        results = [
            self._result(r, fault if n == 0 else "")
            for n, r in enumerate(request["requests"])
        ]
        with self._lock:
            self._batches[batch_id] = {
                "results": results[::-1],
                "asked": 0,
                "created": datetime.now(UTC),
            }
        return self._batch(batch_id)

    def get(self, batch_id: str) -> Json | None:
        """GET /v1/messages/batches/:id."""
        with self._lock:
            if batch_id not in self._batches:
                return None
            self._batches[batch_id]["asked"] += 1
        return self._batch(batch_id)

    def all(self) -> Json:
        """GET /v1/messages/batches, the newest first."""
        found = [self._batch(b) for b in reversed(self._batches)]
        return {"data": found, "has_more": False, "first_id": None, "last_id": None}

    def results(self, batch_id: str) -> str | None:
        """GET /v1/messages/batches/:id/results: JSON lines, in no promised order."""
        batch = self._batches.get(batch_id)
        return (
            "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in batch["results"])
            if batch
            else None
        )

    def _result(self, request: Json, fault: str) -> Json:
        kind, error = _ENDS.get(fault, ("succeeded", ""))
        result: Json = {"type": kind}
        if kind == "succeeded":
            result["message"] = self._message(request["params"])
        elif kind == "errored":
            result["error"] = model_error(
                error, "The request could not be answered."
            ) | {"request_id": "req_sample"}
        return {"custom_id": request["custom_id"], "result": result}

    def _batch(self, batch_id: str) -> Json:
        batch = self._batches[batch_id]
        ended, count, created = (
            batch["asked"] > self.patience,
            len(batch["results"]),
            batch["created"],
        )
        done = sum(r["result"]["type"] == "succeeded" for r in batch["results"])
        counts = {
            "processing": 0 if ended else count,
            "succeeded": done if ended else 0,
            "errored": count - done if ended else 0,
        }
        return {
            "id": batch_id,
            "type": "message_batch",
            "processing_status": "ended" if ended else "in_progress",
            "request_counts": counts | {"canceled": 0, "expired": 0},
            "created_at": created.isoformat(),
            "expires_at": (created + timedelta(days=1)).isoformat(),
            "ended_at": datetime.now(UTC).isoformat() if ended else None,
            "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": f"/v1/messages/batches/{batch_id}/results"
            if ended
            else None,
        }
