"""A paid answer, bought once: from the archive, else from the inbox, else by a call.

A call is written down before it is made and its raw reply is saved before it is parsed, so that whatever happens,
nothing paid for is asked for twice.
"""

import uuid
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rindoku import errors
from rindoku.archive.finding import find_generation, spent_usd
from rindoku.archive.rows import fetch_rows
from rindoku.archive.saving import (
    answer_call,
    fail_call,
    reserve_call,
    save_generation,
    save_payload,
)
from rindoku.archive.statements import query
from rindoku.errors import (
    CeilingReached,
    InBatch,
    ReplyRefused,
    ReplyTruncated,
    RindokuError,
    UnusableReply,
)
from rindoku.llm import client as calls
from rindoku.llm.prompt import Prompt
from rindoku.llm.replies import SAMPLE_MODEL, check_reply, parse_usage
from rindoku.models import Document
from rindoku.prices import cost_usd, estimate_tokens, estimate_usd
from rindoku.run import Run
from rindoku.web.fetch import make_payload

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

Row = dict[str, Any]
_STATUS = {
    ReplyRefused: "refused",
    ReplyTruncated: "truncated",
    UnusableReply: "unreadable",
}


@dataclass(frozen=True)
class Wanted:
    """A generation that is wanted, and how it is stored. `cached` has its paper written to the prompt cache."""

    prompt: Prompt
    document: Document
    language: str
    repairs: str | None = None
    cached: bool = False

    def row(self, run: Run) -> Row:
        """The generation's row, as far as it is known before the reply."""
        return {
            "generation_id": self.prompt.generation_id,
            "kind": self.prompt.kind,
            "language": self.language,
            "model": self.prompt.model,
            "prompt_version": self.prompt.prompt_version,
            "prompt_hash": self.prompt.prompt_hash,
            "paper_id": self.document.paper_id,
            "document_id": self.document.document_id,
            "repairs": self.repairs,
            "run_id": run.run_id,
        }


# Yields what must be bought, is sent its row, and returns the id of what came of it.
Steps = Generator[Wanted, Row, str | None]


def drive(run: Run, steps: Steps) -> str | None:
    """Goes through steps with a call of its own for each generation that is wanted."""
    try:
        wanted = next(steps)
        while True:
            wanted = steps.send(buy(run, wanted))
    except StopIteration as end:
        result: str | None = end.value
        return result


def buy(run: Run, wanted: Wanted) -> Row:
    """The generation's row. Raises CeilingReached and InBatch before a call, and what `calls.ask` raises."""
    home, prompt = run.settings.home_path, wanted.prompt
    with calls.only_one(home, prompt.generation_id):
        with run.archive.write() as con:
            row = find_bought(con, run, wanted)
        if row is None:
            reply = _call(run, wanted)
            with run.archive.write() as con:
                row = save_reply(con, run, wanted.row(run), reply)
        calls.forget_waiting(home, prompt.generation_id)
        return row


def find_bought(con: "Connection", run: Run, wanted: Wanted) -> Row | None:
    """The generation's row when it is in the archive, or its reply in the inbox."""
    row = find_generation(con, wanted.prompt.generation_id)
    if row is None and (
        reply := calls.waiting(run.settings.home_path, wanted.prompt.generation_id)
    ):
        row = save_reply(con, run, wanted.row(run), reply)
    return row


def save_reply(
    con: "Connection", run: Run, row: Row, reply: calls.RawReply, *, batch: bool = False
) -> Row:
    """Keeps a raw reply, what it counts as, and what it cost; the whole row."""
    payload = make_payload("model", reply.url, 200, reply.body)
    row = row | {"payload_id": payload.payload_id, **_judge(row["kind"], reply.body)}
    usage, stop_reason = parse_usage(reply.body)
    cost = cost_usd(row["model"], usage, run.settings.home_path, batch=batch)
    save_payload(con, payload)
    save_generation(con, row)
    answer_call(con, reply.call_id, usage, cost, reply.request_id, stop_reason)
    return row


def reserve(
    con: "Connection", run: Run, wanted: Wanted, *, batch: bool = False, **more: Any
) -> str:
    """Writes a call down with its estimated cost; its id.

    Raises CeilingReached when it could pass the run's ceiling, and the error that every further call of the run
    would meet as well: a key that is refused, an account that has run dry.
    """
    stopped = fetch_rows(con, query("stopped_by"), run_id=run.run_id)
    if stopped:
        kind: type[RindokuError] = getattr(errors, stopped[0]["error"])
        raise kind(f"No further call was made: {stopped[0]['message']}")
    prompt, home = wanted.prompt, run.settings.home_path
    tokens = estimate_tokens(prompt.characters)
    estimate = estimate_usd(
        prompt.model,
        tokens,
        prompt.output_tokens,
        home,
        cached=wanted.cached and not batch,
        batch=batch,
    )
    _check_ceiling(run, prompt.model, spent_usd(con, run.run_id), estimate)
    call_id = str(uuid.uuid4())
    row = {
        "call_id": call_id,
        "generation_id": prompt.generation_id,
        "kind": prompt.kind,
        "model": prompt.model,
        "estimated_usd": estimate,
        "run_id": run.run_id,
    }
    reserve_call(con, row | more)
    return call_id


def _call(run: Run, wanted: Wanted) -> calls.RawReply:
    prompt = wanted.prompt.cached() if wanted.cached else wanted.prompt
    with run.archive.write() as con:
        awaited = fetch_rows(
            con, query("open_call"), generation_id=prompt.generation_id
        )
        if awaited:
            raise InBatch(
                f"The answer is awaited in batch {awaited[0]['batch_id'] or '(being submitted)'}.",
                "Run again with --batch to wait for it, or once it has ended.",
            )
        call_id = reserve(con, run, wanted)
    try:
        return calls.ask(prompt, call_id, run.settings)
    except RindokuError as error:
        with run.archive.write() as con:
            fail_call(con, call_id, error)
        raise


def _check_ceiling(run: Run, model: str, spent: float, estimate: float | None) -> None:
    if run.max_usd is None:
        return
    if estimate is None:
        raise CeilingReached(
            f"The price of {model} is not known, so the ceiling of ${run.max_usd:.2f} can't be kept.",
            "Add the model to prices.toml in the home folder, or run without a ceiling.",
        )
    if spent + estimate > run.max_usd:
        raise CeilingReached(
            f"The next call (about ${estimate:.3f}) could pass the ceiling of ${run.max_usd:.2f}; ${spent:.3f} are spent.",
            "Run again with a higher --max-usd; what is done is kept.",
        )


def _judge(kind: str, body: bytes) -> dict[str, str]:
    try:
        model = check_reply(kind, body)
    except UnusableReply as error:
        return {
            "status": _STATUS[type(error)],
            "reason": error.message,
            "label": "model",
        }
    return {
        "status": "good",
        "reason": "",
        "label": "sample" if model == SAMPLE_MODEL else "model",
    }
