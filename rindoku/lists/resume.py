"""Readings of X that ended early: what they had bought, and where they continue."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from rindoku.archive.payloads import find_urls, get_payload
from rindoku.errors import NotAsDocumented
from rindoku.lists.posts import parse_posts
from rindoku.lists.watch import account_query, watch_of
from rindoku.lists.x import Window, account_id, is_last_page, own_ids
from rindoku.models import Payload
from rindoku.run import Run


@dataclass(frozen=True)
class Reading:
    """The pages that were saved of the posts in a window.

    `newest` and `oldest` are ids of posts. With `complete`, the last page is among
    them: no post in between is missing.
    """

    newest: str
    oldest: str
    complete: bool


def find_reading(run: Run, profile: Payload | None, window: Window) -> Reading | None:
    """What was bought of a window before; None when it was nothing.

    The pages of a List do not tell which window they were asked for.
    """
    with run.archive.read_latest() as con:
        names = [
            name
            for name, url in find_urls(con, "x").items()
            if _asks_for_posts(url, run, profile) and _asks_for_window(url, window)
        ]
        pages = [get_payload(con, name) for name in names]
    ids: set[int] = set()
    try:
        for page in pages:
            parse_posts(page.body)
            ids |= own_ids(page)
    except NotAsDocumented:
        # X is asked again for what made no sense.
        return None
    if not ids:
        return None
    complete = any(is_last_page(page) for page in pages)
    return Reading(str(max(ids)), str(min(ids)), complete)


def _asks_for_posts(url: str, run: Run, profile: Payload | None) -> bool:
    """Whether a request was for what is watched, not for threads or single posts."""
    watch, path = watch_of(run), urlsplit(url).path
    if path.startswith("/2/tweets/search/"):
        searched = account_query(watch) if watch.kind == "account" else watch.value
        return _parameters(url).get("query") == searched
    return profile is not None and path == f"/2/users/{account_id(profile)}/tweets"


def _asks_for_window(url: str, window: Window) -> bool:
    """Whether a request was for posts after the start of a window, up to any end."""
    parameters = _parameters(url)
    if window.since_id:
        return parameters.get("since_id") == window.since_id
    return parameters.get("start_time") == f"{window.start:%Y-%m-%dT%H:%M:%SZ}"


def _parameters(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
