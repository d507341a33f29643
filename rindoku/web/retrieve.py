"""Fetches through the archive: what was fetched before is not fetched again."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from protego import Protego

from rindoku.archive.payloads import (
    FetchRecord,
    find_fetch,
    get_payload,
    save_fetch,
    save_payload,
)
from rindoku.errors import NotFound, Paywalled, RobotsRefused
from rindoku.models import Payload
from rindoku.run import Run
from rindoku.web.fetch import Fetched, check_url, fetch_if_changed

Check = Callable[[Payload], None]


def retrieve(
    run: Run,
    url: str,
    source: str = "web",
    *,
    again: bool = False,
    check: Check | None = None,
) -> Payload:
    """The payload of an address: from the archive, else fetched and saved.

    With `again`, the site is asked whether it has changed. A page (`source` web) is
    fetched only if the site's robots.txt allows it. What `check` raises an error for is
    not saved. Raises what `fetch` and `check` raise, and RobotsRefused.
    """
    with run.archive.read_latest() as con:
        record = find_fetch(con, url)
        payload = get_payload(con, record.payload_id) if record else None
    if payload is not None and not again:
        return payload
    check_url(url)
    if source == "web":
        _check_robots(run, url, again=again)
    fetched = fetch_if_changed(
        url,
        run.settings,
        source,
        etag=record.etag if record else None,
        last_modified=record.last_modified if record else None,
    )
    if check is not None and fetched.payload is not None:
        check(fetched.payload)
    return _save(run, url, fetched, payload)


def has_moved(run: Run, url: str) -> bool:
    """Whether an address, when it was fetched, had moved permanently."""
    with run.archive.read_latest() as con:
        record = find_fetch(con, url)
    return record is not None and record.moved


def _save(run: Run, url: str, fetched: Fetched, earlier: Payload | None) -> Payload:
    """Saves what was fetched; returns `earlier` if the page has not changed."""
    payload = fetched.payload or earlier
    if payload is None:
        raise NotFound(
            f"{url} returned 304 (not modified), but the archive has no copy.",
            "Run the week again.",
        )
    record = FetchRecord(
        payload_id=payload.payload_id,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        moved=fetched.moved,
        fetched_at=datetime.now(UTC),
    )
    with run.archive.write() as con:
        if fetched.payload is not None:
            save_payload(con, payload)
        # Recorded for the final address too, because works are stored with that one.
        for address in dict.fromkeys((url, payload.url)):
            save_fetch(con, address, record)
    return payload


def _check_robots(run: Run, url: str, *, again: bool) -> None:
    """Raises RobotsRefused when the site's robots.txt disallows the address."""
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.netloc}/robots.txt"
    try:
        robots = retrieve(run, address, "robots", again=again)
    except (NotFound, Paywalled):
        # RFC 9309: a robots.txt that is unavailable disallows nothing.
        return
    if robots.content_type != "text":
        return
    rules = Protego.parse(robots.body.decode("utf-8", errors="replace"))
    if not rules.can_fetch(url, run.settings.user_agent):
        raise RobotsRefused(
            f"The robots.txt of {parts.netloc} disallows {url}.",
            "Open it in a browser; the entry keeps its link.",
        )
