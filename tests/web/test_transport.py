"""Single requests: caps on size and time."""

import gzip
import os
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from rindoku.errors import (
    FetchRefused,
    SourceUnavailable,
)
from rindoku.settings import Settings
from rindoku.web import Limits, fetch


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


def bomb(megabytes: int) -> bytes:
    """A gzip stream of that many megabytes of zeros, put together from one block of a megabyte."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = pack.compress(b"") + pack.flush(zlib.Z_FULL_FLUSH)
    block = pack.compress(b"\0" * 1_000_000) + pack.flush(zlib.Z_FULL_FLUSH)
    return head + block * megabytes + pack.flush()


def test_a_bomb_of_a_gigabyte_stays_small() -> None:
    packed = bomb(1000)
    assert len(packed) < 2_000_000
    with (
        server(answer("200 OK\r\nContent-Encoding: gzip", packed)) as settings,
        pytest.raises(FetchRefused, match="unpacks to over 200 times its size"),
    ):
        fetch("http://bomb.example/", settings)


def test_a_bomb_below_the_ratio_ends_at_the_cap() -> None:
    with (
        server(
            answer(
                "200 OK\r\nContent-Encoding: gzip", gzip.compress(os.urandom(2_000_000))
            )
        ) as settings,
        pytest.raises(FetchRefused, match="larger than 1,000,000 bytes"),
    ):
        fetch("http://large.example/", replace(settings, fetch_megabytes="1"))


def test_a_truncated_or_wrecked_encoding_is_no_page() -> None:
    with (
        server(
            answer("200 OK\r\nContent-Encoding: gzip", b"no gzip at all")
        ) as settings,
        pytest.raises(SourceUnavailable),
    ):
        fetch("http://wreck.example/", settings)


def test_an_endless_body_ends_at_the_cap() -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with server(pour) as settings, pytest.raises(FetchRefused, match="larger than"):
        fetch("http://endless.example/", settings, limits=Limits(500_000, 30))


@pytest.mark.parametrize("head", ["", "HTTP/1.1 200 OK\r\n\r\n"])
def test_one_deadline_covers_slow_heads_and_slow_bodies(head: str) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(head.encode())
        for _ in range(100):
            connection.sendall(b"H")
            time.sleep(0.1)

    began = time.monotonic()
    with server(drip) as settings, pytest.raises(SourceUnavailable):
        fetch("http://slow.example/", settings, limits=Limits(10_000, 0.6))
    assert time.monotonic() - began < 3
