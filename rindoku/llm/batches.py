"""Buying in batches: half the price, replies within a day.

Requests are reserved, submitted, awaited and collected; each step looks up in the
archive what the one before has done. If a run is killed at any moment, the next one
picks up its batch and pays for nothing twice. Results are matched by their custom id,
which is the generation's; a request without a reply is submitted again.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from rindoku.archive import Connection
from rindoku.archive.calls import (
    BatchCall,
    OpenBatch,
    confirm_batch,
    end_batch,
    fail_call,
    find_batch_calls,
    find_batch_ids,
    find_last_failure,
    find_open_batches,
    find_open_call,
    save_batch,
)
from rindoku.archive.generations import Generation, PlannedGeneration
from rindoku.errors import (
    BadInput,
    CeilingReached,
    NotFound,
    Permanent,
    ReplyLost,
    RindokuError,
    SourceUnavailable,
)
from rindoku.keys import content_key
from rindoku.llm import courier
from rindoku.llm.batch_client import (
    BatchResult,
    find_submitted,
    has_ended,
    read_results,
)
from rindoku.llm.client import Service
from rindoku.llm.inbox import Inbox, RawReply
from rindoku.llm.ledger import (
    BatchEntry,
    Request,
    Steps,
    ceiling_error,
    find_bought,
    reserve,
    save_reply,
)
from rindoku.llm.replies import check_message
from rindoku.run import Run

# Keeps a batch far below the API's limit of 256 MB.
MOST_REQUESTS = 200
# How often a run submits a request, if it comes back without a reply.
SUBMISSIONS = 3
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0

# Waits before a batch is polled again; given the seconds and the replies still awaited.
Pause = Callable[[float, int], None]


@dataclass(frozen=True)
class Bought:
    """What the finished steps returned, and why others failed, by their ids."""

    generation_ids: list[str]
    failures: dict[str, str]


@dataclass
class _Round:
    """One round of requests: generations and reasons of failures, by generation id."""

    generations: dict[str, Generation] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def pending(self, requests: Sequence[Request]) -> list[Request]:
        """The requests that have neither succeeded nor failed."""
        ended = self.generations.keys() | self.reasons.keys()
        return [request for request in requests if request.generation_id not in ended]


class _Paper:
    """One paper's steps: the request they wait for, else their result or failure."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.request: Request | None = None
        self.result: str | None = None
        self.failure: str | None = None
        self._advance(lambda: next(steps))

    def accept(self, generation: Generation) -> None:
        """Advances to the next request, or to the end."""
        self._advance(lambda: self._steps.send(generation))

    def fail(self, reason: str) -> None:
        """Ends the steps: their request got no reply."""
        self.request, self.failure = None, reason

    def _advance(self, step: Callable[[], Request]) -> None:
        self.request = None
        try:
            self.request = step()
        except StopIteration as end:
            self.result = end.value
        except RindokuError as error:
            self.failure = str(error)


def buy_in_batches(run: Run, steps: Mapping[str, Steps], pause: Pause) -> Bought:
    """Runs the steps of many papers together, each round of requests in one batch.

    `steps` are by the id of what they are about. A paper that fails does not stop the
    others. Raises the API's error when a batch can't be submitted or awaited.
    """
    papers = {name: _Paper(its_steps) for name, its_steps in steps.items()}
    while waiting := [p for p in papers.values() if p.request is not None]:
        requests = [paper.request for paper in waiting if paper.request is not None]
        ended = _buy_round(run, requests, pause)
        for paper, request in zip(waiting, requests, strict=True):
            generation = ended.generations.get(request.generation_id)
            if generation is not None:
                paper.accept(generation)
            else:
                paper.fail(ended.reasons[request.generation_id])
    return Bought(
        [paper.result for paper in papers.values() if paper.result is not None],
        {name: paper.failure for name, paper in papers.items() if paper.failure},
    )


def _buy_round(run: Run, requests: Sequence[Request], pause: Pause) -> _Round:
    """Each request's generation, or why there is none."""
    current = _Round()
    for _ in range(SUBMISSIONS):
        current.generations |= _find_all_bought(run, requests)
        pending = current.pending(requests)
        if not pending:
            break
        current.reasons |= _submit(run, pending)
        _wait(run, pending, pause)
        current.generations |= _find_all_bought(run, pending)
        current.reasons |= _find_invalid(run, current.pending(pending))
    for request in requests:
        current.reasons.setdefault(
            request.generation_id, "The batch returned no reply. Run again."
        )
    return current


def _find_all_bought(run: Run, requests: Sequence[Request]) -> dict[str, Generation]:
    """The generations that are in the archive or in the inbox."""
    generations = {}
    with run.archive.write() as con:
        for request in requests:
            generation = find_bought(con, run, request)
            if generation is not None:
                generations[request.generation_id] = generation
    return generations


def _find_invalid(run: Run, requests: Sequence[Request]) -> dict[str, str]:
    """Why requests are not submitted again: the API rejected them as invalid."""
    reasons = {}
    with run.archive.read_latest() as con:
        for request in requests:
            failure = find_last_failure(con, request.generation_id)
            if failure is not None and failure.error == BadInput.__name__:
                reasons[request.generation_id] = failure.message
    return reasons


# Submitting


def _submit(run: Run, requests: Sequence[Request]) -> dict[str, str]:
    """Submits requests that are not awaited yet; returns why some were refused."""
    reasons: dict[str, str] = {}
    with _submitting(run):
        for start in range(0, len(requests), MOST_REQUESTS):
            reasons |= _submit_chunk(run, requests[start : start + MOST_REQUESTS])
    return reasons


@contextmanager
def _submitting(run: Run) -> Iterator[None]:
    """Lets one process at a time submit.

    First confirms the batches that a killed process left unconfirmed.
    """
    with Inbox(run.settings.home_path).lock_batches():
        _confirm_open_batches(run)
        yield


def _submit_chunk(run: Run, chunk: Sequence[Request]) -> dict[str, str]:
    """Reserves and submits one batch; returns why some requests are not in it."""
    inbox = Inbox(run.settings.home_path)
    ids = [request.generation_id for request in chunk]
    batch_key = content_key("batch", ids, os.urandom(8).hex())
    # Written before the archive lists the batch, which can then always be submitted.
    inbox.keep_requests(batch_key, _bodies(chunk))
    reserved, refused = _reserve(run, batch_key, chunk)
    if not reserved:
        inbox.remove_batch(batch_key)
        return refused
    if len(reserved) < len(chunk):
        inbox.keep_requests(batch_key, _bodies(reserved))
    _confirm(run, batch_key)
    return refused


def _bodies(requests: Sequence[Request]) -> list[dict[str, object]]:
    """The requests as the API expects them."""
    return [
        {
            "custom_id": _custom_id(request.generation_id),
            "params": request.prompt.arguments,
        }
        for request in requests
    ]


def _reserve(
    run: Run, batch_key: str, chunk: Sequence[Request]
) -> tuple[list[Request], dict[str, str]]:
    """Lists a batch and those of its calls that the ceiling allows in one transaction.

    Returns the requests in it, and why others are not, by generation.
    """
    reserved: list[Request] = []
    refused: dict[str, str] = {}
    too_much: list[Request] = []
    with run.archive.write() as con:
        for request in chunk:
            if find_open_call(con, request.generation_id) is not None:
                continue
            awaited = json.dumps(asdict(request.planned(run)), ensure_ascii=False)
            try:
                reserve(con, run, request, BatchEntry(batch_key, awaited))
            except CeilingReached:
                too_much.append(request)
            except Permanent as error:
                # Every further call would meet the same error.
                refused[request.generation_id] = str(error)
                break
            else:
                reserved.append(request)
        if reserved:
            save_batch(con, batch_key, len(reserved), run.run_id)
        if too_much:
            reason = str(ceiling_error(con, run, too_much, batch=True))
            refused |= {request.generation_id: reason for request in too_much}
    return reserved, refused


def _confirm_open_batches(run: Run) -> None:
    """Confirms batches of a run that ended before the API's confirmation was saved."""
    inbox = Inbox(run.settings.home_path)
    with run.archive.read_latest() as con:
        batches = [b for b in find_open_batches(con) if b.batch_id is None]
        known = find_batch_ids(con)
    for batch in batches:
        batch_id = _find_confirmed(run, batch, known)
        if batch_id is not None:
            # Another open batch of the same size must not be matched to this one.
            known.add(batch_id)
            _record_confirmation(run, batch.batch_key, batch_id)
        elif inbox.find_requests(batch.batch_key) is not None:
            _confirm(run, batch.batch_key)
        else:
            lost = SourceUnavailable("The batch was never submitted.", "Run again.")
            _give_up(run, batch.batch_key, lost)


def _find_confirmed(run: Run, batch: OpenBatch, known: set[str]) -> str | None:
    """The API's id of an unconfirmed batch, from the inbox or the API."""
    confirmation = Inbox(run.settings.home_path).find_confirmation(batch.batch_key)
    if confirmation is not None:
        return confirmation
    since = batch.reserved_at - timedelta(minutes=1)
    return find_submitted(since, batch.requests, known, run.settings)


def _confirm(run: Run, batch_key: str) -> None:
    """Submits a batch and records the API's id."""
    try:
        batch_id = courier.submit_batch(batch_key, run.settings)
    except Permanent as error:
        # Rejected, so nothing was bought. A transient error leaves the batch open, as
        # the API may have accepted it.
        _give_up(run, batch_key, error)
        raise
    _record_confirmation(run, batch_key, batch_id)


def _record_confirmation(run: Run, batch_key: str, batch_id: str) -> None:
    with run.archive.write() as con:
        confirm_batch(con, batch_key, batch_id)
    Inbox(run.settings.home_path).remove_batch(batch_key)


def _give_up(run: Run, batch_key: str, error: RindokuError) -> None:
    """Ends a batch whose calls will get no reply."""
    with run.archive.write() as con:
        for call in find_batch_calls(con, batch_key):
            fail_call(con, call.call_id, error)
        end_batch(con, batch_key)
    Inbox(run.settings.home_path).remove_batch(batch_key)


# Collecting


def _wait(run: Run, requests: Sequence[Request], pause: Pause) -> None:
    """Collects ended batches until none of the requests is awaited any more."""
    seconds = FIRST_PAUSE_S
    while True:
        collect_batches(run)
        awaited = _count_awaited(run, requests)
        if not awaited:
            return
        pause(seconds, awaited)
        seconds = min(2 * seconds, LONGEST_PAUSE_S)


def _count_awaited(run: Run, requests: Sequence[Request]) -> int:
    with run.archive.read_latest() as con:
        calls = [find_open_call(con, request.generation_id) for request in requests]
    return sum(call is not None for call in calls)


def collect_batches(run: Run) -> None:
    """Saves the results of every batch that has ended, whichever run submitted it."""
    with _submitting(run), run.archive.read_latest() as con:
        batches = find_open_batches(con)
    for batch in batches:
        if batch.batch_id is not None:
            _collect_batch(run, batch.batch_key, batch.batch_id)


def _collect_batch(run: Run, batch_key: str, batch_id: str) -> None:
    try:
        if not has_ended(batch_id, run.settings):
            return
        results = {r.custom_id: r for r in read_results(batch_id, run.settings)}
    except NotFound as error:
        _give_up(run, batch_key, ReplyLost(error.message, error.remedy))
        return
    with run.archive.write() as con:
        for call in find_batch_calls(con, batch_key):
            result = results.get(_custom_id(call.generation_id))
            if result is None:
                fail_call(con, call.call_id, ReplyLost("The batch's results lack it."))
            elif result.type == "succeeded":
                _save_batch_reply(con, run, call, batch_id, result)
            else:
                fail_call(con, call.call_id, result.failure())
        end_batch(con, batch_key)


def _save_batch_reply(
    con: Connection, run: Run, call: BatchCall, batch_id: str, result: BatchResult
) -> None:
    try:
        check_message(result.body)
    except ReplyLost as error:
        # A broken reply fails alone; the others are saved and the batch ends.
        fail_call(con, call.call_id, error)
        return
    base_url = Service.of(run.settings).base_url
    reply = RawReply(
        call_id=call.call_id,
        generation_id=call.generation_id,
        request_id=None,
        url=f"{base_url}/v1/messages/batches/{batch_id}/results",
        body=result.body,
        arrived_at=datetime.now(UTC),
    )
    planned = PlannedGeneration(**json.loads(call.awaited))
    save_reply(con, run, planned, reply, batch=True)


def _custom_id(generation_id: str) -> str:
    # The API accepts letters, digits, _ and - only.
    return generation_id.replace(":", "-")
