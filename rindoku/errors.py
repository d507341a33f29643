"""Every error that rindoku raises on purpose, and what to do about it.

RindokuError
├── Transient                 worth retrying; `retry_after` if the service gave one
│   ├── SourceUnavailable     no response, a 5xx, or one of the wrong kind
│   │   └── ReplyLost         a paid call was sent and has no reply: it may be billed
│   └── RateLimited           429, with a time to wait
└── Permanent                 retrying would not help
    ├── BadInput              the user's input is wrong (exit 2)
    ├── NothingPublishedYet   the week's list is not out (exit 3)
    ├── EmptyThread           a week was announced and lists nothing
    ├── NotFound              the source or the archive does not have it
    │   └── HostNotFound      the name service does not know the host
    ├── NotAsDocumented       a service answered what its documentation excludes
    ├── AccessDenied          a key is missing, wrong, or lacks permission
    ├── OutOfCredit           the account behind a key has no credit left
    ├── CeilingReached        the run's own limit on money
    ├── InBatch               the reply is awaited in a batch submitted before
    ├── FetchRefused          the guard blocks this address or this response
    │   ├── Paywalled         for subscribers or signed-in users (401, 402, 403, 451)
    │   └── RobotsRefused     the site's robots.txt disallows it
    ├── NoText                a document without readable text
    │   ├── ScriptOnly        a page without text until a browser runs its scripts
    │   └── WrongText         the text of something other than the paper
    ├── UnusableReply         a model's reply that cannot be used
    │   ├── ReplyRefused      the model declined
    │   └── ReplyTruncated    the reply was cut off
    ├── ArchiveError
    │   ├── ArchiveBusy       another process has the archive open
    │   ├── ArchiveNewer      written by a newer rindoku
    │   ├── ArchiveCorrupt    not a readable archive
    │   ├── ArchiveIncomplete one of its files is missing, or lacks what its copy has
    │   └── ArchiveMissing    there is no archive yet
    ├── HomeUnusable          the home folder is not writable, or its disk is full
    ├── Interrupted           Ctrl-C (exit 130) or SIGTERM (exit 143)
    └── Unexpected            an error that nobody foresaw: a bug, to be reported
"""

import errno
import os
import stat
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

_LONGEST_MESSAGE = 300
DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
# Errors of a file system that may come without a path, from an open file.
_OF_A_FILE_SYSTEM = DISK_FULL | {errno.EIO, errno.EROFS, errno.EFBIG, errno.ENOLCK}
_REASONS = {
    errno.EROFS: "its file system is read-only",
    errno.ENAMETOOLONG: "a name in it is too long",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
}
_SECONDS_PER_HOUR = 3600


class RindokuError(Exception):
    """Base of all errors raised on purpose.

    `message` says what is wrong, `remedy` what to do next; `str()` gives both.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Transient(RindokuError):
    """Worth retrying; `retry_after` is in seconds, None if the service gave none.

    Where nothing else helps, the remedy is to run again, after the time that the
    service asked for.
    """

    def __init__(
        self, message: str, remedy: str = "", retry_after: float | None = None
    ) -> None:
        remedy = remedy or _run_again(retry_after)
        super().__init__(message, remedy)
        self.args = (message, remedy, retry_after)
        self.retry_after = retry_after


def _run_again(retry_after: float | None) -> str:
    hours = round((retry_after or 0) / _SECONDS_PER_HOUR)
    if not hours:
        return "Run again later."
    return f"Run again in {hours} hours." if hours > 1 else "Run again in an hour."


class SourceUnavailable(Transient):
    """No response, a server error, or a response of the wrong kind."""


class ReplyLost(SourceUnavailable):
    """A paid call was sent, and its reply is missing or torn: it may be billed."""


class RateLimited(Transient):
    """The service limits the rate of requests."""


class Permanent(RindokuError):
    """Retrying would not help."""


class BadInput(Permanent):
    """The user's input is wrong."""

    exit_code = 2


class NothingPublishedYet(Permanent):
    """The week's list is not out."""

    exit_code = 3


class EmptyThread(Permanent):
    """A week was announced and no entry could be read from it."""


class NotFound(Permanent):
    """The source or the archive does not have it."""


class HostNotFound(NotFound):
    """The name service does not know the host, or there is no network."""


class NotAsDocumented(Permanent):
    """A service answered, but not what its documentation says."""


class AccessDenied(Permanent):
    """A key is missing, wrong, or lacks permission."""


class OutOfCredit(Permanent):
    """The account behind a key has no credit left, or reached its spend limit."""


class CeilingReached(Permanent):
    """The next call would exceed the run's own limit on money."""


class InBatch(Permanent):
    """The reply is awaited in a batch; a single call would pay for it twice."""


class FetchRefused(Permanent):
    """The guard blocks this address, or this response."""


class Paywalled(FetchRefused):
    """The site shows it to subscribers or signed-in users only."""


class RobotsRefused(FetchRefused):
    """The site's robots.txt disallows it."""


class NoText(Permanent):
    """A document without readable text."""


class ScriptOnly(NoText):
    """A page without text until a browser runs its scripts."""


class WrongText(NoText):
    """The text of something other than the paper."""


class UnusableReply(Permanent):
    """A model's reply that cannot be used: stored, but nothing of it is published."""


class ReplyRefused(UnusableReply):
    """The model declined."""


class ReplyTruncated(UnusableReply):
    """The reply was cut off."""


class ArchiveError(Permanent):
    """The archive cannot be used."""


class ArchiveBusy(ArchiveError):
    """Another process has the archive open."""


class ArchiveNewer(ArchiveError):
    """The archive was written by a newer rindoku."""


class ArchiveCorrupt(ArchiveError):
    """The file is not a readable archive."""


class ArchiveIncomplete(ArchiveError):
    """A file of the archive is missing, or lacks rows that the published copy has."""


class ArchiveMissing(ArchiveError):
    """There is no archive yet."""


class HomeUnusable(Permanent):
    """A folder is not writable, or its disk is full."""


class Interrupted(Permanent):
    """The user or the system ended the run; `exit_code` is 130 or 143."""

    exit_code = 130


class Unexpected(Permanent):
    """An error that nobody foresaw; `details` is its traceback."""

    def __init__(self, message: str, remedy: str = "", details: str = "") -> None:
        super().__init__(message, remedy)
        self.args = (message, remedy, details)
        self.details = details


def unexpected(error: BaseException) -> Unexpected:
    """An error that is a bug, with its type, its place and its traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    place = ""
    if frames:
        file = Path(frames[-1].filename).name
        place = f" in {frames[-1].name} ({file}:{frames[-1].lineno})"
    text = " ".join(str(error).split())[:_LONGEST_MESSAGE]
    return Unexpected(
        f"{type(error).__name__}{place}: {text}",
        "This is a bug in rindoku. Please report it with the traceback, which "
        '`rindoku sql "FROM run_failures"` shows.',
        "".join(traceback.format_exception(error)),
    )


def known_error(error: BaseException) -> RindokuError:
    """An error as it is shown: one of the file system is the user's to mend, no bug."""
    if isinstance(error, RindokuError):
        return error
    if isinstance(error, OSError) and is_of_disk(error):
        path = Path(_path_of(error) or "A file of rindoku")
        return HomeUnusable(
            f"{path} cannot be used: {disk_reason(error, path)}.",
            "Put that right, or choose another place, and run again.",
        )
    return unexpected(error)


def is_of_disk(error: OSError) -> bool:
    """Whether an error is one of the file system; those of networks have no path."""
    if error.errno is None:
        return False
    return _path_of(error) != "" or error.errno in _OF_A_FILE_SYSTEM


def disk_reason(error: OSError, path: Path) -> str:
    """Why a path cannot be used: what is in its way, or what the file system says."""
    if error.errno in DISK_FULL:
        return "the disk is full"
    if error.errno in _REASONS:
        return _REASONS[error.errno]
    for place in (*reversed(path.parents), path):
        if obstacle := _obstacle(place):
            return obstacle
    # The file systems of the kernel say of a new folder that it is not there.
    there = next((place for place in path.parents if place.exists()), path)
    if error.errno == errno.ENOENT and there == path.parent:
        return f"no folder can be made in {there}"
    return error.strerror or str(error)


def _obstacle(place: Path) -> str:
    """Why there can be no folder at a place; empty if there can."""
    try:
        is_folder = stat.S_ISDIR(place.stat().st_mode)
    except OSError as error:
        if error.errno == errno.ELOOP:
            return f"{place} is a link that leads to itself"
        if place.is_symlink():
            return f"{place} is a link to {place.readlink()}, which is not there"
        return ""
    return "" if is_folder else f"{place} is not a folder"


def _path_of(error: OSError) -> str:
    """The path of an error; a web address is none."""
    name = os.fsdecode(error.filename) if _is_path(error.filename) else ""
    return "" if "://" in name else name


def _is_path(name: object) -> TypeGuard[str | bytes | os.PathLike[str]]:
    return isinstance(name, str | bytes | os.PathLike)


# Errors that end a run, because every other step would fail as well.
CONCERNS_ALL = (ArchiveError, HomeUnusable)


@dataclass(frozen=True)
class Failure:
    """Why a step failed for one entry or paper, whose id is `subject`, or for a week.

    `error` is the name of the error; `traceback` is that of one that nobody foresaw.
    """

    step: str
    subject: str
    error: str
    message: str
    remedy: str = ""
    traceback: str = ""


def failure_of(step: str, subject: str, error: Exception) -> Failure:
    """An error as it is recorded; one that nobody foresaw with its traceback."""
    known = known_error(error)
    return Failure(
        step=step,
        subject=subject,
        error=type(known).__name__,
        message=known.message,
        remedy=known.remedy,
        traceback=known.details if isinstance(known, Unexpected) else "",
    )
