"""arXiv's pace for all runs on this machine: one request at a time, one in 3 seconds.

arXiv requires this for all its interfaces (https://info.arxiv.org/help/api/tou.html).
When one of its routes is rate-limited, the cool-down is stored next to the lock, so
that all runs respect it; the other routes can still be used.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from rindoku.disk import folder_errors
from rindoku.errors import RateLimited
from rindoku.settings import Settings

Route = Literal["query", "oai", "text"]
INTERVAL_S = 3.0
DEFAULT_COOL_DOWN_S = 600.0
LONGEST_COOL_DOWN_S = 86_400.0


@contextmanager
def arxiv_turn(settings: Settings, route: Route = "query") -> Iterator[None]:
    """Waits until one request may be made; others wait until it is done.

    Raises RateLimited at once while the route cools down; a RateLimited raised inside
    starts a cool-down. Requests to the stand-in do not wait.
    """
    if settings.loopback_url:
        yield
        return
    from filelock import FileLock

    folder = _folder()
    with folder_errors(folder, "XDG_CACHE_HOME"):
        folder.mkdir(parents=True, exist_ok=True)
    next_request = folder / "arxiv.next"
    cool_down = folder / f"arxiv.{route}.cool-down"
    with FileLock(folder / "arxiv.lock"):
        _check_cool_down(cool_down)
        wait = _read_instant(next_request) - time.time()
        time.sleep(min(INTERVAL_S, max(0.0, wait)))
        try:
            yield
        except RateLimited as error:
            seconds = error.retry_after or DEFAULT_COOL_DOWN_S
            seconds = min(seconds, LONGEST_COOL_DOWN_S)
            _write_instant(cool_down, time.time() + seconds)
            raise
        finally:
            _write_instant(next_request, time.time() + INTERVAL_S)


def _check_cool_down(path: Path) -> None:
    remaining = _read_instant(path) - time.time()
    # A longer one is none that was stored here.
    if 0 < remaining <= LONGEST_COOL_DOWN_S:
        raise RateLimited(
            f"arXiv is rate-limited; the cool-down ends in {remaining:.0f} s.",
            "Run again after that.",
            retry_after=remaining,
        )


def _folder() -> Path:
    # One folder per user and machine, independent of rindoku's home folder.
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    if not cache.is_absolute():
        cache = Path(tempfile.gettempdir())
    return cache / "rindoku"


def _read_instant(path: Path) -> float:
    """A stored instant in epoch seconds; 0 when there is none."""
    try:
        return float(path.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0.0


def _write_instant(path: Path, instant: float) -> None:
    path.write_text(str(instant), encoding="ascii")
