"""Fetching what strangers link, behind a guard.

The guard stands where the connection is made: the name is resolved once, every address it has must
be public, and the connection goes to the address that was checked, so neither redirects nor a second
answer of the name service get past it. Each redirect starts over. One deadline covers the whole
request; bytes and decompression are capped; what came is told by its bytes.
"""

import ipaddress
import re
import socket
import ssl
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpcore

from rindoku.errors import FetchRefused, NotFound, RateLimited, SourceUnavailable
from rindoku.keys import sha256_key
from rindoku.models import Payload
from rindoku.settings import Settings

MAX_REDIRECTS = 5
MAX_BYTES = 40_000_000
DEADLINE_S = 60.0
CONNECT_S = 10.0
_PORTS = {"http": 80, "https": 443}
# Python 3.11 calls these global, although they lead to or through private places.
_NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16", "fec0::/10", "2001::/32")))


@dataclass(frozen=True)
class Limits:
    """What one fetch may cost: bytes after decompression, and seconds for everything."""

    max_bytes: int = MAX_BYTES
    deadline_s: float = DEADLINE_S


def fetch(url: str, settings: Settings, source: str = "web", limits: Limits = Limits()) -> Payload:
    """Fetches `url` and what it redirects to; the payload's url is where that ended.

    Raises FetchRefused (the guard), NotFound (404, 410), RateLimited (429) or SourceUnavailable.
    """
    deadline = time.monotonic() + limits.deadline_s
    backend = _backend(settings, deadline)
    for _ in range(MAX_REDIRECTS + 1):
        _check_url(url)
        status, headers, body = _get(url, settings, backend, limits)
        location = headers.get("location")
        if status in {301, 302, 303, 307, 308} and location:
            url = urljoin(url, location)
            continue
        _check_status(url, status, headers)
        return make_payload(source, url, status, body)
    raise FetchRefused(f"{url} redirects more than {MAX_REDIRECTS} times.", "Give the final address instead.")


def make_payload(source: str, url: str, status: int, body: bytes) -> Payload:
    """A payload with its key, its type told by the bytes, and the wall clock's instant of arrival."""
    return Payload(sha256_key(source, url, body), source, url, status, sniff(body), body, datetime.now(UTC))


def sniff(body: bytes) -> str:
    """`pdf`, `html`, `json`, `text` or `binary`, by the bytes; headers lie."""
    head = body[:2048].lstrip().lower()
    if head.startswith(b"%pdf-"):
        return "pdf"
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head or b"<head" in head:
        return "html"
    if head.startswith((b"{", b"[")):
        return "json"
    return "binary" if b"\0" in head else "text"


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
        parts.netloc.encode("idna")
    except ValueError as error:
        raise FetchRefused(f"{url!r} is no address: {error}.", "Check the link.") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise FetchRefused(f"{url!r} is not http or https.", "Only web addresses are fetched.")
    if parts.username is not None or parts.password is not None:
        raise FetchRefused(f"The address of {parts.hostname} carries a user name.", "Remove it from the link.")
    if port is not None and port not in _PORTS.values():
        raise FetchRefused(f"{url!r} names port {port}.", "Only ports 80 and 443 are fetched from.")


def _check_status(url: str, status: int, headers: dict[str, str]) -> None:
    if status in {404, 410}:
        raise NotFound(f"{url} answers {status}.", "The link is dead; the entry keeps it as its reason.")
    if status == 429:
        raise RateLimited(f"{url} asks for patience (429).", retry_after=parse_retry_after(headers.get("retry-after")))
    if status >= 500:
        raise SourceUnavailable(f"{url} answers {status}.", retry_after=parse_retry_after(headers.get("retry-after")))
    if status != 200:
        raise FetchRefused(f"{url} answers {status}.", "Open it in a browser to see what it wants.")


def parse_retry_after(value: str | None) -> float | None:
    """Seconds a Retry-After header asks for; None when there is none or it names no number of seconds."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*", value or "")
    return float(match[1]) if match else None


def _get(
    url: str, settings: Settings, backend: httpcore.NetworkBackend, limits: Limits
) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    timeout = {"connect": CONNECT_S, "read": limits.deadline_s, "write": CONNECT_S, "pool": CONNECT_S}
    headers: dict[bytes | str, bytes | str] = {
        "Host": parts.netloc, "User-Agent": settings.user_agent,
        "Accept": "text/html,application/pdf,*/*;q=0.5", "Accept-Encoding": "gzip, deflate",
    }  # fmt: skip
    try:
        with (
            httpcore.ConnectionPool(network_backend=backend, ssl_context=ssl.create_default_context()) as pool,
            pool.stream("GET", _wire_url(url), headers=headers, extensions={"timeout": timeout}) as response,
        ):
            answer = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
            body = _read(url, response.iter_stream(), answer.get("content-encoding", ""), limits.max_bytes)
            return response.status, answer, body
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise SourceUnavailable(
            f"{parts.hostname} did not answer properly ({type(error).__name__}: {error}).".replace(": )", ")")
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
    unpack = zlib.decompressobj(47) if encoding in {"gzip", "x-gzip", "deflate"} else None
    body = bytearray()
    for chunk in chunks:
        try:
            # max_length keeps a small bomb from becoming a large body: one byte past the cap is enough.
            body += unpack.decompress(chunk, max_bytes + 1 - len(body)) if unpack else chunk
        except zlib.error as error:
            raise SourceUnavailable(f"{url} sent a body that does not unpack ({error}).") from error
        if len(body) > max_bytes:
            raise FetchRefused(f"{url} is larger than {max_bytes:,} bytes.", "Read the paper there by hand.")
    return bytes(body)


def _backend(settings: Settings, deadline: float) -> httpcore.NetworkBackend:
    if settings.loopback_url:
        parts = urlsplit(settings.loopback_url)
        return _LoopbackBackend(parts.hostname or "", parts.port or 0, deadline)
    return GuardedBackend(deadline)


class GuardedBackend(httpcore.SyncBackend):
    """Connects to public addresses only, and holds the whole request to one deadline."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        address = self._checked_address(host, port)
        stream = super().connect_tcp(address, port, timeout, local_address, socket_options)
        return _DeadlineStream(stream, self._deadline)

    def _checked_address(self, host: str, port: int) -> str:
        try:
            found = {str(a[4][0]) for a in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        except (socket.gaierror, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        refused = sorted(a for a in found if not is_public(a))
        if refused:
            raise FetchRefused(
                f"{host} leads to {refused[0]}, which is not a public address.", "It is not fetched from here."
            )
        return min(found, key=lambda a: (":" in a, a))


class _LoopbackBackend(httpcore.SyncBackend):
    """Every host is the stand-in on this machine, in clear text; for the demo and the tests."""

    def __init__(self, host: str, port: int, deadline: float) -> None:
        self._address, self._deadline = (host, port), deadline

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        stream = super().connect_tcp(*self._address, timeout, local_address, socket_options)
        return _DeadlineStream(stream, self._deadline, tls=False)


class _DeadlineStream(httpcore.NetworkStream):
    """A stream whose every read and write ends by the deadline of the request as a whole."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float, *, tls: bool = True) -> None:
        self._stream, self._deadline, self._tls = stream, deadline, tls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        if not self._tls:
            return self
        left = self._left(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None, too_late: type[Exception]) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise too_late("the request as a whole took too long")
        return left if timeout is None else min(timeout, left)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None:
        ip = mapped
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_PUBLIC)
