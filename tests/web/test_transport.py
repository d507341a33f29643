"""Single requests: caps on size, decompression and time."""

import gzip
import os
import socket
import time
import zlib
from dataclasses import replace

import pytest

from rindoku.errors import FetchRefused, SourceUnavailable
from rindoku.web import Limits, fetch
from tests.web.servers import answer, server

GZIP = "200 OK\r\nContent-Encoding: gzip"


def make_bomb(megabytes: int) -> bytes:
    """A gzip stream of that many megabytes of zeros, made from one block."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = pack.compress(b"") + pack.flush(zlib.Z_FULL_FLUSH)
    block = pack.compress(b"\0" * 1_000_000) + pack.flush(zlib.Z_FULL_FLUSH)
    return head + block * megabytes + pack.flush()


def test_a_bomb_of_a_gigabyte_stays_small() -> None:
    bomb = make_bomb(1000)
    assert len(bomb) < 2_000_000
    with (
        server(answer(GZIP, bomb)) as settings,
        pytest.raises(FetchRefused, match="unpacks to over 200 times its size"),
    ):
        fetch("http://bomb.example/", settings)


def test_a_body_below_the_ratio_ends_at_the_cap() -> None:
    body = gzip.compress(os.urandom(2_000_000))
    with (
        server(answer(GZIP, body)) as settings,
        pytest.raises(FetchRefused, match="larger than 1,000,000 bytes"),
    ):
        fetch("http://large.example/", replace(settings, fetch_megabytes="1"))


def test_a_body_that_is_not_gzip_is_transient() -> None:
    with (
        server(answer(GZIP, b"no gzip at all")) as settings,
        pytest.raises(SourceUnavailable, match="can't be decompressed"),
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
