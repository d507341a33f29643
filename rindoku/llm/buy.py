"""Buying generations with one call each.

What is bought and in which order is written as steps (explain/steps.py): a generator
that yields a request, is sent the resulting generation, and continues from there. Two
drivers run steps: `buy` makes a call for each request; `buy_in_batches` (batches.py)
runs the steps of many papers together and puts the requests of each round into one
batch. The steps do not know which driver runs them.
"""

import threading
from collections import Counter

from rindoku.archive import Connection
from rindoku.archive.calls import fail_call, find_open_call
from rindoku.archive.generations import Generation
from rindoku.errors import CeilingReached, InBatch, RindokuError, SourceUnavailable
from rindoku.llm import courier
from rindoku.llm.batches import collect_batches
from rindoku.llm.inbox import Inbox
from rindoku.llm.ledger import Request, Steps, find_bought, reserve, save_reply
from rindoku.run import Run

# Calls of this process under way, by run. Each ends below the most that is reserved for
# it, so that a call that does not fit under the ceiling waits for one to end.
_under_way: Counter[str] = Counter()
_ended = threading.Condition()


def buy(run: Run, steps: Steps) -> str | None:
    """Runs steps with a call for each request; returns what the steps return.

    Raises CeilingReached or InBatch before a call, what the steps raise, and what the
    service's client raises: AccessDenied, OutOfCredit, RateLimited, SourceUnavailable
    or BadInput.
    """
    try:
        request = next(steps)
        while True:
            request = steps.send(_buy_or_collect(run, request))
    except StopIteration as end:
        generation_id: str | None = end.value
        return generation_id


def _buy_or_collect(run: Run, request: Request) -> Generation:
    """Buys a generation; looks once whether a batch with it has ended meanwhile."""
    try:
        return _buy_one(run, request)
    except InBatch:
        collect_batches(run)
        return _buy_one(run, request)


def _buy_one(run: Run, request: Request) -> Generation:
    """The generation from the archive, else from the inbox, else by a call."""
    inbox = Inbox(run.settings.home_path)
    with inbox.lock_generation(request.generation_id):
        with run.archive.write() as con:
            generation = find_bought(con, run, request)
        if generation is None:
            generation = _call(run, request)
        inbox.remove_reply(request.generation_id)
        return generation


def _call(run: Run, request: Request) -> Generation:
    """Reserves and makes a call; lets those that wait for its reservation go on."""
    call_id = _reserve(run, request)
    try:
        return _send(run, request, call_id)
    finally:
        with _ended:
            _under_way[run.run_id] -= 1
            _ended.notify_all()


def _send(run: Run, request: Request, call_id: str) -> Generation:
    """Makes a call; saves its reply or its failure."""
    prompt = request.prompt.cached() if request.cached else request.prompt
    try:
        reply = courier.call(prompt, call_id, run.settings)
    except RindokuError as error:
        with run.archive.write() as con:
            fail_call(con, call_id, error)
        raise
    with run.archive.write() as con:
        if reply.call_id != call_id:
            # A courier that outlived its run had made the call.
            fail_call(con, call_id, SourceUnavailable("The call was not sent again."))
        return save_reply(con, run, request.planned(run), reply)


def _reserve(run: Run, request: Request) -> str:
    """Reserves a call, as soon as those under way leave enough of the ceiling."""
    with _ended:
        while True:
            try:
                with run.archive.write() as con:
                    _check_batches(con, request)
                    call_id = reserve(con, run, request)
            except CeilingReached:
                if not _under_way[run.run_id]:
                    raise
                _ended.wait()
            else:
                _under_way[run.run_id] += 1
                return call_id


def _check_batches(con: Connection, request: Request) -> None:
    """Raises InBatch if the reply is awaited in a batch."""
    open_call = find_open_call(con, request.generation_id)
    if open_call is not None:
        batch = open_call.batch_id or "(being submitted)"
        raise InBatch(
            f"The reply is awaited in batch {batch}.",
            "Run again with --batch to wait for it, or after it has ended.",
        )
