"""The stand-in's HTTP server: reads requests, applies ordered faults, responds."""

import gzip
import hashlib
import select
import socket
import struct
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from rindoku.sample.faults import Faults, failure
from rindoku.sample.responses import Headers, HttpResponse


@dataclass(frozen=True)
class LoggedRequest:
    """One request in the log.

    `key` is a hash of the body, to distinguish model calls. `answered` is False if the
    client had disconnected, or if a fault replaced the response.
    """

    at: float
    method: str
    target: str
    status: int
    key: str
    answered: bool


class Responder(Protocol):
    """What the server serves."""

    faults: Faults

    def respond(
        self, method: str, host: str, target: str, body: bytes, fault: str
    ) -> HttpResponse:
        """The response to a request; `fault` is a fault that the service must apply."""

    def note(self, asked: LoggedRequest) -> int:
        """Adds a request to the log; returns its index."""

    def note_answered(self, place: int) -> None:
        """Notes that the client has received its response."""


# The part of a body that is sent, and the headers that tell its length.
_Framed = tuple[bytes, Headers]


def _whole(body: bytes) -> _Framed:
    return body, (("Content-Length", str(len(body))),)


def _shortened(body: bytes) -> _Framed:
    return _whole(body[: len(body) // 2])


def _cut(body: bytes) -> _Framed:
    return body[: len(body) // 2], (("Content-Length", str(len(body))),)


def _torn_gzip(body: bytes) -> _Framed:
    part, framing = _shortened(gzip.compress(body))
    return part, (*framing, ("Content-Encoding", "gzip"))


_TEARS = {"truncated-json": _shortened, "cut": _cut, "torn-gzip": _torn_gzip}


class Server(ThreadingHTTPServer):
    """A server on a port of this machine; port 0 chooses a free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, service: Responder) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.service = service

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Does not report clients that have disconnected (killed, or timed out)."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "rindoku-standin"
    server: Server

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def log_message(self, *args: Any) -> None:
        """Prints nothing, as the service keeps the log."""

    def _respond(self) -> None:
        service, host = self.server.service, self.headers.get("Host", "")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = service.faults.next_for(f"{host}{self.path}")
        kind = fault.kind if fault else ""
        if fault and kind == "slow":
            time.sleep(fault.seconds)
        if kind in {"dropped", "garbage"}:
            self._note(0, body)
            self._drop(b"\x16\x03\x01 no HTTP\r\n\r\n" if kind == "garbage" else b"")
            return
        failed = failure(fault, x=self.path.startswith("/2/")) if fault else None
        response = failed or service.respond(self.command, host, self.path, body, kind)
        if kind == "response-lost":
            self._note(0, body)
            self._drop()
            return
        # Logged before it is sent, so that a client with the response can rely on it.
        place = self._note(response.status, body)
        tear = _TEARS.get(kind, _whole)
        is_sent = self._send(response, *tear(response.body))
        if is_sent and failed is None and tear is _whole:
            service.note_answered(place)

    def _send(self, response: HttpResponse, body: bytes, framing: Headers) -> bool:
        """Sends a response whose body may be torn; returns whether that worked."""
        if self._client_is_gone():
            self.close_connection = True
            return False
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        for name, value in framing:
            self.send_header(name, value)
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return False
        if int(dict(framing)["Content-Length"]) > len(body):
            self.close_connection = True
        return True

    def _drop(self, last_words: bytes = b"") -> None:
        if last_words:
            self.close_connection = True
            self.wfile.write(last_words)
            return
        # With a linger of zero, closing resets the connection, as if the service died.
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.close_connection = True
        self.connection.close()

    def _client_is_gone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        try:
            return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def _note(self, status: int, body: bytes) -> int:
        asked = LoggedRequest(
            at=time.time(),
            method=self.command,
            target=f"{self.headers.get('Host', '')}{self.path}",
            status=status,
            key=hashlib.sha256(body).hexdigest()[:16] if body else "",
            answered=False,
        )
        return self.server.service.note(asked)
