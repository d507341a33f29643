"""The guard: connections go to public addresses only, and end by their deadline.

The check is made at connect time: a host name is resolved once, all its addresses must
be public, and the connection goes to an address that was checked. So neither redirects
nor DNS rebinding can bypass it.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpcore

from rindoku.errors import FetchRefused, HostNotFound
from rindoku.settings import Settings

# Global according to Python 3.11, and no places where papers are: relays, anycast of
# network services, and Azure's own channel to its machines.
_NOT_PUBLIC_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
    )
)
# The only part of IPv6 that is routed. The forms of IPv4 addresses are outside of it
# (mapped, compatible, translated, NAT64), but for those below.
_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocols: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # the former 6bone
        "3fff::/20",  # documentation
    )
)
# An address that ends in one of these and an IPv4 address is ISATAP's.
_ISATAP = {0x0000_5EFE, 0x0200_5EFE}
# Clouds tell their secrets at these addresses.
_METADATA = {
    int(ipaddress.IPv4Address(address))
    for address in (
        "100.100.100.200",
        "168.63.129.16",
        "169.254.42.42",
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "192.0.0.192",
    )
}
# Where NAT64 puts an IPv4 address after prefixes of 64, 56, 48 and 40 bits (RFC 6052):
# bits from the end, after bits 64 to 71 are taken out, which are empty.
_NAT64_SHIFTS = (24, 32, 40, 48)
_UNKNOWN_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
_MOST_ADDRESSES = 4


def backend_for(settings: Settings, deadline: float) -> httpcore.NetworkBackend:
    """The network backend of a fetch: the guard, or the stand-in if one is set.

    `deadline` is a time of `time.monotonic`.
    """
    if settings.loopback_url:
        parts = urlsplit(settings.loopback_url)
        return _LoopbackBackend(parts.hostname or "", parts.port or 0, deadline)
    return GuardedBackend(deadline)


class GuardedBackend(httpcore.SyncBackend):
    """Connects to public addresses only; its streams respect the deadline."""

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
        *others, last = _resolve_public(host, port, timeout)
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


def _resolve_public(host: str, port: int, timeout: float | None) -> list[str]:
    """The addresses of a host to try, IPv4 first.

    Raises FetchRefused if one of its addresses is not public.
    """
    addresses = _resolve(host, port, timeout)
    private = sorted(address for address in addresses if not is_public(address))
    if private:
        raise FetchRefused(
            f"{host} leads to {private[0]}, which is not a public address.",
            "Private addresses are never fetched.",
        )
    by_family = sorted(addresses, key=lambda address: (":" in address, address))
    return by_family[:_MOST_ADDRESSES]


def _resolve(host: str, port: int, timeout: float | None) -> set[str]:
    """The addresses of a host, resolved in a thread: getaddrinfo has no time-out."""
    results: list[set[str] | Exception] = []

    def resolve() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            results.append({str(row[4][0]) for row in rows})
        except (OSError, ValueError) as error:
            results.append(error)

    thread = threading.Thread(target=resolve, daemon=True)
    thread.start()
    thread.join(timeout)
    if not results:
        raise httpcore.ConnectTimeout(f"the name server did not resolve {host} in time")
    result = results[0]
    if isinstance(result, socket.gaierror) and result.errno in _UNKNOWN_HOST:
        raise HostNotFound(
            f"The host {host} does not exist.",
            "The link is dead; the entry records this as the reason.",
        )
    if isinstance(result, Exception):
        raise httpcore.ConnectError(f"{host} cannot be resolved") from result
    return result


class _LoopbackBackend(httpcore.SyncBackend):
    """Connects every host to the stand-in, without TLS; for the demo and the tests."""

    def __init__(self, host: str, port: int, deadline: float) -> None:
        self._host = host
        self._port = port
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        stream = super().connect_tcp(
            self._host, self._port, timeout, local_address, socket_options
        )
        return _DeadlineStream(stream, self._deadline, tls=False)


class _DeadlineStream(httpcore.NetworkStream):
    """A stream whose reads and writes time out at the deadline of the fetch."""

    def __init__(
        self, stream: httpcore.NetworkStream, deadline: float, *, tls: bool = True
    ) -> None:
        self._stream = stream
        self._deadline = deadline
        self._tls = tls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        timeout = self._shorten(timeout, httpcore.ReadTimeout)
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        timeout = self._shorten(timeout, httpcore.WriteTimeout)
        self._stream.write(buffer, timeout)

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
        timeout = self._shorten(timeout, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _DeadlineStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _shorten(self, timeout: float | None, error: type[Exception]) -> float:
        """The shorter of the time-out and the seconds until the deadline."""
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise error("the fetch reached its deadline")
        return remaining if timeout is None else min(timeout, remaining)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv4Address):
        is_special = any(ip in network for network in _NOT_PUBLIC_4)
        return ip.is_global and not ip.is_multicast and not is_special
    if ip not in _PUBLIC_6 or any(ip in network for network in _NOT_PUBLIC_6):
        return False
    return ip.is_global and not _leads_inside(int(ip))


def _leads_inside(ip: int) -> bool:
    """Whether an IPv6 address is ISATAP's, or that of a cloud's secrets by NAT64."""
    if (ip >> 32) & 0xFFFF_FFFF in _ISATAP:
        return True
    return any(embedded in _METADATA for embedded in _embedded_addresses(ip))


def _embedded_addresses(ip: int) -> Iterator[int]:
    """What stands where NAT64 has an IPv4 address, for each length of its prefix."""
    yield ip & 0xFFFF_FFFF  # 96 bits
    yield (ip >> 64) & 0xFFFF_FFFF  # 32 bits
    without_gap = (ip >> 64 << 56) | (ip & ((1 << 56) - 1))
    for shift in _NAT64_SHIFTS:
        yield (without_gap >> shift) & 0xFFFF_FFFF
