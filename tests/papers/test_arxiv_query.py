"""arXiv's query API and its failures."""

import re
from collections.abc import Callable

import pytest

from rindoku.errors import RateLimited, SourceUnavailable
from rindoku.identifiers import ArxivId
from rindoku.papers.arxiv_query import fetch_versions
from rindoku.sample import Fault, StandIn
from rindoku.sample.faults import Kind
from rindoku.sample.responses import HttpResponse
from rindoku.settings import Settings

ARXIV = "/api/query"


def test_a_week_of_ids_is_one_request_in_any_order(
    standin: StandIn, settings: Settings
) -> None:
    ids = [
        ArxivId("2404.02258"),
        ArxivId("2403.17887", 1),
        ArxivId("2404.03592"),
        ArxivId("2404.99999"),
    ]
    metadata = fetch_versions(ids, settings)
    [payload] = metadata.payloads
    assert set(metadata.known) == {"2404.02258", "2403.17887", "2404.03592"}
    newest = metadata.known["2404.03592"]
    assert (newest.version, str(newest.updated_on)) == (2, "2024-04-08")
    assert metadata.known["2403.17887"].categories == ("cs.CL", "cs.LG", "stat.ML")
    assert payload.body.startswith(b"<?xml")
    assert len(standin.log) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", RateLimited),
        ("503-html", SourceUnavailable),
        ("200-html", SourceUnavailable),
        ("truncated-json", SourceUnavailable),
        ("200-empty", SourceUnavailable),
        ("dropped", SourceUnavailable),
    ],
)
def test_failures_that_look_like_success_are_errors_too(
    standin: StandIn, settings: Settings, kind: Kind, error: type[Exception]
) -> None:
    standin.faults.order(Fault(kind, ARXIV, seconds=9))
    with pytest.raises(error):
        fetch_versions([ArxivId("2404.02258")], settings)
    assert len(standin.log) == 1


IDS = [ArxivId("2404.02258"), ArxivId("2403.17887"), ArxivId("2404.03592")]


def change_feed(
    monkeypatch: pytest.MonkeyPatch, standin: StandIn, change: Callable[[str], str]
) -> None:
    """Changes the stand-in's feeds."""
    respond = standin.respond

    def changed(
        method: str, host: str, target: str, body: bytes, fault: str
    ) -> HttpResponse:
        response = respond(method, host, target, body, fault)
        text = change(response.body.decode()).encode()
        return HttpResponse(response.status, response.content_type, text)

    monkeypatch.setattr(standin, "respond", changed)


def without_first_entry(feed: str) -> str:
    return re.sub(r"<entry>.*?</entry>", "", feed, count=1, flags=re.DOTALL)


def test_a_feed_with_fewer_entries_than_it_announces_is_a_failure(
    standin: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_feed(monkeypatch, standin, without_first_entry)
    with pytest.raises(SourceUnavailable, match="2 of 3"):
        fetch_versions(IDS, settings)
    assert len(standin.log) == 1


@pytest.mark.parametrize("name", ["published", "updated"])
@pytest.mark.parametrize("date", ["yesterday", "", "2024-13-45T00:00:00Z"])
def test_a_date_that_cannot_be_read_costs_that_date_only(
    standin: StandIn,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    date: str,
) -> None:
    entry = re.compile(rf"(<entry>.*?<{name}>)[^<]*(<)", re.DOTALL)
    change_feed(
        monkeypatch, standin, lambda f: entry.sub(rf"\g<1>{date}\2", f, count=1)
    )
    known = fetch_versions(IDS, settings).known
    days = [getattr(paper, f"{name}_on") for paper in known.values()]
    assert len(known) == 3
    assert days.count(None) == 1
    assert len(standin.log) == 1


def test_an_entry_without_a_date_costs_that_entry_only(
    standin: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    date = re.compile(r"<published>[^<]*</published>")
    change_feed(monkeypatch, standin, lambda feed: date.sub("", feed, count=1))
    assert len(fetch_versions(IDS, settings).known) == 2
    assert len(standin.log) == 1, "no second page is asked for"
