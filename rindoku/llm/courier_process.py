"""The child process of courier.py: `python -m rindoku.llm.courier_process RUN`,
where RUN is the process id of the run.

Reads jobs from standard input, one line of JSON each, runs several at once, and writes
a line when a job has ended. Exits when the pipe is closed and all jobs have ended.
"""

import json
import os
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rindoku import errors
from rindoku.errors import ReplyLost, SourceUnavailable
from rindoku.llm.client import Service, create_message
from rindoku.llm.courier import Job
from rindoku.llm.inbox import Inbox
from rindoku.llm.replies import check_message

AT_ONCE = 16
# The process that started this one; after its end, the parent is another.
_RUN = int(sys.argv[1]) if __name__ == "__main__" else os.getppid()


def main() -> None:
    """Runs every job from standard input, until the pipe closes."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for line in sys.stdin:
            pool.submit(_answer, json.loads(line))


def _answer(message: dict[str, Any]) -> None:
    """Runs one job and reports how it ended."""
    response: dict[str, Any] = {"number": message["number"]}
    try:
        _run(message["job"])
    except errors.RindokuError as error:
        response |= {"error": type(error).__name__, "arguments": error.args}
    except Exception:  # noqa: BLE001 - the run has to learn of any error
        response["bug"] = traceback.format_exc()
    try:
        sys.stdout.write(json.dumps(response) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The run was killed; the next one finds the reply in the inbox.
        return


def _run(fields: dict[str, Any]) -> None:
    service = Service(**fields["service"])
    job = Job(**fields | {"service": service})
    if job.task == "batch":
        submit(job)
    else:
        send(job)


def _is_abandoned() -> bool:
    """Whether the run was killed while its job waited for a lock.

    The reply it waited for may have been moved to the archive by now, and the inbox
    cannot tell. Only the run knows, so that without it no call is made.
    """
    return os.getppid() != _RUN


def send(job: Job) -> None:
    """Makes one call and puts the raw reply into the inbox.

    If a courier whose run was killed is still making the same call, waits for it and
    uses its reply.
    """
    inbox = Inbox(Path(job.home))
    with inbox.lock_call(job.key):
        if inbox.find_reply(job.key) is not None or _is_abandoned():
            return
        inbox.keep_space()
        reply = create_message(job.service, job.arguments, job.key, job.call_id)
        inbox.keep_reply(reply)
        try:
            check_message(reply.body)
        except ReplyLost:
            # A web page or half a message is not a paid reply: the next run must not
            # find it.
            inbox.remove_reply(job.key)
            raise


def submit(job: Job) -> None:
    """Submits a batch once, and puts its confirmation into the inbox."""
    inbox = Inbox(Path(job.home))
    with inbox.lock_call(job.key):
        if inbox.find_confirmation(job.key) is not None or _is_abandoned():
            return
        requests = inbox.find_requests(job.key)
        if requests is None:
            raise SourceUnavailable(
                "The batch's requests are no longer in the inbox.", "Run again."
            )
        inbox.keep_space()
        with job.service.client() as client:
            batch = client.messages.batches.create(requests=requests)
        if not getattr(batch, "id", None):
            raise SourceUnavailable(
                "The model API did not confirm the batch.", "Run again."
            )
        inbox.keep_confirmation(job.key, batch.id)


if __name__ == "__main__":
    main()
