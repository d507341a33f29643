"""The guard, against real sockets."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from rindoku import fetch as fetching
from rindoku.errors import FetchRefused, NotFound, RateLimited, SourceUnavailable, Transient
from rindoku.fetch import Limits, fetch, is_public, sniff
from rindoku.sample.faults import Fault
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings

REAL = Settings()


@contextmanager
def server(respond: Callable[[socket.socket], None]) -> Iterator[Settings]:
    """A server that hands each connection to `respond` once the request's head is in; settings that lead there."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    def serve(connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            try:
                respond(connection)
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield Settings(loopback_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        listener.close()


def answer(head: str, body: bytes = b"") -> Callable[[socket.socket], None]:
    return lambda c: c.sendall(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://2130706433/",
     "http://0x7f000001/", "http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://0.0.0.0/"],
)  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(url: str) -> None:
    with pytest.raises(FetchRefused, match="not a public address"):
        fetch(url, REAL)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://user:pw@example.org/",
        "http://example.org:22/",
        "http:///x",
        "javascript:1",
        "http://" + "a" * 70 + ".example/",
    ],
)
def test_other_schemes_ports_and_user_names_are_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(url, REAL)


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = [(2, 1, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.7")]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_a, **_k: mixed)
    with pytest.raises(FetchRefused, match=r"10\.0\.0\.7"):
        fetch("http://mixed.example/", REAL)


def test_the_checked_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that changes its answer gets asked once: the connection goes to what was checked."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    monkeypatch.setattr(
        fetching.socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", (ip, 80)) for ip in next(answers)]
    )
    connected: list[str] = []

    def connect(_self: object, host: str, *_a: object, **_k: object) -> None:
        connected.append(host)
        raise fetching.httpcore.ConnectError("far enough")

    monkeypatch.setattr(fetching.httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(SourceUnavailable):
        fetch("http://rebinding.example/", REAL)
    assert connected == ["93.184.216.34"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://127.0.0.1:22/", "http://u@example.org/"])
def test_each_redirect_is_checked_again(target: str) -> None:
    with server(answer(f"302 Found\r\nLocation: {target}")) as settings, pytest.raises(FetchRefused):
        fetch("http://start.example/", settings)


def test_endless_redirects_end() -> None:
    loop = answer("302 Found\r\nLocation: http://start.example/")
    with server(loop) as settings, pytest.raises(FetchRefused, match="redirects more than 5 times"):
        fetch("http://start.example/", settings)


def test_a_bomb_stays_small() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with (
        server(answer("200 OK\r\nContent-Encoding: gzip", bomb)) as settings,
        pytest.raises(FetchRefused, match="larger than"),
    ):
        fetch("http://bomb.example/", settings, limits=Limits(max_bytes=1_000_000))


def test_an_endless_body_ends_at_the_cap() -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with server(pour) as settings, pytest.raises(FetchRefused, match="larger than"):
        fetch("http://endless.example/", settings, limits=Limits(max_bytes=500_000))


@pytest.mark.parametrize("head", ["", "HTTP/1.1 200 OK\r\n\r\n"])
def test_one_deadline_covers_slow_heads_and_slow_bodies(head: str) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(head.encode())
        for _ in range(100):
            connection.sendall(b"H")
            time.sleep(0.1)

    began = time.monotonic()
    with server(drip) as settings, pytest.raises(SourceUnavailable):
        fetch("http://slow.example/", settings, limits=Limits(deadline_s=0.6))
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("404 Not Found", NotFound),
        ("410 Gone", NotFound),
        ("403 Forbidden", FetchRefused),
        ("503 Busy", SourceUnavailable),
    ],
)
def test_statuses_have_their_errors(status: str, error: type[Exception]) -> None:
    with server(answer(status)) as settings, pytest.raises(error):
        fetch("http://status.example/", settings)


def test_a_429_carries_its_wait() -> None:
    with server(answer("429 Slow\r\nRetry-After: 17")) as settings, pytest.raises(RateLimited) as caught:
        fetch("http://busy.example/", settings)
    assert caught.value.retry_after == 17


def test_what_came_is_told_by_its_bytes() -> None:
    with server(answer("200 OK\r\nContent-Type: text/html", b"%PDF-1.7 rest")) as settings:
        assert fetch("http://liar.example/", settings).content_type == "pdf"
    assert [sniff(b) for b in (b"\n <!DOCTYPE html>", b"{}", b"abc", b"\0\1")] == ["html", "json", "text", "binary"]


def test_a_dropped_connection_is_worth_another_try(standin: StandIn, settings: Settings) -> None:
    standin.faults.order(Fault("dropped", "swe-agent.com"))
    with pytest.raises(Transient):
        fetch("https://swe-agent.com/", settings)
    assert b"<h1>SWE-agent</h1>" in fetch("https://swe-agent.com/", settings).body


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("2606:2800:220:1::1", True), ("224.0.0.1", False), ("64:ff9b::7f00:1", False),
     ("2002:7f00:1::", False), ("fec0::1", False), ("100.64.0.1", False), ("::ffff:10.0.0.1", False)],
)  # fmt: skip
def test_public_means_public(address: str, public: bool) -> None:
    assert is_public(address) is public
