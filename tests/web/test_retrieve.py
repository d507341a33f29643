"""Fetching through the archive: what is fetched once, what again, and robots.txt."""

import pytest

from rindoku.errors import FetchRefused, RobotsRefused, SourceUnavailable
from rindoku.run import Run
from rindoku.sample import StandIn
from rindoku.web.retrieve import retrieve

FIRST, SECOND = "<html><h1>First</h1>", "<html><h1>Second</h1>"


def test_a_page_that_has_not_changed_is_not_sent_again(
    standin: StandIn, run: Run
) -> None:
    url = "https://etag.example/"
    standin.put(url, FIRST, "text/html", 200, ("ETag", '"v1"'))
    first = retrieve(run, url)
    standin.put(url, "", "text/html", 304)
    assert retrieve(run, url, again=True) == first
    standin.put(url, SECOND, "text/html", 200, ("ETag", '"v2"'))
    assert b"Second" in retrieve(run, url, again=True).body
    assert b"Second" in retrieve(run, url).body


def test_robots_txt_may_have_wildcards(standin: StandIn, run: Run) -> None:
    robots = "User-agent: rindoku\nDisallow: /*/draft$\nAllow: /"
    standin.put("https://wild.example/robots.txt", robots, "text/plain")
    standin.put("https://wild.example/a/draft", FIRST)
    standin.put("https://wild.example/a/final", SECOND)
    with pytest.raises(RobotsRefused, match="robots"):
        retrieve(run, "https://wild.example/a/draft")
    assert retrieve(run, "https://wild.example/a/final").status == 200


def test_a_robots_txt_that_fails_is_transient(standin: StandIn, run: Run) -> None:
    standin.put("https://broken.example/robots.txt", "x", "text/plain", 503)
    standin.put("https://broken.example/", FIRST)
    with pytest.raises(SourceUnavailable):
        retrieve(run, "https://broken.example/")


@pytest.mark.parametrize("url", ["http://[bad", "https://", "ftp://a.org/"])
def test_a_broken_link_is_refused_before_robots_txt(run: Run, url: str) -> None:
    with pytest.raises(FetchRefused):
        retrieve(run, url)
