"""Everything that can go wrong, and what to do next.

RindokuError
├── Transient                 worth another try; `retry_after` seconds when the service said so
│   ├── SourceUnavailable     no answer, a 5xx, or an answer that is not what was asked for
│   └── RateLimited           429 with a time to wait for
└── Permanent                 another try would end the same way
    ├── BadInput              what the caller gave is wrong (exit 2)
    ├── NothingPublishedYet   the week is not out (exit 3)
    ├── EmptyThread           a week was announced and lists nothing
    ├── NotFound              the source says that there is no such thing
    ├── AccessDenied          a key is missing, wrong or not allowed to do this
    ├── OutOfCredit           the account behind a key has run dry
    ├── CeilingReached        the run's own limit on money
    ├── InBatch               the answer is awaited in a batch that was submitted before
    ├── FetchRefused          the guard will not fetch this address or this answer
    │   ├── Paywalled         the site gives it to subscribers or persons only (401, 402, 403, 451)
    │   └── RobotsRefused     the site's robots.txt asks programs to stay away
    ├── NoText                a document without readable text
    │   ├── ScriptOnly        a page that only a browser can fill
    │   └── WrongText         a readable text of something else
    ├── UnusableReply         a model's reply that does not count
    │   ├── ReplyRefused
    │   └── ReplyTruncated
    ├── ArchiveError
    │   ├── ArchiveBusy       another process holds the archive
    │   ├── ArchiveNewer      written by a newer rindoku
    │   ├── ArchiveCorrupt
    │   └── ArchiveMissing
    └── HomeUnusable          the home folder can't be written, or the disk is full

Each error carries a message that names the thing and a remedy. Arguments are plain values given to
`super().__init__`, so that every error survives pickling.
"""


class RindokuError(Exception):
    """Base of all errors raised on purpose; `str()` is the message, `.remedy` what to do next."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Transient(RindokuError):
    """Worth another try. `retry_after` is in seconds, None when the service gave none."""

    def __init__(
        self, message: str, remedy: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(message, remedy)
        self.args = (message, remedy, retry_after)
        self.retry_after = retry_after


class SourceUnavailable(Transient):
    """No answer, a server error, or an answer of the wrong kind."""


class RateLimited(Transient):
    """The service asks for patience."""


class Permanent(RindokuError):
    """Another try would end the same way."""


class BadInput(Permanent):
    """What the caller gave is wrong."""

    exit_code = 2


class NothingPublishedYet(Permanent):
    """The week's list is not out."""

    exit_code = 3


class EmptyThread(Permanent):
    """A week was announced and no entry could be read from it."""


class NotFound(Permanent):
    """The source says that there is no such thing."""


class AccessDenied(Permanent):
    """A key is missing, wrong, or not allowed to do this."""


class OutOfCredit(Permanent):
    """The account behind a key has run dry or hit its cap."""


class CeilingReached(Permanent):
    """The next call could pass the run's own limit on money."""


class InBatch(Permanent):
    """The answer is awaited in a batch that was submitted before; asking on its own would pay twice."""


class FetchRefused(Permanent):
    """The guard will not fetch this address, or not read this answer."""


class Paywalled(FetchRefused):
    """The site gives it to subscribers, or to persons only."""


class RobotsRefused(FetchRefused):
    """The site's robots.txt asks programs to stay away from this."""


class NoText(Permanent):
    """A document without readable text."""


class ScriptOnly(NoText):
    """A page that holds no text until a browser runs its scripts."""


class WrongText(NoText):
    """A readable text that is not the one of the paper meant."""


class UnusableReply(Permanent):
    """A model's reply that does not count; it is stored, and nothing is published from it."""


class ReplyRefused(UnusableReply):
    """The model declined."""


class ReplyTruncated(UnusableReply):
    """The reply ended before it was complete."""


class ArchiveError(Permanent):
    """The archive can't be used."""


class ArchiveBusy(ArchiveError):
    """Another process holds the archive."""


class ArchiveNewer(ArchiveError):
    """The archive was written by a newer rindoku."""


class ArchiveCorrupt(ArchiveError):
    """The file is not a readable archive."""


class ArchiveMissing(ArchiveError):
    """There is no archive yet."""


class HomeUnusable(Permanent):
    """The home folder can't be written, or the disk is full."""
