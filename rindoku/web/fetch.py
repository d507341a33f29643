"""Fetches pages and PDFs through the guard, within limits.

Every redirect is checked like the first address, and one deadline covers all of them.
The type of a payload is detected from its bytes, as headers are often wrong.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urljoin, urlsplit

from rindoku.errors import (
    FetchRefused,
    NotFound,
    Paywalled,
    RateLimited,
    SourceUnavailable,
)
from rindoku.keys import sha256_key
from rindoku.links import ascii_host
from rindoku.models import Payload
from rindoku.settings import Settings
from rindoku.web.limits import Limits

MAX_REDIRECTS = 5
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT_REDIRECTS = {301, 308}
_UTF8_MARK = b"\xef\xbb\xbf"
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_ASCII = bytes(range(128)).decode("ascii")
# Characters of headers, each of which stands for one byte.
_HEADER_VALUE = re.compile(r"[\t -~\x80-\xff]+")
_SECONDS = re.compile(r"\d{1,20}(?:\.\d{1,20})?", re.ASCII)
# What is to be waited for longer than a day is an error of the service.
_LONGEST_WAIT_S = 86_400.0


@dataclass(frozen=True)
class Fetched:
    """A payload (None for 304, not modified) and the validators for the next request.

    `moved` is True if the requested address has moved permanently.
    """

    payload: Payload | None
    etag: str | None = None
    last_modified: str | None = None
    moved: bool = False


def fetch(
    url: str, settings: Settings, source: str = "web", limits: Limits | None = None
) -> Payload:
    """Fetches `url` and follows its redirects; the payload has the final address.

    Raises FetchRefused (guard, limits, or an unexpected status), Paywalled (401, 402,
    403, 451), NotFound (404, 410, unknown host), RateLimited (429) or
    SourceUnavailable (no response, 5xx).
    """
    fetched = fetch_if_changed(url, settings, source, limits=limits)
    if fetched.payload is None:
        raise SourceUnavailable(f"{url} returned 304 to an unconditional request.")
    return fetched.payload


def fetch_if_changed(
    url: str,
    settings: Settings,
    source: str = "web",
    *,
    limits: Limits | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
) -> Fetched:
    """As `fetch`, but without payload if the page has not changed since the validators.

    `etag` and `last_modified` are those of an earlier `Fetched`.
    """
    # httpcore takes a tenth of a second to import.
    from rindoku.web.transport import Transport

    transport = Transport(settings, limits or Limits.of(settings))
    conditions = _conditions(etag, last_modified)
    moved = False
    for _ in range(MAX_REDIRECTS + 1):
        host = check_url(url)
        response = transport.get(url, host, conditions)
        location = response.headers.get("location")
        if response.status in _REDIRECTS and location:
            url = _join(url, location)
            moved = moved or response.status in _PERMANENT_REDIRECTS
            continue
        if response.status == 304 and conditions:
            return Fetched(None, etag, last_modified, moved)
        _check_status(url, response.status, response.headers)
        return Fetched(
            make_payload(source, url, response.status, response.body),
            response.headers.get("etag"),
            response.headers.get("last-modified"),
            moved,
        )
    raise FetchRefused(
        f"{url} redirects more than {MAX_REDIRECTS} times.",
        "Give the final address instead.",
    )


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional request, without values that can't be sent."""
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {
        name: value
        for name, value in headers.items()
        if value and _HEADER_VALUE.fullmatch(value)
    }


def make_payload(source: str, url: str, status: int, body: bytes) -> Payload:
    """A payload, retrieved now, with its key and its content type."""
    return Payload(
        payload_id=sha256_key(source, url, body),
        source=source,
        url=url,
        status=status,
        content_type=sniff(body),
        body=body,
        retrieved_at=datetime.now(UTC),
    )


def sniff(body: bytes) -> str:
    """The type of a body by its first bytes: pdf, html, json, text or binary."""
    head = body[:2048].removeprefix(_UTF8_MARK).lstrip().lower()
    if head.startswith(b"%pdf-"):
        return "pdf"
    if b"<html" in head or b"<head" in head:
        return "html"
    # A page may start without a declaration; other kinds of XML start with one.
    if head.startswith(b"<") and not head.startswith((b"<?xml", b"<svg")):
        return "html"
    if head.startswith((b"{", b"[")):
        return "json"
    return "binary" if b"\0" in head else "text"


def parse_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """The seconds of a Retry-After header, which is a number or a date.

    None when the header is missing or invalid; a day at most.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), _LONGEST_WAIT_S)
    try:
        retry_at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if retry_at.tzinfo is None:
        retry_at = retry_at.replace(tzinfo=UTC)
    wait = retry_at - (now or datetime.now(UTC))
    return min(max(0.0, wait.total_seconds()), _LONGEST_WAIT_S)


def _join(url: str, location: str) -> str:
    """The address that a Location header leads to, read as browsers read it."""
    raw = location.encode("latin-1")
    try:
        location = raw.decode("utf-8")
    except UnicodeDecodeError:
        location = quote(raw, safe=_ASCII)
    try:
        return urljoin(url, location)
    except ValueError:
        raise FetchRefused(
            f"{url} redirects to {location!r}, which is not a valid address.",
            "Check the link.",
        ) from None


def check_url(url: str) -> str:
    """The host of an address that may be fetched, as it is sent.

    Raises FetchRefused for any other.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = ascii_host(parts.hostname or "")
    except ValueError as error:
        raise FetchRefused(
            f"{url!r} is not a valid address: {error}.", "Check the link."
        ) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise FetchRefused(
            f"{url!r} is not http or https.", "Only web addresses are fetched."
        )
    if parts.username is not None or parts.password is not None:
        raise FetchRefused(
            f"The address of {parts.hostname} contains a user name.",
            "Remove it from the link.",
        )
    if port is not None and port not in _PORTS.values():
        raise FetchRefused(
            f"{url!r} uses port {port}.", "Only ports 80 and 443 are allowed."
        )
    if not _HOST.fullmatch(host) and not _is_ipv6(host):
        raise FetchRefused(f"{host!r} cannot be the name of a host.", "Check the link.")
    return host


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


def _check_status(url: str, status: int, headers: Mapping[str, str]) -> None:
    if status == 200:
        return
    retry_after = parse_retry_after(headers.get("retry-after"))
    if status in {404, 410}:
        raise NotFound(
            f"{url} returned {status}.",
            "The link is dead; the entry records this as the reason.",
        )
    if status == 429:
        raise RateLimited(f"{url} is rate-limited (429).", retry_after=retry_after)
    if status >= 500:
        raise SourceUnavailable(f"{url} returned {status}.", retry_after=retry_after)
    if status in {401, 402, 403, 451}:
        raise Paywalled(
            f"{url} returned {status}: it is for subscribers, or blocks programs.",
            "Open it in a browser to see why.",
        )
    raise FetchRefused(f"{url} returned {status}.", "Open it in a browser to see why.")
