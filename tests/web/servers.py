"""Real servers on loopback, for tests of the guarded network."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rindoku.settings import Settings

Respond = Callable[[socket.socket], None]


@contextmanager
def server(respond: Respond) -> Iterator[Settings]:
    """A server with one response to every request; yields settings that lead to it."""
    with server_by_head(lambda _: respond) as settings:
        yield settings


@contextmanager
def server_by_head(choose: Callable[[bytes], Respond]) -> Iterator[Settings]:
    """A server that chooses its response by the head of the request; see `server`."""
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
            respond = choose(connection.recv(65536))
            try:
                respond(connection)
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield Settings(loopback_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        listener.close()


def answer(head: str, body: bytes = b"") -> Respond:
    """Sends a status with its headers, and a body."""
    length = f"Content-Length: {len(body)}"
    return lambda connection: connection.sendall(
        f"HTTP/1.1 {head}\r\n{length}\r\n\r\n".encode() + body
    )


def redirect(target: str) -> Respond:
    return answer(f"302 Found\r\nLocation: {target}")
