"""arXiv's pace, and the cool-down after a rate limit."""

from pathlib import Path

import pytest

from rindoku.errors import RateLimited
from rindoku.settings import Settings
from rindoku.web import arxiv_turn
from rindoku.web.pace import Route


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[float]:
    """The seconds that are waited, without waiting."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    seconds: list[float] = []
    monkeypatch.setattr("rindoku.web.pace.time.sleep", seconds.append)
    return seconds


def take_turn(route: Route) -> None:
    with arxiv_turn(Settings(), route):
        pass


def be_rate_limited(route: Route) -> None:
    with arxiv_turn(Settings(), route):
        raise RateLimited("429", retry_after=500)


def test_the_second_request_waits_three_seconds(slept: list[float]) -> None:
    take_turn("query")
    take_turn("query")
    assert slept[0] == 0
    assert 2.5 < slept[1] <= 3


def test_a_cool_down_that_nobody_stored_is_ignored(
    slept: list[float], tmp_path: Path
) -> None:
    (tmp_path / "rindoku").mkdir()
    for instant in ("inf", "nan", "1e300", "\u00e9"):
        (tmp_path / "rindoku" / "arxiv.query.cool-down").write_text(instant)
        take_turn("query")
    assert len(slept) == 4


def test_a_cool_down_is_stored_and_closes_one_route(slept: list[float]) -> None:
    with pytest.raises(RateLimited, match="429"):
        be_rate_limited("query")
    with pytest.raises(RateLimited, match="cool-down ends in") as caught:
        take_turn("query")
    assert caught.value.retry_after is not None
    assert 400 < caught.value.retry_after <= 500
    take_turn("oai")
    assert 2.5 < slept[-1] <= 3, "the pace is one for all routes"
