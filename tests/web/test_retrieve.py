"""Fetching through the archive, and robots.txt."""

import pytest

from rindoku import errors
from rindoku.errors import RobotsRefused
from rindoku.run import Run
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from rindoku.web.retrieve import retrieve

PROSE = (
    "<p>"
    + "This page tells at length what the work is about and how it was done. " * 8
    + "</p>"
)


@pytest.fixture
def run(settings: Settings) -> Run:
    return Run("test")


def page(title: str, body: str = "", head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}{PROSE}</body></html>"


def test_a_page_that_has_not_changed_is_not_sent_again(
    standin: StandIn, run: Run
) -> None:
    url = "https://etag.example/"
    standin.put(url, page("First"), "text/html", 200, ("ETag", '"v1"'))
    first = retrieve(run, url)
    standin.put(url, "", "text/html", 304)
    assert retrieve(run, url, again=True) == first
    standin.put(url, page("Second"), "text/html", 200, ("ETag", '"v2"'))
    assert b"Second" in retrieve(run, url, again=True).body
    assert b"Second" in retrieve(run, url).body


def test_robots_may_have_wildcards_and_failures_of_robots_are_told_apart(
    standin: StandIn, run: Run
) -> None:
    standin.put(
        "https://wild.example/robots.txt",
        "User-agent: rindoku\nDisallow: /*/draft$\nAllow: /",
        "text/plain",
    )
    standin.put("https://wild.example/a/draft", page("Draft"))
    standin.put("https://wild.example/a/final", page("Final"))
    with pytest.raises(RobotsRefused, match="robots"):
        retrieve(run, "https://wild.example/a/draft")
    assert retrieve(run, "https://wild.example/a/final").status == 200
    standin.put("https://broken.example/robots.txt", "x", "text/plain", 503)
    standin.put("https://broken.example/", page("Broken"))
    with pytest.raises(errors.SourceUnavailable):
        retrieve(run, "https://broken.example/")
