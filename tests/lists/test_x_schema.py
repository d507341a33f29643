"""Our requests to X, and the stand-in's answers, against X's own specification.

x_openapi.json is a reduced copy of it, with its date and source.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from rindoku.lists.x import API, Window, XClient
from rindoku.sample import AS_OF, StandIn
from rindoku.sample.content import ACCOUNT_ID
from rindoku.sample.x_api import LIST_ID
from rindoku.sample.x_parameters import ENDPOINTS, POST_EXPANSIONS, POST_FIELDS
from rindoku.settings import Settings
from rindoku.web.session import Session

OPENAPI = json.loads(Path(__file__).with_name("x_openapi.json").read_text())
Json = dict[str, Any]
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def mistakes(target: str) -> Iterator[str]:
    """What is wrong with a request, by the specification."""
    parts = urlsplit(target[target.index("/2/") :])
    parameters, given = find_endpoint(parts.path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
    for name, value in {**query, **given}.items():
        if name not in parameters:
            yield f"there is no {name}"
        else:
            yield from (
                f"{name}: {why}" for why in invalid(value, parameters[name]["schema"])
            )
    for name, parameter in parameters.items():
        if parameter["required"] and name not in {**query, **given}:
            yield f"{name} is missing"


def find_endpoint(path: str) -> tuple[Json, dict[str, str]]:
    """An endpoint's parameters, and those in a path."""
    for template, parameters in OPENAPI["paths"].items():
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
        if match := re.fullmatch(pattern, path):
            return parameters, match.groupdict()
    raise AssertionError(f"X has no {path}")


def invalid(value: str, schema: Json) -> Iterator[str]:
    """Why a value does not have its schema."""
    match schema["type"]:
        case "array":
            listed = value.split(",")
            most = schema.get("maxItems", len(listed))
            if not schema["minItems"] <= len(listed) <= most:
                yield f"{len(listed)} values"
            if schema.get("uniqueItems") and len(set(listed)) < len(listed):
                yield "a value twice"
            for item in listed:
                yield from invalid(item, schema["items"])
        case "integer":
            if not schema["minimum"] <= int(value) <= schema["maximum"]:
                yield f"{value} is out of range"
        case "string":
            yield from invalid_text(value, schema)


def invalid_text(value: str, schema: Json) -> Iterator[str]:
    """Why a string does not have its schema."""
    if value not in schema.get("enum", [value]):
        yield f"{value} is no value"
    if not re.search(schema.get("pattern", ""), value):
        yield f"{value} has the wrong form"
    if schema.get("format") == "date-time" and not _INSTANT.fullmatch(value):
        yield f"{value} is no instant"
    if len(value) < schema.get("minLength", 0):
        yield "empty"


def ask_everything(client: XClient) -> None:
    """Each request that the client can make."""
    window = Window.of_days(date(2024, 4, 6), date(2024, 4, 9), AS_OF)
    later = Window(window.start, window.end, since_id="1776900000000000000")
    client.fetch_account("dair_ai")
    for span in (window, later):
        list(client.fetch_timeline(ACCOUNT_ID, span))
        list(client.search("from:dair_ai", span, everything=False))
        list(client.search("from:dair_ai", span, everything=True))
    list(client.fetch_list(LIST_ID, window))
    client.fetch_posts(["1776966666666666666", "1"])


def test_every_request_is_as_documented(standin: StandIn, settings: Settings) -> None:
    # Ten posts a page, so that pages follow each other.
    ask_everything(XClient(settings, lambda: 10))
    found = {asked.target: list(mistakes(asked.target)) for asked in standin.log}
    assert len({urlsplit(target).path for target in found}) == len(ENDPOINTS)
    assert {target: why for target, why in found.items() if why} == {}
    assert any("pagination_token=" in target for target in found)
    assert any("next_token=" in target for target in found)


def test_the_host_is_the_documented_one() -> None:
    assert OPENAPI["server"] == API


def test_fields_that_are_read_are_those_of_the_specification() -> None:
    read = {"author_id", "referenced_posts", "edit_history_post_ids", "note_post"}
    assert read <= set(OPENAPI["post"])
    assert "author_id" not in POST_FIELDS


def test_the_stand_in_takes_the_parameters_of_the_specification() -> None:
    assert {endpoint.path for endpoint in ENDPOINTS} == set(OPENAPI["paths"])
    for endpoint in ENDPOINTS:
        parameters = OPENAPI["paths"][endpoint.path]
        queried = {n: p for n, p in parameters.items() if p["in"] == "query"}
        required = {name for name, p in queried.items() if p["required"]}
        assert endpoint.required == required
        # What it takes is documented; the fields of users are not needed.
        assert endpoint.optional <= queried.keys()
        assert queried.keys() - endpoint.optional - required <= {
            "user.fields",
            "post.fields",
            "expansions",
        }
        if endpoint.page:
            schema = queried["max_results"]["schema"]
            assert endpoint.page == range(schema["minimum"], schema["maximum"] + 1)
        if "post.fields" in endpoint.optional:
            for name, values in (
                ("post.fields", POST_FIELDS),
                ("expansions", POST_EXPANSIONS),
            ):
                assert set(queried[name]["schema"]["items"]["enum"]) == values


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("tweet.fields=text", "tweet.fields"),
        ("post.fields=author_id", "post.fields"),
        ("expansions=author_id,author_id", "expansions"),
        ("max_results=4", "max_results"),
        ("max_results=101", "max_results"),
        ("start_time=2024-04-01", "start_time"),
        ("since_id=last", "since_id"),
        ("exclude=all", "exclude"),
    ],
)
def test_the_stand_in_refuses_what_x_refuses(
    standin: StandIn, query: str, named: str
) -> None:
    session = Session("test", standin.url)
    url = f"{API}/2/users/{ACCOUNT_ID}/tweets"
    assert list(mistakes(f"{url}?{query}"))
    response = session.get(f"{url}?{query}")
    assert (response.status_code, response.json()["parameter"]) == (400, named)


def test_the_stand_in_returns_what_was_asked_for(standin: StandIn) -> None:
    session = Session("test", standin.url)
    url = f"{API}/2/users/{ACCOUNT_ID}/tweets?max_results=100"
    bare = session.get(url).json()
    assert "includes" not in bare
    assert {name for post in bare["data"] for name in post} == {"id", "text"}
    asked = f"{url}&post.fields=created_at&expansions=author_id,referenced_posts"
    full = session.get(asked).json()
    assert {name for post in full["data"] for name in post} == {
        "id",
        "text",
        "created_at",
        "author_id",
        "referenced_posts",
    }
    assert [user["id"] for user in full["includes"]["users"]] == [ACCOUNT_ID]
    assert full["includes"]["posts"]
