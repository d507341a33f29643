"""The archive's record of paid calls: reserved before they are sent, saved on arrival.

A reply is bought once: it is looked for in the archive, then in the inbox, and only
then paid for. Single calls (buy.py) and batches (batches.py) are recorded alike.
"""

import uuid
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import UTC
from math import ceil

from rindoku import errors
from rindoku.archive import Connection
from rindoku.archive.calls import (
    ReservedCall,
    answer_call,
    find_fatal_failure,
    reserve_call,
)
from rindoku.archive.generations import (
    Generation,
    PlannedGeneration,
    find_generation,
    save_generation,
)
from rindoku.archive.payloads import save_payload
from rindoku.archive.run_log import spent_usd
from rindoku.errors import (
    CeilingReached,
    ReplyRefused,
    ReplyTruncated,
    RindokuError,
    UnusableReply,
)
from rindoku.llm.inbox import Inbox, RawReply
from rindoku.llm.message import Prompt
from rindoku.llm.replies import SAMPLE_MODEL, check_reply, parse_usage
from rindoku.models import Document, GenerationStatus, Label
from rindoku.prices import cost_usd, estimate_tokens, estimate_usd
from rindoku.run import Run
from rindoku.web import make_payload

_STATUS: dict[type[UnusableReply], GenerationStatus] = {
    ReplyRefused: "refused",
    ReplyTruncated: "truncated",
    UnusableReply: "unreadable",
}


@dataclass(frozen=True)
class Request:
    """A generation to buy.

    `repairs` is the generation it repairs or reviews. With `cached`, a single call uses
    the API's prompt cache for the paper; batches do not.
    """

    prompt: Prompt
    document: Document
    language: str
    repairs: str | None = None
    cached: bool = False

    @property
    def generation_id(self) -> str:
        return self.prompt.generation_id

    def planned(self, run: Run) -> PlannedGeneration:
        """The generation as far as it is known before the reply."""
        return PlannedGeneration(
            generation_id=self.prompt.generation_id,
            kind=self.prompt.kind,
            language=self.language,
            model=self.prompt.model,
            prompt_version=self.prompt.prompt_version,
            prompt_hash=self.prompt.prompt_hash,
            paper_id=self.document.paper_id,
            document_id=self.document.document_id,
            repairs=self.repairs,
            run_id=run.run_id,
        )


# Yields requests, is sent their generations, returns the id of the one that counts.
Steps = Generator[Request, Generation, str | None]


@dataclass(frozen=True)
class BatchEntry:
    """The batch a call is reserved for, and the JSON its reply will be stored with."""

    batch_key: str
    awaited: str


def find_bought(con: Connection, run: Run, request: Request) -> Generation | None:
    """The generation when it is in the archive, or when its reply is in the inbox."""
    generation = find_generation(con, request.generation_id)
    if generation is not None:
        return generation
    reply = Inbox(run.settings.home_path).find_reply(request.generation_id)
    if reply is None:
        return None
    return save_reply(con, run, request.planned(run), reply)


def save_reply(
    con: Connection,
    run: Run,
    planned: PlannedGeneration,
    reply: RawReply,
    *,
    batch: bool = False,
) -> Generation:
    """Saves a raw reply, the generation it gives, and what it cost."""
    payload = make_payload("model", reply.url, 200, reply.body)
    generation = _generation(planned, payload.payload_id, reply.body)
    usage, stop_reason = parse_usage(reply.body)
    save_payload(con, payload)
    save_generation(con, generation)
    answer_call(
        con,
        reply.call_id,
        usage,
        cost_usd=cost_usd(
            planned.model,
            usage,
            run.settings.home_path,
            batch=batch,
            on=reply.arrived_at.astimezone(UTC).date(),
        ),
        request_id=reply.request_id,
        stop_reason=stop_reason,
    )
    return generation


def _generation(planned: PlannedGeneration, payload_id: str, body: bytes) -> Generation:
    """The generation with its label, and with the status that its reply gives it."""
    try:
        model = check_reply(planned.kind, body)
    except UnusableReply as error:
        status = _STATUS[type(error)]
        return planned.answered(payload_id, "model", status, error.message)
    label: Label = "sample" if model == SAMPLE_MODEL else "model"
    return planned.answered(payload_id, label)


def reserve(
    con: Connection, run: Run, request: Request, entry: BatchEntry | None = None
) -> str:
    """Records a call with the most it may cost before it is made, and returns its id.

    `entry` is for a call in a batch. Raises CeilingReached when the call would exceed
    the run's ceiling. After an error that every further call would meet as well (a
    rejected key, an account without credit), raises that error.
    """
    failure = find_fatal_failure(con, run.run_id)
    if failure is not None:
        error_class: type[RindokuError] = getattr(errors, failure.error)
        raise error_class(
            f"No further call was made: {failure.message}",
            "When that is settled, run again: what is done is kept.",
        )
    prompt = request.prompt
    batch = entry is not None
    estimate = _reservation_usd(run, request, batch=batch)
    if run.max_usd is not None and (
        estimate is None or spent_usd(con, run.run_id) + estimate > run.max_usd
    ):
        raise ceiling_error(con, run, [request], batch=batch)
    reserved = ReservedCall(
        call_id=str(uuid.uuid4()),
        generation_id=prompt.generation_id,
        kind=prompt.kind,
        model=prompt.model,
        estimated_usd=estimate,
        run_id=run.run_id,
        batch_key=entry.batch_key if entry else None,
        awaited=entry.awaited if entry else None,
    )
    reserve_call(con, reserved)
    return reserved.call_id


def _reservation_usd(run: Run, request: Request, *, batch: bool) -> float | None:
    """The most that a call may cost: with every token that its reply may have."""
    prompt = request.prompt
    return estimate_usd(
        prompt.model,
        estimate_tokens(prompt.characters),
        prompt.most_output_tokens,
        run.settings.home_path,
        cached=request.cached and not batch,
        batch=batch,
    )


def ceiling_error(
    con: Connection, run: Run, requests: Sequence[Request], *, batch: bool
) -> CeilingReached:
    """The error for calls that do not fit under the run's ceiling."""
    ceiling = run.max_usd or 0.0
    costs = [_reservation_usd(run, request, batch=batch) for request in requests]
    if None in costs:
        unknown = requests[costs.index(None)].prompt.model
        return CeilingReached(
            f"The price of {unknown} is unknown, so --max-usd {ceiling:.2f} cannot "
            "be enforced.",
            "Add it to prices.toml in the home folder, or run without --max-usd.",
        )
    spent, needed = spent_usd(con, run.run_id), sum(cost or 0.0 for cost in costs)
    calls = "The next call" if len(costs) == 1 else f"{len(costs)} more calls"
    return CeilingReached(
        f"{calls} may cost up to ${needed:.3f}, which would exceed --max-usd "
        f"{ceiling:.2f}; ${spent:.3f} is already spent or reserved.",
        "Run again with a higher --max-usd: what is done is kept, and the rest needs "
        f"at least {ceil(needed * 100) / 100:.2f}.",
    )
