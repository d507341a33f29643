"""Fetches: redirects, statuses, types, and conditional requests."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from rindoku.errors import (
    FetchRefused,
    NotFound,
    Paywalled,
    RateLimited,
    SourceUnavailable,
    Transient,
)
from rindoku.sample.faults import Fault
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from rindoku.web import Limits, fetch, fetch_if_changed, parse_retry_after
from rindoku.web.fetch import sniff

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
    return lambda c: c.sendall(
        f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    )


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


def redirect(target: str) -> Callable[[socket.socket], None]:
    return answer(f"302 Found\r\nLocation: {target}")


def test_endless_redirects_end() -> None:
    loop = answer("302 Found\r\nLocation: http://start.example/")
    with (
        server(loop) as settings,
        pytest.raises(FetchRefused, match="redirects more than 5 times"),
    ):
        fetch("http://start.example/", settings)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("404 Not Found", NotFound),
        ("410 Gone", NotFound),
        ("401 Who", Paywalled),
        ("402 Pay", Paywalled),
        ("403 Forbidden", Paywalled),
        ("406 Not so", FetchRefused),
        ("503 Busy", SourceUnavailable),
    ],
)
def test_statuses_have_their_errors(status: str, error: type[Exception]) -> None:
    with server(answer(status)) as settings, pytest.raises(error):
        fetch("http://status.example/", settings)


def test_a_429_carries_its_wait() -> None:
    with (
        server(answer("429 Slow\r\nRetry-After: 17")) as settings,
        pytest.raises(RateLimited) as caught,
    ):
        fetch("http://busy.example/", settings)
    assert caught.value.retry_after == 17


def test_what_came_is_told_by_its_bytes() -> None:
    with server(
        answer("200 OK\r\nContent-Type: text/html", b"%PDF-1.7 rest")
    ) as settings:
        assert fetch("http://liar.example/", settings).content_type == "pdf"
    bodies = (
        b"\n <!DOCTYPE html>",
        b"{}",
        b"abc",
        b"\0\1",
        b"\xef\xbb\xbf<h1>x",
        b"<?xml version='1.0'?><feed/>",
        b"<?xml version='1.0'?><html>",
    )
    assert [sniff(b) for b in bodies] == [
        "html",
        "json",
        "text",
        "binary",
        "html",
        "text",
        "html",
    ]


def test_a_dropped_connection_is_worth_another_try(
    standin: StandIn, settings: Settings
) -> None:
    standin.faults.order(Fault("dropped", "swe-agent.com"))
    with pytest.raises(Transient):
        fetch("https://swe-agent.com/", settings)
    assert b"<h1>SWE-agent</h1>" in fetch("https://swe-agent.com/", settings).body


def test_the_deadline_covers_all_redirects_together() -> None:
    def slow_loop(connection: socket.socket) -> None:
        time.sleep(0.4)
        redirect("http://start.example/")(connection)

    began = time.monotonic()
    with server(slow_loop) as settings, pytest.raises(SourceUnavailable):
        fetch("http://start.example/", settings, limits=Limits(10_000, 1.0))
    assert time.monotonic() - began < 2


def test_a_site_is_asked_whether_a_page_has_changed() -> None:
    heads: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for _ in range(2):
            connection, _ = listener.accept()
            with connection:
                heads.append(connection.recv(65536))
                known = b'If-None-Match: "v1"' in heads[-1]
                status = (
                    "304 Not Modified"
                    if known
                    else '200 OK\r\nETag: "v1"\r\nLast-Modified: Mon, 01 Apr 2024 00:00:00 GMT'
                )
                answer(status, b"" if known else b"<html>")(connection)

    threading.Thread(target=serve, daemon=True).start()
    settings = Settings(loopback_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    first = fetch_if_changed("http://page.example/", settings)
    assert first.payload is not None
    second = fetch_if_changed(
        "http://page.example/",
        settings,
        etag=first.etag,
        last_modified=first.last_modified,
    )
    listener.close()
    assert (second.payload, second.etag) == (None, '"v1"')
    assert b"If-Modified-Since: Mon, 01 Apr 2024" in heads[1]
    assert b"User-Agent: rindoku/" in heads[0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("17", 17.0),
        ("1.5", 1.5),
        ("Mon, 15 Apr 2024 00:01:00 GMT", 60.0),
        ("Mon, 15 Apr 2024 00:00:00 GMT", 0.0),
        ("soon", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(
    header: str | None, seconds: float | None
) -> None:
    assert parse_retry_after(header, datetime(2024, 4, 15, tzinfo=UTC)) == seconds
