"""Kill points: a process that ends itself at the nth boundary between its statements.

A boundary is before and after each statement, transaction and attachment of DuckDB,
before, within and after each copy of a file, and before and after each rename and
removal. Counted, they are the same in every run of the same work, so that a number
drawn from a seed names a moment that can be repeated:

    total = count_points(work, *arguments)
    assert die_at(point, work, *arguments) == KILLED

`work` is a function of a module, and its arguments are texts, as it runs in a process
of its own. That process is forked from one that has imported DuckDB and polars but not
used them: imports take a second, and the threads of either would not survive a fork.
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
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
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


class KillPoints:
    """The boundaries that were reached; at `last` the process ends."""

    def __init__(self, last: int | None = None) -> None:
        self.count = 0
        self._last = last

    def reach(self, before_the_end: Callable[[], object] = lambda: None) -> None:
        """Counts a boundary. `before_the_end` leaves something half done there."""
        self.count += 1
        if self.count == self._last:
            before_the_end()
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Counts what this process does with DuckDB and with files."""
        real_connect, real_copy = duckdb.connect, shutil.copyfile
        real_replace, real_unlink = Path.replace, Path.unlink

        def connect(*arguments: Any, **options: Any) -> "WatchedConnection":
            self.reach()
            return WatchedConnection(real_connect(*arguments, **options), self)

        def copy(source: Path, target: Path) -> None:
            self.reach()
            half = source.stat().st_size // 2
            self.reach(lambda: Path(target).write_bytes(source.read_bytes()[:half]))
            real_copy(source, target)
            self.reach()

        def replace(path: Path, target: Path) -> Path:
            self.reach()
            replaced = real_replace(path, target)
            self.reach()
            return replaced

        def unlink(path: Path, *, missing_ok: bool = False) -> None:
            self.reach()
            real_unlink(path, missing_ok=missing_ok)
            self.reach()

        with (
            mock.patch.object(duckdb, "connect", connect),
            mock.patch.object(shutil, "copyfile", copy),
            mock.patch.object(Path, "replace", replace),
            mock.patch.object(Path, "unlink", unlink),
        ):
            yield


class WatchedConnection:
    """A connection, and its cursors, that reach a boundary around what they do."""

    def __init__(self, con: duckdb.DuckDBPyConnection, points: KillPoints) -> None:
        self._con = con
        self._points = points

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._con, name)
        if name == "cursor":
            return lambda: WatchedConnection(attribute(), self._points)
        if name not in _WATCHED:
            return attribute

        def watched(*arguments: Any, **options: Any) -> Any:
            self._points.reach()
            result = attribute(*arguments, **options)
            self._points.reach()
            return result

        return watched


def count_points(work: Work, *arguments: str) -> int:
    """Runs work in a process of its own to its end; returns how many points it has."""
    code, count = _order(None, work, arguments)
    assert code == 0, "the work fails without a kill"
    return count


def die_at(point: int, work: Work, *arguments: str) -> int:
    """Runs work in a process that ends itself at a point; returns its exit code.

    That is 0 when the work has fewer points.
    """
    return _order(point, work, arguments)[0]


def _order(point: int | None, work: Work, arguments: tuple[str, ...]) -> list[int]:
    server = _server(threading.get_ident())
    assert server.stdin is not None
    assert server.stdout is not None
    order = [point, work.__module__, work.__name__, arguments]
    server.stdin.write(json.dumps(order) + "\n")
    server.stdin.flush()
    reply: list[int] = json.loads(server.stdout.readline())
    return reply


@cache
def _server(_thread: int) -> subprocess.Popen[str]:
    """The process that forks for a thread; it ends with this one, as its pipe does."""
    return subprocess.Popen(
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _serve() -> None:
    """Forks a process for each order, and reports how it ended."""
    for module in _PRELOADED:
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
    sender: int, point: int | None, module: str, name: str, arguments: list[str]
) -> NoReturn:
    """In the forked process: does the work, and never returns."""
    exit_code = 1
    try:
        points = KillPoints(point)
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
    _serve()
