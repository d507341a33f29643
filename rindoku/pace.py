"""arXiv's pace, kept by every rindoku on the machine: one request in three seconds, one at a time.

https://info.arxiv.org/help/api/tou.html asks for this over all machines and interfaces together. When
arXiv asks for patience the cool-down is written beside the lock, so that a restart honours it too.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from rindoku.errors import RateLimited
from rindoku.settings import Settings

INTERVAL_S = 3.0
DEFAULT_COOL_DOWN_S = 600.0


@contextmanager
def arxiv_turn(settings: Settings) -> Iterator[None]:
    """Waits for this request's turn. Raises RateLimited at once while arXiv's cool-down lasts.

    A RateLimited raised inside begins a cool-down. The stand-in needs no pace.
    """
    if settings.loopback_url:
        yield
        return
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / "arxiv.next"
    with FileLock(folder / "arxiv.lock"):
        wait = _next_allowed(stamp) - time.time()
        if wait > 2 * INTERVAL_S:
            raise RateLimited(
                f"arXiv asked for patience; {wait:.0f} s of it are left.", "Run again then.", retry_after=wait
            )
        time.sleep(max(0.0, wait))
        pause = INTERVAL_S
        try:
            yield
        except RateLimited as error:
            pause = error.retry_after or DEFAULT_COOL_DOWN_S
            raise
        finally:
            stamp.write_text(str(time.time() + pause), encoding="ascii")


def _folder() -> Path:
    # One place per user and machine, whatever the home folders are.
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return (cache if cache.is_absolute() else Path(tempfile.gettempdir())) / "rindoku"


def _next_allowed(stamp: Path) -> float:
    try:
        return float(stamp.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0.0
