"""Fetching through the archive: what was fetched before is there already, or the site is asked if it changed."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from protego import Protego

from rindoku.archive.finding import find_fetch, get_payload
from rindoku.archive.saving import save_fetch, save_payload
from rindoku.errors import NotFound, Paywalled, RobotsRefused
from rindoku.models import Payload
from rindoku.run import Run
from rindoku.web.fetch import Fetched, fetch_if_changed


def retrieve(
    run: Run, url: str, source: str = "web", *, again: bool = False
) -> Payload:
    """What an address gives: from the archive when it is there, else fetched, and kept.

    With `again` the site is asked whether it has changed. A page that strangers link (`source` web) is fetched
    only if the site's robots.txt lets programs do so. Raises what `fetch` does, and RobotsRefused.
    """
    with run.archive.write() as con:
        known = find_fetch(con, url)
        payload = get_payload(con, known["payload_id"]) if known else None
    if payload is not None and not again:
        return payload
    if source == "web":
        _check_robots(run, url, again=again)
    etag, last_modified = (
        (known["etag"], known["last_modified"]) if known else (None, None)
    )
    fetched = fetch_if_changed(
        url, run.settings, source, etag=etag, last_modified=last_modified
    )
    return _keep(run, url, fetched, payload)


def has_moved(run: Run, url: str) -> bool:
    """Whether an address that was fetched has moved for good."""
    with run.archive.write() as con:
        known = find_fetch(con, url)
    return bool(known and known["moved"])


def _keep(run: Run, url: str, fetched: Fetched, earlier: Payload | None) -> Payload:
    payload = fetched.payload or earlier
    if payload is None:
        raise NotFound(
            f"{url} answers that it has not changed, but was never read.",
            "Run the week again.",
        )
    with run.archive.write() as con:
        if fetched.payload is not None:
            save_payload(con, payload)
        # Known by the address it ended at as well: that is the one a work keeps.
        for address in dict.fromkeys((url, payload.url)):
            save_fetch(
                con,
                address,
                payload.payload_id,
                etag=fetched.etag,
                last_modified=fetched.last_modified,
                moved=fetched.moved,
                at=datetime.now(UTC),
            )
    return payload


def _check_robots(run: Run, url: str, *, again: bool) -> None:
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.netloc}/robots.txt"
    try:
        robots = retrieve(run, address, "robots", again=again)
    except (NotFound, Paywalled):
        # RFC 9309: a site without robots.txt, or that does not give it out, asks for nothing.
        return
    if robots.content_type == "text" and not _allows(
        robots.body, url, run.settings.user_agent
    ):
        raise RobotsRefused(
            f"{parts.netloc} asks programs not to read {url} (robots.txt).",
            "Open it in a browser; the entry keeps its link.",
        )


def _allows(body: bytes, url: str, user_agent: str) -> bool:
    return bool(
        Protego.parse(body.decode("utf-8", errors="replace")).can_fetch(url, user_agent)
    )
