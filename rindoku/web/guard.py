"""The guard: connections go to public addresses only, and no request outlasts its deadline.

It stands where the connection is made: a name is resolved once, every address it has must be public, and
the connection goes to an address that was checked. Neither redirects nor a second answer of the name
service get past it.
"""

import ipaddress
import socket
import ssl
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import httpcore

from rindoku.errors import FetchRefused, NotFound
from rindoku.settings import Settings

# Python 3.11 calls these global, although they lead to or through private places.
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fec0::/10", "2001::/32"),
    )
)
_NO_SUCH_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
_MOST_ADDRESSES = 4


def backend_for(settings: Settings, deadline: float) -> httpcore.NetworkBackend:
    """What a fetch connects through: the guard, or the stand-in on this machine when one is set."""
    if settings.loopback_url:
        parts = urlsplit(settings.loopback_url)
        return _LoopbackBackend(parts.hostname or "", parts.port or 0, deadline)
    return GuardedBackend(deadline)


class GuardedBackend(httpcore.SyncBackend):
    """Connects to public addresses only, and holds the whole request to one deadline."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        *others, last = self._checked_addresses(host, port, timeout)
        for address in others:
            try:
                stream = super().connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return _DeadlineStream(stream, self._deadline)
        stream = super().connect_tcp(last, port, timeout, local_address, socket_options)
        return _DeadlineStream(stream, self._deadline)

    def _checked_addresses(
        self, host: str, port: int, timeout: float | None
    ) -> list[str]:
        """All addresses of a host, each of them public, the older kind first; at most a few are tried."""
        found = _resolve(host, port, timeout)
        refused = sorted(a for a in found if not is_public(a))
        if refused:
            raise FetchRefused(
                f"{host} leads to {refused[0]}, which is not a public address.",
                "It is not fetched from here.",
            )
        return sorted(found, key=lambda a: (":" in a, a))[:_MOST_ADDRESSES]


def _resolve(host: str, port: int, timeout: float | None) -> set[str]:
    """The addresses of a host. The system's resolver knows no time-out, so it is waited for in a thread."""
    answer: list[set[str] | Exception] = []

    def ask() -> None:
        try:
            answer.append(
                {
                    str(a[4][0])
                    for a in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                }
            )
        except (socket.gaierror, UnicodeError) as error:
            answer.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    if not answer:
        raise httpcore.ConnectTimeout(f"the name service did not say where {host} is")
    found = answer[0]
    if isinstance(found, socket.gaierror) and found.errno in _NO_SUCH_HOST:
        raise NotFound(
            f"There is no host {host} any more.",
            "The link is dead; the entry keeps it as its reason.",
        )
    if isinstance(found, Exception):
        raise httpcore.ConnectError(f"{host} has no address") from found
    return found


class _LoopbackBackend(httpcore.SyncBackend):
    """Every host is the stand-in on this machine, in clear text; for the demo and the tests."""

    def __init__(self, host: str, port: int, deadline: float) -> None:
        self._address, self._deadline = (host, port), deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        stream = super().connect_tcp(
            *self._address, timeout, local_address, socket_options
        )
        return _DeadlineStream(stream, self._deadline, tls=False)


class _DeadlineStream(httpcore.NetworkStream):
    """A stream whose every read and write ends by the deadline of the request as a whole."""

    def __init__(
        self, stream: httpcore.NetworkStream, deadline: float, *, tls: bool = True
    ) -> None:
        self._stream, self._deadline, self._tls = stream, deadline, tls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        if not self._tls:
            return self
        left = self._left(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(
            self._stream.start_tls(ssl_context, server_hostname, left), self._deadline
        )

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
    return (
        ip.is_global
        and not ip.is_multicast
        and not any(ip in network for network in _NOT_PUBLIC)
    )
