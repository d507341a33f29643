"""Kill points: a process that ends itself at the nth boundary between its statements.

A boundary is before and after each statement, transaction and attachment of DuckDB;
before, within and after each copy of a file and each file's way to the disk; before and
after each rename and removal; just before a request is sent, and when its answer has
arrived. Counted, they are the same in every run of the same work, so that a number
drawn from a seed names a moment that can be repeated:

    total = count_points(work, *arguments)
    assert die_at(point, work, *arguments) == KILLED

`work` is a function of a module, and its arguments are texts, as it runs in a process
of its own. That process is forked from one that has imported DuckDB and polars but not
used them: imports take a second, and the threads of either would not survive a fork.
What else the work needs, its module lists in PRELOADED.
"""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fcntl import F_GETFL, fcntl
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, NoReturn
from unittest import mock

import duckdb

KILLED = -signal.SIGKILL
ROOT = Path(__file__).parent.parent
_PRELOADED = (
    "duckdb",
    "filelock",
    "polars",
    "rindoku.archive",
    "rindoku.lists",
    "rindoku.sample",
    "tweepy",
)
_WATCHED = {"execute", "begin", "commit", "rollback", "close"}

# What runs in the process that is killed.
Work = Callable[..., None]


Kind = Literal["database", "file", "request"]
# What sends requests, where the work has imported it: module, class, method.
_SENDERS = (
    ("rindoku.web.transport", "Transport", "get"),
    ("requests", "Session", "send"),
    ("httpx2", "Client", "send"),
)


class KillPoints:
    """The boundaries that were reached; at `last` of a kind, or of all, it ends."""

    # Those of this process, for work that has to do with them.
    current: "KillPoints"

    def __init__(self, last: int | None = None, kind: Kind | None = None) -> None:
        self.count = 0
        self.last = last
        self.kind = kind
        self.end: Callable[[str, Callable[[], object]], object] = _end_this_process
        self.committed: Callable[[WatchedConnection], object] = lambda _: None

    def reach(
        self,
        kind: Kind,
        place: str,
        before_the_end: Callable[[], object] = lambda: None,
    ) -> None:
        """Counts a boundary. `before_the_end` leaves something half done there."""
        if self.kind not in {None, kind}:
            return
        self.count += 1
        if self.count == self.last:
            self.end(f"{kind}: {place}", before_the_end)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Counts what this process does with DuckDB, with files and with services."""
        KillPoints.current = self
        real_connect, real_copy, real_sync = duckdb.connect, shutil.copyfile, os.fsync
        real_replace, real_unlink = Path.replace, Path.unlink

        def connect(*arguments: Any, **options: Any) -> "WatchedConnection":
            self.reach("database", "before connect")
            con = real_connect(*arguments, **options)
            # Killed works are small, and often several are under way.
            con.execute("SET threads = 1")
            return WatchedConnection(con, self)

        def copy(source: Path, target: Path) -> None:
            self.reach("file", "before copy")
            half = source.stat().st_size // 2
            self.reach(
                "file",
                "within copy",
                lambda: Path(target).write_bytes(source.read_bytes()[:half]),
            )
            real_copy(source, target)
            self.reach("file", "after copy")

        def sync(descriptor: int) -> None:
            half = os.fstat(descriptor).st_size // 2
            is_written = bool(fcntl(descriptor, F_GETFL) & os.O_ACCMODE)
            cut = partial(os.truncate, descriptor, half) if is_written else bool
            self.reach("file", "within write", cut)
            real_sync(descriptor)
            self.reach("file", "after sync")

        def replace(path: Path, target: Path) -> Path:
            self.reach("file", "before rename")
            replaced = real_replace(path, target)
            self.reach("file", "after rename")
            return replaced

        def unlink(path: Path, *, missing_ok: bool = False) -> None:
            self.reach("file", "before removal")
            real_unlink(path, missing_ok=missing_ok)
            self.reach("file", "after removal")

        with ExitStack() as patches:
            for owner, name, watched in (
                (duckdb, "connect", connect),
                (shutil, "copyfile", copy),
                (os, "fsync", sync),
                (Path, "replace", replace),
                (Path, "unlink", unlink),
            ):
                patches.enter_context(mock.patch.object(owner, name, watched))
            for module, name, method in _SENDERS:
                if module in sys.modules:
                    sender = getattr(sys.modules[module], name)
                    watched = self._watch_sender(getattr(sender, method))
                    patches.enter_context(mock.patch.object(sender, method, watched))
            yield

    def _watch_sender(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **options: Any) -> Any:
            self.reach("request", "before request")
            answer = send(*arguments, **options)
            self.reach("request", "after answer")
            return answer

        return watched


def _end_this_process(_place: str, before_the_end: Callable[[], object]) -> None:
    before_the_end()
    os.kill(os.getpid(), signal.SIGKILL)


class WatchedConnection:
    """A connection, and its cursors, that reach a boundary around what they do."""

    def __init__(self, con: duckdb.DuckDBPyConnection, points: KillPoints) -> None:
        self._con = con
        self._points = points
        # Rows of the transaction, for who wants to know what a commit acknowledges.
        self.pending: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._con, name)
        if name == "cursor":
            return lambda: WatchedConnection(attribute(), self._points)
        if name not in _WATCHED:
            return attribute

        def watched(*arguments: Any, **options: Any) -> Any:
            self._points.reach("database", f"before {name}")
            result = attribute(*arguments, **options)
            if name == "commit":
                self._points.committed(self)
            self._points.reach("database", f"after {name}")
            return result

        return watched


def count_points(work: Work, *arguments: str) -> int:
    """Runs work in a process of its own to its end; returns how many points it has."""
    code, count = _order(None, None, work, arguments)
    assert code == 0, "the work fails without a kill"
    return count


def die_at(
    point: int | None, work: Work, *arguments: str, kind: Kind | None = None
) -> int:
    """Runs work in a process that ends itself at a point; returns its exit code.

    That is 0 when the work has fewer points, of a kind or of all, or is to reach none.
    """
    return _order(point, kind, work, arguments)[0]


def _order(
    point: int | None, kind: Kind | None, work: Work, arguments: tuple[str, ...]
) -> list[int]:
    preloaded = getattr(sys.modules[work.__module__], "PRELOADED", ())
    server = _server(threading.get_ident(), tuple(preloaded))
    assert server.stdin is not None
    assert server.stdout is not None
    order = [point, kind, work.__module__, work.__name__, arguments]
    server.stdin.write(json.dumps(order) + "\n")
    server.stdin.flush()
    reply: list[int] = json.loads(server.stdout.readline())
    return reply


@cache
def _server(_thread: int, preloaded: tuple[str, ...]) -> subprocess.Popen[str]:
    """The process that forks for a thread; it ends with this one, as its pipe does."""
    return subprocess.Popen(
        [sys.executable, "-m", __name__, *preloaded],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def serve() -> None:
    """Forks a process for each order, and reports how it ended."""
    for module in (*_PRELOADED, *sys.argv[1:]):
        importlib.import_module(module)
    for line in sys.stdin:
        receiver, sender = os.pipe()
        child = os.fork()
        if child == 0:
            _work(sender, *json.loads(line))
        os.close(sender)
        _, status = os.waitpid(child, 0)
        with os.fdopen(receiver) as counted:
            count = int(counted.read() or 0)
        sys.stdout.write(json.dumps([os.waitstatus_to_exitcode(status), count]) + "\n")
        sys.stdout.flush()


def _work(
    sender: int,
    point: int | None,
    kind: Kind | None,
    module: str,
    name: str,
    arguments: list[str],
) -> NoReturn:
    """In the forked process: does the work, and never returns."""
    exit_code = 1
    try:
        points = KillPoints(point, kind)
        work = getattr(importlib.import_module(module), name)
        with points.installed():
            work(*arguments)
        os.write(sender, str(points.count).encode())
        exit_code = 0
    finally:
        if exit_code:
            traceback.print_exc()
        os._exit(exit_code)


if __name__ == "__main__":
    # Not this module, but the one of that name, which the work imports too.
    importlib.import_module("tests.kill_points").serve()
