"""The guard, against real sockets: no connection goes to a private address."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpcore
import pytest

from rindoku.errors import FetchRefused, NotFound, SourceUnavailable
from rindoku.settings import Settings
from rindoku.web import fetch
from rindoku.web.guard import is_public
from tests.web.servers import Respond, answer, redirect, server
from tests.web.test_addresses import PRIVATE_HOSTS

WITHOUT_STANDIN = Settings()
REAL_GETADDRINFO = socket.getaddrinfo
REAL_CONNECT = httpcore.SyncBackend.connect_tcp
PUBLIC = "93.184.216.34"


class Internet:
    """A small internet: names have addresses, and all lead to one loopback server.

    The guard is the real one. Private addresses that it lets through are in `leaked`.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.names: dict[str, list[list[str]]] = {}
        self.resolved: list[str] = []
        self.leaked: list[str] = []

    def getaddrinfo(
        self, host: str, port: int, *_a: object, **_k: object
    ) -> Sequence[tuple[object, ...]]:
        if host not in self.names:
            return REAL_GETADDRINFO(host, port, type=socket.SOCK_STREAM)
        self.resolved.append(host)
        answers = self.names[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    def connect(
        self, backend: httpcore.SyncBackend, host: str, _port: int, *arguments: Any
    ) -> httpcore.NetworkStream:
        if not is_public(host):
            self.leaked.append(host)
        return REAL_CONNECT(backend, "127.0.0.1", self.port, *arguments)


@contextmanager
def internet(monkeypatch: pytest.MonkeyPatch, respond: Respond) -> Iterator[Internet]:
    with server(respond) as settings:
        net = Internet(int(settings.loopback_url.rsplit(":", 1)[1]))
        net.names["start.example"] = [[PUBLIC]]
        monkeypatch.setattr(socket, "getaddrinfo", net.getaddrinfo)
        monkeypatch.setattr(
            httpcore.SyncBackend, "connect_tcp", lambda *a, **_k: net.connect(*a)
        )
        yield net
        assert net.leaked == []


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
def test_private_addresses_are_refused_in_every_spelling(url: str) -> None:
    with pytest.raises(FetchRefused, match="not a public address"):
        fetch(url, WITHOUT_STANDIN)


def test_a_public_host_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    with internet(monkeypatch, answer("200 OK", b"<html>hello")) as net:
        assert fetch("http://start.example/", WITHOUT_STANDIN).body == b"<html>hello"
        assert net.resolved == ["start.example"]


def test_a_host_in_another_script_is_resolved_in_ascii(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with internet(monkeypatch, answer("200 OK", b"<html>")) as net:
        net.names["xn--r8jz45g.jp"] = [[PUBLIC]]
        assert fetch("http://例え.jp./", WITHOUT_STANDIN).status == 200
        assert net.resolved == ["xn--r8jz45g.jp"]
        net.names["xn--r8jz45g.jp"] = [["10.0.0.7"]]
        with pytest.raises(FetchRefused, match="not a public address"):
            fetch("http://例え.jp/", WITHOUT_STANDIN)


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
            fetch("http://start.example/", WITHOUT_STANDIN)


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_no_redirect_leads_to_a_private_host_in_any_spelling(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    response = b"HTTP/1.1 302 Found\r\nLocation: http://%b/\r\n\r\n" % host.encode()
    with (
        internet(monkeypatch, lambda connection: connection.sendall(response)),
        pytest.raises(FetchRefused),
    ):
        fetch("http://start.example/", WITHOUT_STANDIN)


def test_a_host_with_one_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with internet(monkeypatch, answer("200 OK")) as net:
        net.names["mixed.example"] = [[PUBLIC, "10.0.0.7"]]
        with pytest.raises(FetchRefused, match=r"10\.0\.0\.7"):
            fetch("http://mixed.example/", WITHOUT_STANDIN)


def test_dns_rebinding_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host is resolved once a connection: its second answer is checked as well."""
    with internet(monkeypatch, answer("200 OK", b"<html>")) as net:
        net.names["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
        assert fetch("http://rebinding.example/", WITHOUT_STANDIN).status == 200
        assert net.resolved == ["rebinding.example"]
        with pytest.raises(FetchRefused):
            fetch("http://rebinding.example/", WITHOUT_STANDIN)


def failing_with(code: int) -> Callable[..., object]:
    def fail(*_a: object, **_k: object) -> object:
        raise socket.gaierror(code, "no")

    return fail


def test_an_unknown_host_is_a_dead_link(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = failing_with(socket.EAI_NONAME)
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with pytest.raises(NotFound, match=r"host gone\.example does not exist"):
        fetch("http://gone.example/", WITHOUT_STANDIN)


def test_a_failing_name_server_is_transient(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = failing_with(socket.EAI_AGAIN)
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with pytest.raises(SourceUnavailable):
        fetch("http://later.example/", WITHOUT_STANDIN)


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
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
