"""The guard, against real sockets: no connection to a private address."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from rindoku.errors import (
    FetchRefused,
    NotFound,
    SourceUnavailable,
)
from rindoku.settings import Settings
from rindoku.web import fetch, guard
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
