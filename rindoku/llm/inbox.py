"""The inbox: replies that have arrived and are not in the archive yet.

A reply's bytes are written and synced to a file in `inbox/` in the home folder as soon
as they arrive, without waiting for the archive. If the run is killed, the next one
finds the reply here and does not pay for it again.

The inbox keeps some space of the disk for itself, in the file `space`: a reply that
arrives when the disk is full is written in its place.
"""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from rindoku.archive.connection import disk_errors
from rindoku.archive.files import is_left_over
from rindoku.disk import make_private_folder
from rindoku.errors import DISK_FULL, ReplyLost

# Holds the replies of all calls that a courier makes at once.
SPACE_BYTES = 4_000_000
_keeping_space = threading.Lock()


@dataclass(frozen=True)
class RawReply:
    """A reply as the API sent it.

    `call_id` is the row of model_calls written before the call.
    """

    call_id: str
    generation_id: str
    request_id: str | None
    url: str
    body: bytes
    arrived_at: datetime


class Inbox:
    """The inbox of a home folder. Replies are files named after their generation."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "inbox"

    def keep_space(self) -> None:
        """Keeps space of the disk for replies, before a call is made that is paid for.

        Raises HomeUnusable when the disk has not as much left.
        """
        make_private_folder(self._folder)
        space = self._folder / "space"
        with _keeping_space, disk_errors(self._folder):
            if space.is_file():
                return
            unfinished = space.with_suffix(f".{os.getpid()}.part")
            try:
                with unfinished.open("wb") as file:
                    # Random, as a file system may compress or leave out zeros.
                    file.write(os.urandom(SPACE_BYTES))
                    file.flush()
                    os.fsync(file.fileno())
                unfinished.replace(space)
            finally:
                unfinished.unlink(missing_ok=True)

    def keep_reply(self, reply: RawReply) -> None:
        """Writes a reply; returns once the disk has it.

        Raises ReplyLost when the disk is full, and the kept space does not suffice.
        """
        content = {
            "call_id": reply.call_id,
            "request_id": reply.request_id,
            "url": reply.url,
            "body": reply.body.decode("utf-8", "surrogateescape"),
            "arrived_at": reply.arrived_at.isoformat(),
        }
        self._write_paid(self._path(reply.generation_id), json.dumps(content))

    def find_reply(self, generation_id: str) -> RawReply | None:
        """A reply that has arrived and was not saved in the archive yet."""
        path = self._path(generation_id)
        if not path.is_file():
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
        return RawReply(
            call_id=content["call_id"],
            generation_id=generation_id,
            request_id=content["request_id"],
            url=content["url"],
            body=content["body"].encode("utf-8", "surrogateescape"),
            arrived_at=datetime.fromisoformat(content["arrived_at"]),
        )

    def remove_reply(self, generation_id: str) -> None:
        """Removes a reply, once it is in the archive."""
        self._path(generation_id).unlink(missing_ok=True)
        _remove_free(self.lock_call(generation_id))

    @contextmanager
    def lock_generation(self, generation_id: str) -> Iterator[None]:
        """Lets one process or thread at a time buy a generation."""
        path = self._path(generation_id).with_suffix(".lock")
        make_private_folder(self._folder)
        with FileLock(path):
            try:
                yield
            finally:
                _remove_held(path)

    def lock_call(self, key: str) -> FileLock:
        """The lock held while a call is made or a batch is submitted."""
        make_private_folder(self._folder)
        return FileLock(self._path(key).with_suffix(".call"))

    def lock_batches(self) -> FileLock:
        """The lock that lets one process at a time submit batches."""
        make_private_folder(self._folder)
        return FileLock(self._folder / "batches.lock")

    def keep_requests(self, batch_key: str, requests: Sequence[Any]) -> None:
        """Writes the requests of a batch, before it is submitted."""
        text = json.dumps(requests, ensure_ascii=False)
        _write_synced(self._requests_path(batch_key), text)

    def find_requests(self, batch_key: str) -> list[Any] | None:
        """The requests of a batch whose submission was not recorded yet."""
        path = self._requests_path(batch_key)
        if not path.is_file():
            return None
        requests: list[Any] = json.loads(path.read_text(encoding="utf-8"))
        return requests

    def keep_confirmation(self, batch_key: str, batch_id: str) -> None:
        """Writes the API's id of a batch. Raises what `keep_reply` raises."""
        self._write_paid(self._path(batch_key), batch_id)

    def find_confirmation(self, batch_key: str) -> str | None:
        """The API's id of a batch that was submitted and not recorded yet."""
        path = self._path(batch_key)
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def remove_batch(self, batch_key: str) -> None:
        """Removes a batch's requests and confirmation, once it is in the archive."""
        self._path(batch_key).unlink(missing_ok=True)
        self._requests_path(batch_key).unlink(missing_ok=True)
        _remove_free(self.lock_call(batch_key))

    def find_keys(self, suffix: str) -> set[str]:
        """Keys of what is here: of replies and confirmations (.json), or .requests."""
        files = self._folder.glob(f"*{suffix}")
        return {path.stem.replace("-", ":", 1) for path in files}

    def sweep(self) -> None:
        """Removes unfinished files and free locks, which killed processes left."""
        for path in self._folder.glob("*.part"):
            if is_left_over(path):
                path.unlink(missing_ok=True)
        for path in [*self._folder.glob("*.lock"), *self._folder.glob("*.call")]:
            _remove_free(FileLock(path))

    def _write_paid(self, path: Path, text: str) -> None:
        """Writes what was paid for, if need be into the kept space."""
        try:
            _write_synced(path, text)
        except OSError as error:
            if error.errno not in DISK_FULL:
                raise
            (self._folder / "space").unlink(missing_ok=True)
            try:
                _write_synced(path, text)
            except OSError as again:
                raise ReplyLost(
                    f"The disk of {self._folder} is full, so that a reply could not "
                    "be kept.",
                    "Free some space and run again.",
                ) from again

    def _path(self, key: str) -> Path:
        return self._folder / f"{key.replace(':', '-')}.json"

    def _requests_path(self, batch_key: str) -> Path:
        return self._path(batch_key).with_suffix(".requests")


def _remove_held(path: Path) -> None:
    """Removes the file of a lock that is held.

    A process that waits for the lock opens the file anew, and FileLock gives up one
    that was removed meanwhile. Removed after the release, the file could be held by a
    process that had waited, while another one makes and locks a new file.
    """
    path.unlink(missing_ok=True)


def _remove_free(lock: FileLock) -> None:
    """Removes the file of a lock, unless another process holds it."""
    try:
        with lock.acquire(blocking=False):
            _remove_held(Path(lock.lock_file))
    except Timeout:
        return


def _write_synced(path: Path, text: str) -> None:
    """Writes a file atomically, and waits until it is on disk."""
    make_private_folder(path.parent)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    try:
        with unfinished.open("w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
