"""Sweeps the inbox: what the archive has by now, and what killed processes left.

A run that is killed when a reply is saved, and not removed yet, may never ask for that
reply again: the next run finds in the archive what it needs.
"""

from filelock import Timeout

from rindoku.archive.calls import find_batch_keys, find_open_batches
from rindoku.archive.generations import find_saved
from rindoku.llm.inbox import Inbox
from rindoku.run import Run


def sweep_inbox(run: Run) -> None:
    """Removes replies and batches that are saved, and what will not be used."""
    inbox = Inbox(run.settings.home_path)
    replies = inbox.find_keys(".json")
    if replies:
        with run.archive.read_latest() as con:
            saved = find_saved(con, replies)
        for generation_id in saved:
            inbox.remove_reply(generation_id)
    _sweep_batches(run, inbox)
    inbox.sweep()


def _sweep_batches(run: Run, inbox: Inbox) -> None:
    """Removes batches that were confirmed or given up, or are not in the archive.

    Those were never submitted, as their process ended before that.
    """
    if not inbox.find_keys(".requests") | inbox.find_keys(".json"):
        return
    try:
        # Who submits a batch writes its requests before the archive lists it.
        with inbox.lock_batches().acquire(blocking=False):
            requests = inbox.find_keys(".requests")
            confirmations = inbox.find_keys(".json")
            with run.archive.read_latest() as con:
                known = find_batch_keys(con)
                batches = find_open_batches(con)
            wanted = {batch.batch_key for batch in batches if batch.batch_id is None}
            for batch_key in (requests | (confirmations & known)) - wanted:
                inbox.remove_batch(batch_key)
    except Timeout:
        return
