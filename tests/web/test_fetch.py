"""Fetches: addresses, redirects, statuses, types, and conditional requests."""

import socket
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.errors import (
    FetchRefused,
    NotFound,
    Paywalled,
    RateLimited,
    SourceUnavailable,
    Transient,
)
from rindoku.links import canonical
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


def test_a_host_in_another_script_is_sent_in_ascii() -> None:
    heads: list[bytes] = []

    def respond(head: bytes) -> Respond:
        heads.append(head)
        return answer("200 OK", b"<html>")

    with server_by_head(respond) as settings:
        payload = fetch("https://例え.jp/紙?q=紙#頁", settings)
    assert b"Host: xn--r8jz45g.jp\r\n" in heads[0]
    assert heads[0].startswith(b"GET /%E7%B4%99?q=%E7%B4%99 HTTP/1.1")
    assert canonical(payload.url) == "https://xn--r8jz45g.jp/紙?q=紙"


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("http://例え.jp/".encode(), b"xn--r8jz45g.jp"),
        (b"http://end.example/caf\xe9", b"end.example"),
        (b"//END.example./", b"end.example"),
    ],
)
def test_a_redirect_is_read_as_browsers_read_it(location: bytes, host: bytes) -> None:
    def respond(head: bytes) -> Respond:
        if b"Host: start.example" in head:
            lines = [b"HTTP/1.1 302 Found", b"Content-Length: 0"]
            response = b"\r\n".join([*lines, b"Location: " + location, b"", b""])
            return lambda connection: connection.sendall(response)
        return answer("200 OK", b"<html>" + head)

    with server_by_head(respond) as settings:
        page = fetch("http://start.example/", settings).body
    assert b"Host: " + host + b"\r\n" in page
    assert b"%C3%A9" not in page


def test_a_redirect_to_a_host_in_an_old_encoding_is_refused() -> None:
    response = b"HTTP/1.1 302 Found\r\nLocation: http://caf\xe9.example/\r\n\r\n"
    with (
        server(lambda connection: connection.sendall(response)) as settings,
        pytest.raises(FetchRefused, match="cannot be the name of a host"),
    ):
        fetch("http://start.example/", settings)


def test_validators_are_sent_back_byte_by_byte() -> None:
    heads: list[bytes] = []
    etag = b'"caf\xe9-\xe7\xb4\x99"'

    def respond(head: bytes) -> Respond:
        heads.append(head)
        lines = [
            b"HTTP/1.1 200 OK",
            b"Content-Length: 6",
            b"Last-Modified: gestern \xfc",
        ]
        body = b"\r\n".join([*lines, b"ETag: " + etag, b"", b"<html>"])
        return lambda connection: connection.sendall(body)

    with server_by_head(respond) as settings:
        first = fetch_if_changed("http://page.example/", settings)
        fetch_if_changed(
            "http://page.example/",
            settings,
            etag=first.etag,
            last_modified=first.last_modified,
        )
    assert b"If-None-Match: " + etag + b"\r\n" in heads[1]
    assert b"If-Modified-Since: gestern \xfc\r\n" in heads[1]


@pytest.mark.parametrize("value", ["紙", '"a\r\nX: y"', "\x00"])
def test_a_stored_validator_that_cannot_be_sent_is_left_out(value: str) -> None:
    heads: list[bytes] = []

    def respond(head: bytes) -> Respond:
        heads.append(head)
        return answer("200 OK", b"<html>")

    with server_by_head(respond) as settings:
        fetch_if_changed(
            "http://page.example/", settings, etag=value, last_modified=value
        )
    assert b"If-" not in heads[0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("-5", None),
        ("9" * 5000, None),
        ("1e5", None),
        ("99999999999", 86_400.0),
        ("Mon, 15 Apr 2999 00:00:00 GMT", 86_400.0),
        (f"Mon, 15 Apr {10**20} 00:00:00 GMT", None),
        ("Mon, 15 Apr 2024 00:00:00 +9999999999", None),
        ("\x00\xff", None),
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


@given(st.text())
def test_any_text_in_a_retry_after_is_a_wait_or_none(text: str) -> None:
    seconds = parse_retry_after(text)
    assert seconds is None or 0 <= seconds <= 86_400
