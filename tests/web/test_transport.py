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
from tests.web.servers import Respond, answer, server

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


PAGE = b"<html>" + os.urandom(3000)


def cut_short(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + PAGE)


def without_last_chunk(connection: socket.socket) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + f"{len(PAGE):x}\r\n".encode()
        + PAGE
        + b"\r\n"
    )


def within_a_chunk(connection: socket.socket) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + PAGE
    )


@pytest.mark.parametrize(
    "respond",
    [
        cut_short,
        without_last_chunk,
        within_a_chunk,
        answer(GZIP, gzip.compress(PAGE)[:-1]),
        answer(GZIP, gzip.compress(PAGE)[:-8]),
        answer(GZIP, gzip.compress(PAGE)[:1000]),
        answer(GZIP, gzip.compress(PAGE)[:-9] + b"\0" * 9),
        answer(GZIP, b""),
        answer(GZIP, gzip.compress(PAGE[:1500]) + gzip.compress(PAGE[1500:])),
        answer("200 OK\r\nContent-Encoding: deflate", zlib.compress(PAGE)[:-5]),
    ],
)
def test_a_cut_body_is_transient(respond: Respond) -> None:
    with server(respond) as settings, pytest.raises(SourceUnavailable):
        fetch("http://cut.example/", settings)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_a_whole_body_is_unpacked(encoding: str) -> None:
    packed = answer(f"200 OK\r\nContent-Encoding: {encoding}", gzip.compress(PAGE))
    with server(packed) as settings:
        assert fetch("http://whole.example/", settings).body == PAGE


def test_an_endless_tail_of_a_compressed_body_ends_at_the_cap() -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
        connection.sendall(gzip.compress(PAGE))
        while True:
            connection.sendall(b"x" * 65536)

    with server(pour) as settings, pytest.raises(FetchRefused, match="larger than"):
        fetch("http://tail.example/", settings, limits=Limits(500_000, 30))


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
