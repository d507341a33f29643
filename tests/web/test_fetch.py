"""The guard, against real sockets."""

import gzip
import os
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
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
from rindoku.web import Limits, fetch, fetch_if_changed, guard, parse_retry_after
from rindoku.web.fetch import sniff
from rindoku.web.guard import is_public

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
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
    ],
)
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


class Internet:
    """A small internet on loopback: names have addresses, and public addresses lead to one server over real
    sockets. The guard is the real one; what it lets through to a private address is noted in `leaked`.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.names: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self.leaked: list[str] = []

    def getaddrinfo(
        self, host: str, port: int, *_a: object, **_k: object
    ) -> list[tuple[object, ...]]:
        if host not in self.names:
            return REAL_GETADDRINFO(host, port, type=socket.SOCK_STREAM)
        self.asked.append(host)
        answers = self.names[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    def connect(
        self, backend: object, host: str, port: int, *arguments: object
    ) -> guard.httpcore.NetworkStream:
        if not guard.is_public(host):
            self.leaked.append(host)
        return REAL_CONNECT(backend, "127.0.0.1", self.port, *arguments)


REAL_GETADDRINFO = socket.getaddrinfo
REAL_CONNECT = guard.httpcore.SyncBackend.connect_tcp
PUBLIC = "93.184.216.34"


@contextmanager
def internet(
    monkeypatch: pytest.MonkeyPatch, respond: Callable[[socket.socket], None]
) -> Iterator[Internet]:
    with server(respond) as settings:
        net = Internet(int(settings.loopback_url.rsplit(":", 1)[1]))
        net.names["start.example"] = [[PUBLIC]]
        monkeypatch.setattr(guard.socket, "getaddrinfo", net.getaddrinfo)
        monkeypatch.setattr(
            guard.httpcore.SyncBackend, "connect_tcp", lambda *a, **_k: net.connect(*a)
        )
        yield net
        assert net.leaked == []


def redirect(target: str) -> Callable[[socket.socket], None]:
    return answer(f"302 Found\r\nLocation: {target}")


def test_a_public_name_is_read_through_the_guard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with internet(monkeypatch, answer("200 OK", b"<html>hello")) as net:
        assert fetch("http://start.example/", REAL).body == b"<html>hello"
        assert net.asked == ["start.example"]


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1/",
        "http://127.0.0.1:22/",
        "file:///etc/passwd",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost/",
        "gopher://start.example/",
        "http://user:pw@start.example/",
        "http://mixed.example/",
        "http://inside.example/",
        "http://[fd00::1]/",
        "http://[bad",
    ],
)
def test_no_redirect_leads_inside(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    with internet(monkeypatch, redirect(target)) as net:
        net.names["mixed.example"] = [[PUBLIC, "10.0.0.7"]]
        net.names["inside.example"] = [["192.168.1.1"]]
        with pytest.raises(FetchRefused):
            fetch("http://start.example/", REAL)


def test_a_name_with_one_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with internet(monkeypatch, answer("200 OK")) as net:
        net.names["mixed.example"] = [[PUBLIC, "10.0.0.7"]]
        with pytest.raises(FetchRefused, match=r"10\.0\.0\.7"):
            fetch("http://mixed.example/", REAL)


def test_a_name_that_changes_its_answer_is_asked_once_a_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: public when it is checked, private when it is connected to."""
    with internet(monkeypatch, answer("200 OK", b"<html>")) as net:
        net.names["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
        assert fetch("http://rebinding.example/", REAL).status == 200
        assert net.asked == ["rebinding.example"]
        with pytest.raises(FetchRefused):
            fetch("http://rebinding.example/", REAL)


def test_a_host_that_is_gone_is_a_dead_link_and_a_mute_name_service_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(code: int) -> Callable[..., object]:
        def fail(*_a: object, **_k: object) -> object:
            raise socket.gaierror(code, "no")

        return fail

    monkeypatch.setattr(guard.socket, "getaddrinfo", gone(socket.EAI_NONAME))
    with pytest.raises(NotFound, match=r"host gone\.example does not exist"):
        fetch("http://gone.example/", REAL)
    monkeypatch.setattr(guard.socket, "getaddrinfo", gone(socket.EAI_AGAIN))
    with pytest.raises(SourceUnavailable):
        fetch("http://later.example/", REAL)


def test_endless_redirects_end() -> None:
    loop = answer("302 Found\r\nLocation: http://start.example/")
    with (
        server(loop) as settings,
        pytest.raises(FetchRefused, match="redirects more than 5 times"),
    ):
        fetch("http://start.example/", settings)


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


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("224.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("fec0::1", False),
        ("100.64.0.1", False),
        ("::ffff:10.0.0.1", False),
    ],
)
def test_public_means_public(address: str, public: bool) -> None:
    assert is_public(address) is public


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
