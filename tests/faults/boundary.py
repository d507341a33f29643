"""Faults below HTTP, which the stand-in can't have: no name, and no TLS.

They happen where requests leave: the real code resolves a name that is not there, or
begins TLS with a port that does not speak it.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import httpcore
import requests

from rindoku.llm.client import Service
from rindoku.sample import StandIn
from rindoku.web.guard import GuardedBackend
from rindoku.web.session import Session
from rindoku.web.transport import Response, Transport

KINDS = {"no-name", "no-name-service", "no-tls"}
_NUMBERS = {"no-name": socket.EAI_NONAME, "no-name-service": socket.EAI_AGAIN}
_resolve = socket.getaddrinfo


@dataclass
class Broken:
    """The requests that fail: `times` of those that lead to `path`, after some."""

    kind: str
    path: str
    times: int
    after: int = 0

    def meets(self, target: str) -> bool:
        """Whether a request fails; uses the fault up once."""
        if self.path not in target:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= 1
        return self.times >= 0

    @contextmanager
    def installed(self, standin: StandIn) -> Iterator[None]:
        """Breaks the requests of this process, and those it gives to the courier."""
        port = urlsplit(standin.url).port or 0
        with (
            mock.patch.object(Session, "send", self._breaking_send()),
            mock.patch.object(Transport, "_send", self._breaking_fetch(port)),
            mock.patch.object(Service, "of", self._breaking_service(standin)),
        ):
            yield

    def _breaking_send(self) -> Callable[..., requests.Response]:
        """X and the query API, through requests."""
        real = Session.send

        def send(
            session: Session, request: requests.PreparedRequest, **options: Any
        ) -> requests.Response:
            if not self.meets(request.url or ""):
                return real(session, request, **options)
            session.close()  # a connection that is kept would need no name
            if self.kind == "no-tls":
                request.url = (request.url or "").replace("http://", "https://")
                return real(session, request, **options)
            with _names_failing(_NUMBERS[self.kind]):
                return real(session, request, **options)

        return send

    def _breaking_fetch(self, port: int) -> Callable[..., Response]:
        """The web, through the guard."""
        real = Transport._send  # noqa: SLF001

        def send(
            transport: Transport, url: str, host: str, conditions: Any
        ) -> Response:
            if not self.meets(url):
                return real(transport, url, host, conditions)
            whole = transport._backend  # noqa: SLF001
            deadline = whole._deadline  # type: ignore[attr-defined] # noqa: SLF001
            try:
                if self.kind == "no-tls":
                    transport._backend = _PlainPort(port)  # noqa: SLF001
                    return real(transport, url, host, conditions)
                transport._backend = GuardedBackend(deadline)  # noqa: SLF001
                with _names_failing(_NUMBERS[self.kind]):
                    return real(transport, url, host, conditions)
            finally:
                transport._backend = whole  # noqa: SLF001

        return send

    def _breaking_service(self, standin: StandIn) -> Callable[..., Service]:
        """The model's API, which the courier calls in a process of its own."""
        real = Service.of

        def of(settings: Any) -> Service:
            if not self.meets("/v1/messages"):
                return real(settings)
            url = "http://model.invalid"
            if self.kind == "no-tls":
                url = standin.url.replace("http://", "https://")
            return Service(url, settings.anthropic_api_key)

        return of


@contextmanager
def _names_failing(number: int) -> Iterator[None]:
    def fail(*_arguments: Any, **_options: Any) -> Any:
        raise socket.gaierror(number, "no such name, or no name service")

    with mock.patch.object(socket, "getaddrinfo", fail):
        yield


class _PlainPort(httpcore.SyncBackend):
    """Leads to a port of this machine that does not speak TLS."""

    def __init__(self, port: int) -> None:
        self._port = port

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        return super().connect_tcp(
            "127.0.0.1", self._port, timeout, local_address, socket_options
        )
