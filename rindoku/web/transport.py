"""Single GET requests over guarded connections, with limits on the responses."""

import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, urlsplit

import httpcore

from rindoku.errors import FetchRefused, SourceUnavailable
from rindoku.settings import Settings
from rindoku.web.guard import backend_for
from rindoku.web.limits import Limits

CONNECT_S = 10.0
# Text compresses to a tenth, rarely to a fiftieth; far higher ratios are bombs.
MAX_RATIO = 200
_RATIO_APPLIES_ABOVE = 2_000_000
# 32 + 15: zlib detects gzip and deflate itself.
_GZIP_OR_DEFLATE = 47
_GZIP_MARK = b"\x1f\x8b"
_SAFE_IN_PATH = "/%:@!$&'()*+,;=~-._"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?"


@dataclass(frozen=True)
class Response:
    """The response to one request; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Sends the requests of one fetch; the deadline starts when it is created."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._limits = limits
        self._user_agent = settings.user_agent
        deadline = time.monotonic() + limits.deadline_s
        self._backend = backend_for(settings, deadline)

    def get(self, url: str, host: str, conditions: Mapping[str, str]) -> Response:
        """The response of `url` with any status; `conditions` are extra headers.

        `host` is the address's host in ASCII, without brackets and port.

        Raises SourceUnavailable when there is no response, FetchRefused when it is too
        large or the guard blocks the host, NotFound when the host doesn't exist.
        """
        try:
            return self._send(url, host, conditions)
        except (
            httpcore.TimeoutException,
            httpcore.NetworkError,
            httpcore.ProtocolError,
            OSError,
        ) as error:
            reason = f"{type(error).__name__}: {error}".removesuffix(": ")
            raise SourceUnavailable(f"{host} did not respond ({reason}).") from error

    def _send(self, url: str, host: str, conditions: Mapping[str, str]) -> Response:
        wire_url = _wire_url(url, host)
        pool = httpcore.ConnectionPool(
            network_backend=self._backend, ssl_context=_tls_context()
        )
        headers = {
            "Host": urlsplit(wire_url).netloc,
            "User-Agent": self._user_agent,
            "Accept": "text/html,application/pdf,*/*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
            **conditions,
        }
        timeout = {
            "connect": CONNECT_S,
            "read": self._limits.deadline_s,
            "write": CONNECT_S,
            "pool": CONNECT_S,
        }
        with (
            pool,
            pool.stream(
                "GET",
                wire_url,
                headers=[
                    (name.encode("ascii"), value.encode("latin-1"))
                    for name, value in headers.items()
                ],
                extensions={"timeout": timeout},
            ) as response,
        ):
            received = _decode_headers(response.headers)
            encoding = received.get("content-encoding", "").strip().lower()
            body = _read_body(
                url, response.iter_stream(), encoding, self._limits.max_bytes
            )
            return Response(response.status, received, body)


@cache
def _tls_context() -> ssl.SSLContext:
    """One for all requests: to read the system's certificates takes a while."""
    return ssl.create_default_context()


def _decode_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    # What is no ASCII is kept byte by byte, so that it can be sent back as it was.
    return {
        name.decode("latin-1").lower(): value.decode("latin-1")
        for name, value in headers
    }


def _wire_url(url: str, host: str) -> str:
    """The address in ASCII, without fragment, as it is sent."""
    parts = urlsplit(url)
    netloc = f"[{host}]" if ":" in host else host
    if parts.port is not None:
        netloc = f"{netloc}:{parts.port}"
    return parts._replace(
        netloc=netloc,
        path=quote(parts.path, safe=_SAFE_IN_PATH),
        query=quote(parts.query, safe=_SAFE_IN_QUERY),
        fragment="",
    ).geturl()


def _read_body(
    url: str, chunks: Iterable[bytes], encoding: str, max_bytes: int
) -> bytes:
    is_packed = encoding in {"gzip", "x-gzip", "deflate"}
    unpacker = zlib.decompressobj(_GZIP_OR_DEFLATE) if is_packed else None
    body = bytearray()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        try:
            # One byte over the limit is enough to refuse the body.
            room = max_bytes + 1 - len(body)
            body += unpacker.decompress(chunk, room) if unpacker else chunk
        except zlib.error as error:
            raise SourceUnavailable(
                f"{url} sent a body that can't be decompressed ({error})."
            ) from error
        _check_size(url, len(body), received, max_bytes)
    if unpacker:
        _check_end(url, unpacker)
    return bytes(body)


def _check_end(url: str, unpacker: "zlib._Decompress") -> None:
    """Raises SourceUnavailable when a compressed body was not read to its end."""
    if not unpacker.eof:
        raise SourceUnavailable(f"{url} sent a compressed body that was cut off.")
    if unpacker.unused_data.startswith(_GZIP_MARK):
        raise SourceUnavailable(f"{url} sent two compressed bodies in one.")


def _check_size(url: str, unpacked: int, received: int, max_bytes: int) -> None:
    if unpacked > max(_RATIO_APPLIES_ABOVE, MAX_RATIO * received):
        raise FetchRefused(
            f"{url} unpacks to over {MAX_RATIO} times its size.",
            "It is probably a decompression bomb and was not read.",
        )
    # What follows the end of a compressed body counts, though it is not unpacked.
    if max(unpacked, received) > max_bytes:
        raise FetchRefused(
            f"{url} is larger than {max_bytes:,} bytes.",
            "Open it in a browser, or raise RINDOKU_FETCH_MEGABYTES.",
        )
