"""arXiv's pace, kept by every rindoku on the machine: one request in three seconds, one at a time.

https://info.arxiv.org/help/api/tou.html asks for this over all machines and interfaces together. When
one of its routes (query, oai, text) asks for patience, the cool-down is written beside the lock, so that
every other run and a restart honour it too; the other routes stay open.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from filelock import FileLock

from rindoku.errors import RateLimited
from rindoku.settings import Settings

Route = Literal["query", "oai", "text"]
INTERVAL_S = 3.0
DEFAULT_COOL_DOWN_S = 600.0


@contextmanager
def arxiv_turn(settings: Settings, route: Route = "query") -> Iterator[None]:
    """Waits for this request's turn. Raises RateLimited at once while the route's cool-down lasts.

    A RateLimited raised inside begins a cool-down. The stand-in needs no pace.
    """
    if settings.loopback_url:
        yield
        return
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    stamp, cool_down = folder / "arxiv.next", folder / f"arxiv.{route}.cool-down"
    with FileLock(folder / "arxiv.lock"):
        left = _read_instant(cool_down) - time.time()
        if left > 0:
            raise RateLimited(
                f"arXiv asked for patience; {left:.0f} s of it are left.",
                "Run again then.",
                retry_after=left,
            )
        time.sleep(min(INTERVAL_S, max(0.0, _read_instant(stamp) - time.time())))
        try:
            yield
        except RateLimited as error:
            cool_down.write_text(
                str(time.time() + (error.retry_after or DEFAULT_COOL_DOWN_S)),
                encoding="ascii",
            )
            raise
        finally:
            stamp.write_text(str(time.time() + INTERVAL_S), encoding="ascii")


def _folder() -> Path:
    # One place per user and machine, whatever the home folders are.
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return (cache if cache.is_absolute() else Path(tempfile.gettempdir())) / "rindoku"


def _read_instant(path: Path) -> float:
    try:
        return float(path.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0.0
