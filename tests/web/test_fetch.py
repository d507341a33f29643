"""Fetches: addresses, redirects, statuses, types, and conditional requests."""

import socket
import time
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
from rindoku.sample import Fault, StandIn
from rindoku.settings import Settings
from rindoku.web import Limits, fetch, fetch_if_changed, parse_retry_after
from rindoku.web.fetch import sniff
from tests.web.servers import Respond, answer, redirect, server, server_by_head


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
        fetch(url, Settings())


def test_endless_redirects_end() -> None:
    with (
        server(redirect("http://start.example/")) as settings,
        pytest.raises(FetchRefused, match="redirects more than 5 times"),
    ):
        fetch("http://start.example/", settings)


def test_one_deadline_covers_all_redirects() -> None:
    def redirect_slowly(connection: socket.socket) -> None:
        time.sleep(0.4)
        redirect("http://start.example/")(connection)

    began = time.monotonic()
    with server(redirect_slowly) as settings, pytest.raises(SourceUnavailable):
        fetch("http://start.example/", settings, limits=Limits(10_000, 1.0))
    assert time.monotonic() - began < 2


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
def test_each_status_has_its_error(status: str, error: type[Exception]) -> None:
    with server(answer(status)) as settings, pytest.raises(error):
        fetch("http://status.example/", settings)


def test_a_429_has_its_wait() -> None:
    with (
        server(answer("429 Slow\r\nRetry-After: 17")) as settings,
        pytest.raises(RateLimited) as caught,
    ):
        fetch("http://busy.example/", settings)
    assert caught.value.retry_after == 17


def test_a_dropped_connection_is_transient(
    standin: StandIn, settings: Settings
) -> None:
    standin.faults.order(Fault("dropped", "swe-agent.com"))
    with pytest.raises(Transient):
        fetch("https://swe-agent.com/", settings)
    assert b"<h1>SWE-agent</h1>" in fetch("https://swe-agent.com/", settings).body


def test_the_type_is_detected_from_the_bytes_not_the_header() -> None:
    page = answer("200 OK\r\nContent-Type: text/html", b"%PDF-1.7 rest")
    with server(page) as settings:
        assert fetch("http://liar.example/", settings).content_type == "pdf"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\n <!DOCTYPE html>", "html"),
        (b"{}", "json"),
        (b"abc", "text"),
        (b"\0\1", "binary"),
        (b"\xef\xbb\xbf<h1>x", "html"),
        (b"<?xml version='1.0'?><feed/>", "text"),
        (b"<?xml version='1.0'?><html>", "html"),
    ],
)
def test_types_are_detected(body: bytes, content_type: str) -> None:
    assert sniff(body) == content_type


def test_a_site_is_asked_whether_a_page_has_changed() -> None:
    heads: list[bytes] = []
    headers = 'ETag: "v1"\r\nLast-Modified: Mon, 01 Apr 2024 00:00:00 GMT'

    def respond(head: bytes) -> Respond:
        heads.append(head)
        if b'If-None-Match: "v1"' in head:
            return answer("304 Not Modified")
        return answer(f"200 OK\r\n{headers}", b"<html>")

    with server_by_head(respond) as settings:
        first = fetch_if_changed("http://page.example/", settings)
        second = fetch_if_changed(
            "http://page.example/",
            settings,
            etag=first.etag,
            last_modified=first.last_modified,
        )
    assert first.payload is not None
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
