"""Buying in batches: half the price, an answer within a day.

Reserved, submitted, awaited and collected in steps that each find in the archive what the one before has done: killed
at any moment, the next run picks the batch up again and pays nothing twice. Results are told apart by their custom
id, which is the generation's; what came back unanswered is submitted again.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from filelock import FileLock

from rindoku.archive.rows import fetch_rows
from rindoku.archive.saving import confirm_batch, end_batch, fail_call, save_batch
from rindoku.archive.statements import query
from rindoku.errors import (
    BadInput,
    CeilingReached,
    NotFound,
    Permanent,
    RindokuError,
    SourceUnavailable,
)
from rindoku.keys import content_key
from rindoku.llm import batch_client as batch_calls
from rindoku.llm.batch_client import Result
from rindoku.llm.buy import Row, Steps, Wanted, find_bought, reserve, save_reply
from rindoku.llm.client import PUBLIC_API, RawReply
from rindoku.llm.replies import check_message
from rindoku.run import Run

# A batch is to stay far below the service's limit of 256 MB.
MOST_REQUESTS = 200
# How often a run submits what came back unanswered.
SUBMISSIONS = 3
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0

# Waits between two looks at a batch: seconds, and how many answers are awaited.
Pause = Callable[[float, int], None]


def drive(
    run: Run, steps: Sequence[Steps], pause: Pause
) -> tuple[list[str | None], list[str]]:
    """Goes through many steps together, each round of calls in one batch; their results, and why the others failed."""
    results: list[str | None] = []
    failures: list[str] = []

    def advance(step: Steps, row: Row | None) -> Wanted | None:
        try:
            return next(step) if row is None else step.send(row)
        except StopIteration as end:
            results.append(end.value)
        except RindokuError as error:
            failures.append(str(error))
        return None

    current = [(step, wanted) for step in steps if (wanted := advance(step, None))]
    while current:
        rows, reasons = _buy(run, [wanted for _, wanted in current], pause)
        following = []
        for step, wanted in current:
            key = wanted.prompt.generation_id
            if key not in rows:
                failures.append(
                    reasons.get(key, "The batch gave no answer. Run again.")
                )
            elif (then := advance(step, rows[key])) is not None:
                following.append((step, then))
        current = following
    return results, list(dict.fromkeys(failures))


def _buy(
    run: Run, wanted: Sequence[Wanted], pause: Pause
) -> tuple[dict[str, Row], dict[str, str]]:
    """Rows by generation of what could be bought, and why the rest could not."""
    rows: dict[str, Row] = {}
    reasons: dict[str, str] = {}
    for _ in range(SUBMISSIONS):
        rows |= _find(run, wanted)
        left = [
            w
            for w in wanted
            if w.prompt.generation_id not in rows.keys() | reasons.keys()
        ]
        if not left:
            break
        reasons |= _submit(run, left)
        _wait(run, left, pause)
        rows |= _find(run, left)
        reasons |= _refused(
            run, [w for w in left if w.prompt.generation_id not in rows]
        )
    for w in wanted:
        reasons.setdefault(
            w.prompt.generation_id,
            "The service gave the call back unanswered. Run again.",
        )
    return rows, reasons


def _find(run: Run, wanted: Sequence[Wanted]) -> dict[str, Row]:
    with run.archive.write() as con:
        found = [(w.prompt.generation_id, find_bought(con, run, w)) for w in wanted]
    return {generation_id: row for generation_id, row in found if row is not None}


def _submit(run: Run, wanted: Sequence[Wanted]) -> dict[str, str]:
    """Submits what is not awaited already; by generation, why something could not be."""
    home = run.settings.home_path
    reasons: dict[str, str] = {}
    with _submitting(run):
        for start in range(0, len(wanted), MOST_REQUESTS):
            chunk = wanted[start : start + MOST_REQUESTS]
            batch_key = content_key(
                "batch", [w.prompt.generation_id for w in chunk], os.urandom(8).hex()
            )
            requests = [
                {
                    "custom_id": _custom_id(w.prompt.generation_id),
                    "params": w.prompt.arguments,
                }
                for w in chunk
            ]
            # On disk before it is written down: a batch that is written down can always be submitted.
            batch_calls.write_requests(home, batch_key, requests)
            taken, refused = _reserve(run, batch_key, chunk)
            reasons |= refused
            if not taken:
                batch_calls.forget(home, batch_key)
                continue
            if len(taken) < len(chunk):
                names = {_custom_id(g) for g in taken}
                batch_calls.write_requests(
                    home, batch_key, [r for r in requests if r["custom_id"] in names]
                )
            _confirm(run, batch_key)
    return reasons


@contextmanager
def _submitting(run: Run) -> Iterator[None]:
    """One process at a time submits; what one that ended had left unconfirmed is seen to first."""
    path = run.settings.home_path / "inbox" / "batches.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path):
        _confirm_open(run)
        yield


def _reserve(
    run: Run, batch_key: str, chunk: Sequence[Wanted]
) -> tuple[list[str], dict[str, str]]:
    """Writes a batch and its calls down in one transaction: the generations in it, and why others are not."""
    taken: list[str] = []
    refused: dict[str, str] = {}
    with run.archive.write() as con:
        for wanted in chunk:
            generation_id = wanted.prompt.generation_id
            if fetch_rows(con, query("open_call"), generation_id=generation_id):
                continue
            try:
                awaited = json.dumps(wanted.row(run), ensure_ascii=False)
                reserve(
                    con, run, wanted, batch=True, batch_key=batch_key, awaited=awaited
                )
            except Permanent as error:
                refused[generation_id] = str(error)
                if not isinstance(error, CeilingReached):
                    break
            else:
                taken.append(generation_id)
        if taken:
            save_batch(con, batch_key, len(taken), run.run_id)
    return taken, refused


def _confirm_open(run: Run) -> None:
    """Sees to batches that were written down by a run that ended before the service's confirmation was saved."""
    with run.archive.write() as con:
        unconfirmed = [
            b for b in fetch_rows(con, query("open_batches")) if b["batch_id"] is None
        ]
        known = {
            r["batch_id"]
            for r in fetch_rows(
                con, "SELECT batch_id FROM batches WHERE batch_id IS NOT NULL"
            )
        }
    for batch in unconfirmed:
        key, home = batch["batch_key"], run.settings.home_path
        found = batch_calls.confirmation(home, key)
        if found is None:
            # Submitted, but the answer was lost on the way? The service knows.
            since = batch["reserved_at"] - timedelta(minutes=1)
            found = batch_calls.find_submitted(
                since, batch["requests"], known, run.settings
            )
        if found is not None:
            # Another batch of the same size may be looked for next.
            known.add(found)
            _note(run, key, found)
        elif batch_calls.has_requests(home, key):
            _confirm(run, key)
        else:
            _give_up(
                run,
                key,
                SourceUnavailable("The batch was never submitted.", "Run again."),
            )


def _confirm(run: Run, batch_key: str) -> None:
    try:
        batch_id = batch_calls.submit_by_courier(batch_key, run.settings)
    except Permanent as error:
        # Refused: nothing was bought. A transient error leaves it open, as the service may have taken it.
        _give_up(run, batch_key, error)
        raise
    _note(run, batch_key, batch_id)


def _note(run: Run, batch_key: str, batch_id: str) -> None:
    with run.archive.write() as con:
        confirm_batch(con, batch_key, batch_id)
    batch_calls.forget(run.settings.home_path, batch_key)


def _give_up(run: Run, batch_key: str, error: RindokuError) -> None:
    """Ends a batch whose calls have got no answer and will get none."""
    with run.archive.write() as con:
        for call in fetch_rows(con, query("batch_calls"), batch_key=batch_key):
            fail_call(con, call["call_id"], error)
        end_batch(con, batch_key)
    batch_calls.forget(run.settings.home_path, batch_key)


def _wait(run: Run, wanted: Sequence[Wanted], pause: Pause) -> None:
    """Until none of the wanted is awaited any more; every look collects what has ended."""
    seconds = FIRST_PAUSE_S
    while True:
        _collect(run)
        with run.archive.write() as con:
            awaited = sum(
                bool(
                    fetch_rows(
                        con, query("open_call"), generation_id=w.prompt.generation_id
                    )
                )
                for w in wanted
            )
        if not awaited:
            return
        pause(seconds, awaited)
        seconds = min(2 * seconds, LONGEST_PAUSE_S)


def _collect(run: Run) -> None:
    """Saves the results of every batch that has ended, whoever submitted it."""
    with _submitting(run), run.archive.write() as con:
        batches = fetch_rows(con, query("open_batches"))
    for batch in batches:
        try:
            if not batch_calls.has_ended(batch["batch_id"], run.settings):
                continue
            results = {
                r.custom_id: r
                for r in batch_calls.read_results(batch["batch_id"], run.settings)
            }
        except NotFound as error:
            _give_up(run, batch["batch_key"], error)
            continue
        with run.archive.write() as con:
            for call in fetch_rows(
                con, query("batch_calls"), batch_key=batch["batch_key"]
            ):
                _save_result(
                    con,
                    run,
                    call,
                    results.get(_custom_id(call["generation_id"])),
                    batch["batch_id"],
                )
            end_batch(con, batch["batch_key"])


def _save_result(
    con: Any, run: Run, call: Row, result: Result | None, batch_id: str
) -> None:
    if result is not None and result.type == "succeeded":
        try:
            check_message(result.body)
        except SourceUnavailable as torn:
            # One torn answer must not keep the batch open, and the others from being saved.
            fail_call(con, call["call_id"], torn)
            return
        url = f"{run.settings.anthropic_base_url or PUBLIC_API}/v1/messages/batches/{batch_id}/results"
        reply = RawReply(
            call["call_id"],
            call["generation_id"],
            None,
            url,
            result.body,
            datetime.now(UTC),
        )
        save_reply(con, run, json.loads(call["awaited"]), reply, batch=True)
        return
    if result is None:
        error: RindokuError = SourceUnavailable(
            "The batch's results do not hold this call.", "It is submitted again."
        )
    elif result.error == "invalid_request_error":
        error = BadInput(
            f"The model's service refuses the request: {result.message}",
            "Check RINDOKU_MODEL.",
        )
    else:
        error = SourceUnavailable(
            f"The call came back {result.type}: {result.message}.",
            "It is submitted again.",
        )
    fail_call(con, call["call_id"], error)


def _refused(run: Run, wanted: Sequence[Wanted]) -> dict[str, str]:
    """Why calls will not be submitted again: the service calls them wrong in themselves."""
    found = {}
    with run.archive.write() as con:
        for w in wanted:
            rows = fetch_rows(
                con, query("last_failure"), generation_id=w.prompt.generation_id
            )
            if rows and rows[0]["error"] == "BadInput":
                found[w.prompt.generation_id] = str(rows[0]["message"])
    return found


def _custom_id(generation_id: str) -> str:
    # The service takes letters, digits, _ and - only.
    return generation_id.replace(":", "-")
