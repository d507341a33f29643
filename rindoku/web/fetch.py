"""Fetching what strangers link: behind the guard, within caps, and told by its bytes.

Each redirect starts over. One deadline covers the whole request; bytes and decompression are capped;
what came is told by its bytes, not by its header.
"""

import re
import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urljoin, urlsplit

import httpcore

from rindoku.errors import (
    FetchRefused,
    NotFound,
    Paywalled,
    RateLimited,
    SourceUnavailable,
)
from rindoku.keys import sha256_key
from rindoku.models import Payload
from rindoku.settings import Settings
from rindoku.web.guard import backend_for

MAX_REDIRECTS = 5
CONNECT_S = 10.0
# Text shrinks to a tenth, seldom to a fiftieth; what shrinks further is no text.
MAX_RATIO = 200
_RATIO_COUNTS_FROM = 2_000_000
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}


@dataclass(frozen=True)
class Limits:
    """What one fetch may cost: bytes after decompression, and seconds for everything."""

    max_bytes: int
    deadline_s: float

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        return cls(
            int(settings.fetch_megabytes) * 1_000_000, float(settings.fetch_seconds)
        )


@dataclass(frozen=True)
class Fetched:
    """What a fetch brought: the payload, None when it has not changed (304), and what a later request can ask by.

    `moved` is whether the address asked for has moved for good.
    """

    payload: Payload | None
    etag: str | None = None
    last_modified: str | None = None
    moved: bool = False


def fetch(
    url: str, settings: Settings, source: str = "web", limits: Limits | None = None
) -> Payload:
    """Fetches `url` and what it redirects to; the payload's url is where that ended.

    Raises FetchRefused (the guard, a cap, another status), Paywalled (401, 402, 403, 451), NotFound (404, 410,
    no such host), RateLimited (429) or SourceUnavailable.
    """
    fetched = fetch_if_changed(url, settings, source, limits=limits)
    if fetched.payload is None:
        raise SourceUnavailable(f"{url} answers 304 to a request without conditions.")
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
    """As `fetch`, but says "not changed" when the site does so for the given validators."""
    limits = limits or Limits.of(settings)
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    given = {name: value for name, value in conditions.items() if value}
    backend = backend_for(settings, time.monotonic() + limits.deadline_s)
    moved = False
    for _ in range(MAX_REDIRECTS + 1):
        _check_url(url)
        status, headers, body = _get(url, settings, backend, limits, given)
        location = headers.get("location")
        if status in _REDIRECTS and location:
            url, moved = _join(url, location), moved or status in _PERMANENT
            continue
        if status == 304 and given:
            return Fetched(None, etag, last_modified, moved)
        _check_status(url, status, headers)
        payload = make_payload(source, url, status, body)
        return Fetched(
            payload, headers.get("etag"), headers.get("last-modified"), moved
        )
    raise FetchRefused(
        f"{url} redirects more than {MAX_REDIRECTS} times.",
        "Give the final address instead.",
    )


def make_payload(source: str, url: str, status: int, body: bytes) -> Payload:
    """A payload with its key, its type told by the bytes, and the wall clock's instant of arrival."""
    return Payload(
        sha256_key(source, url, body),
        source,
        url,
        status,
        sniff(body),
        body,
        datetime.now(UTC),
    )


def sniff(body: bytes) -> str:
    """`pdf`, `html`, `json`, `text` or `binary`, by the bytes; headers lie."""
    head = body[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"%pdf-"):
        return "pdf"
    # Pages need not begin with a declaration; XML of other kinds does.
    if (
        b"<html" in head
        or b"<head" in head
        or (head.startswith(b"<") and not head.startswith((b"<?xml", b"<svg")))
    ):
        return "html"
    if head.startswith((b"{", b"[")):
        return "json"
    return "binary" if b"\0" in head else "text"


def _join(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise FetchRefused(
            f"{url} redirects to {location!r}, which is no address.", "Check the link."
        ) from None


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
        parts.netloc.encode("idna")
    except ValueError as error:
        raise FetchRefused(
            f"{url!r} is no address: {error}.", "Check the link."
        ) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise FetchRefused(
            f"{url!r} is not http or https.", "Only web addresses are fetched."
        )
    if parts.username is not None or parts.password is not None:
        raise FetchRefused(
            f"The address of {parts.hostname} carries a user name.",
            "Remove it from the link.",
        )
    if port is not None and port not in _PORTS.values():
        raise FetchRefused(
            f"{url!r} names port {port}.", "Only ports 80 and 443 are fetched from."
        )


def _check_status(url: str, status: int, headers: dict[str, str]) -> None:
    if status in {404, 410}:
        raise NotFound(
            f"{url} answers {status}.",
            "The link is dead; the entry keeps it as its reason.",
        )
    if status == 429:
        raise RateLimited(
            f"{url} asks for patience (429).",
            retry_after=parse_retry_after(headers.get("retry-after")),
        )
    if status >= 500:
        raise SourceUnavailable(
            f"{url} answers {status}.",
            retry_after=parse_retry_after(headers.get("retry-after")),
        )
    if status in {401, 402, 403, 451}:
        raise Paywalled(
            f"{url} answers {status}: it is for subscribers, or for persons only.",
            "Open it in a browser to see what it wants.",
        )
    if status != 200:
        raise FetchRefused(
            f"{url} answers {status}.", "Open it in a browser to see what it wants."
        )


def parse_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds a Retry-After header asks for, given as a number or as a date; None when it names neither."""
    text = (value or "").strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())


def _get(
    url: str,
    settings: Settings,
    backend: httpcore.NetworkBackend,
    limits: Limits,
    conditions: Mapping[str, str],
) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    timeout = {
        "connect": CONNECT_S,
        "read": limits.deadline_s,
        "write": CONNECT_S,
        "pool": CONNECT_S,
    }
    headers: dict[bytes | str, bytes | str] = {
        "Host": parts.netloc,
        "User-Agent": settings.user_agent,
        "Accept": "text/html,application/pdf,*/*;q=0.5",
        "Accept-Encoding": "gzip, deflate",
    }
    headers.update(conditions)
    try:
        with (
            httpcore.ConnectionPool(
                network_backend=backend, ssl_context=ssl.create_default_context()
            ) as pool,
            pool.stream(
                "GET", _wire_url(url), headers=headers, extensions={"timeout": timeout}
            ) as response,
        ):
            answer = {
                k.decode("latin-1").lower(): v.decode("latin-1")
                for k, v in response.headers
            }
            body = _read(
                url,
                response.iter_stream(),
                answer.get("content-encoding", ""),
                limits.max_bytes,
            )
            return response.status, answer, body
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        OSError,
    ) as error:
        raise SourceUnavailable(
            f"{parts.hostname} did not answer properly ({type(error).__name__}: {error}).".replace(
                ": )", ")"
            )
        ) from error


def _wire_url(url: str) -> str:
    """The address in ASCII, as it goes over the wire."""
    parts = urlsplit(url)
    return parts._replace(
        netloc=parts.netloc.encode("idna").decode("ascii"),
        path=quote(parts.path, safe="/%:@!$&'()*+,;=~-._"),
        query=quote(parts.query, safe="/%:@!$&'()*+,;=~-._?"),
        fragment="",
    ).geturl()


def _read(url: str, chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    # 32 + 15: zlib tells gzip from deflate by itself.
    unpack = (
        zlib.decompressobj(47) if encoding in {"gzip", "x-gzip", "deflate"} else None
    )
    body, received = bytearray(), 0
    for chunk in chunks:
        received += len(chunk)
        try:
            # max_length keeps a small bomb from becoming a large body: one byte past the cap is enough.
            body += (
                unpack.decompress(chunk, max_bytes + 1 - len(body)) if unpack else chunk
            )
        except zlib.error as error:
            raise SourceUnavailable(
                f"{url} sent a body that does not unpack ({error})."
            ) from error
        if len(body) > max(_RATIO_COUNTS_FROM, MAX_RATIO * received):
            raise FetchRefused(
                f"{url} unpacks to over {MAX_RATIO} times its size.",
                "That is no text; it is not read.",
            )
        if len(body) > max_bytes:
            raise FetchRefused(
                f"{url} is larger than {max_bytes:,} bytes.",
                "Read it by hand, or raise RINDOKU_FETCH_MEGABYTES.",
            )
    return bytes(body)
