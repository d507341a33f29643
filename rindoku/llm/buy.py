"""Buying generations with one call each.

What is bought and in which order is written as steps (explain/steps.py): a generator
that yields a request, is sent the resulting generation, and continues from there. Two
drivers run steps: `buy` makes a call for each request; `buy_in_batches` (batches.py)
runs the steps of many papers together and puts the requests of each round into one
batch. The steps do not know which driver runs them.
"""

from collections.abc import Generator

from rindoku.archive.calls import fail_call, find_open_call
from rindoku.archive.generations import Generation
from rindoku.errors import InBatch, RindokuError
from rindoku.llm import courier
from rindoku.llm.inbox import Inbox, RawReply
from rindoku.llm.ledger import Request, find_bought, reserve, save_reply
from rindoku.run import Run

# Yields requests, is sent their generations, returns the id of the one that counts.
Steps = Generator[Request, Generation, str | None]


def buy(run: Run, steps: Steps) -> str | None:
    """Runs steps with a call for each request; returns what the steps return.

    Raises CeilingReached or InBatch before a call, what the steps raise, and what the
    service's client raises: AccessDenied, OutOfCredit, RateLimited, SourceUnavailable
    or BadInput.
    """
    try:
        request = next(steps)
        while True:
            request = steps.send(_buy_one(run, request))
    except StopIteration as end:
        generation_id: str | None = end.value
        return generation_id


def _buy_one(run: Run, request: Request) -> Generation:
    """The generation from the archive, else from the inbox, else by a call."""
    inbox = Inbox(run.settings.home_path)
    with inbox.lock_generation(request.generation_id):
        with run.archive.write() as con:
            generation = find_bought(con, run, request)
        if generation is None:
            reply = _call(run, request)
            with run.archive.write() as con:
                generation = save_reply(con, run, request.planned(run), reply)
        inbox.remove_reply(request.generation_id)
        return generation


def _call(run: Run, request: Request) -> RawReply:
    prompt = request.prompt.cached() if request.cached else request.prompt
    with run.archive.write() as con:
        open_call = find_open_call(con, request.generation_id)
        if open_call is not None:
            batch = open_call.batch_id or "(being submitted)"
            raise InBatch(
                f"The reply is awaited in batch {batch}.",
                "Run again with --batch to wait for it, or after it has ended.",
            )
        call_id = reserve(con, run, request)
    try:
        return courier.call(prompt, call_id, run.settings)
    except RindokuError as error:
        with run.archive.write() as con:
            fail_call(con, call_id, error)
        raise
