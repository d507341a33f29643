"""arXiv's pace and its cool-down."""

from pathlib import Path

import pytest

from rindoku import errors
from rindoku.settings import Settings
from rindoku.web.pace import arxiv_turn


def test_arxivs_pace_is_kept_and_its_cool_down_remembered(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    slept: list[float] = []
    monkeypatch.setattr("rindoku.web.pace.time.sleep", slept.append)
    for _ in range(2):
        with arxiv_turn(Settings()):
            pass
    assert slept[0] == 0
    assert 2.5 < slept[1] <= 3

    def refused() -> None:
        with arxiv_turn(Settings()):
            raise errors.RateLimited("429", retry_after=500)

    with pytest.raises(errors.RateLimited):
        refused()
    with (
        pytest.raises(errors.RateLimited, match="cool-down"),
        arxiv_turn(Settings()),
    ):
        pass


def test_a_cool_down_closes_one_route_and_survives_a_restart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    slept: list[float] = []
    monkeypatch.setattr("rindoku.web.pace.time.sleep", slept.append)

    def refused() -> None:
        with arxiv_turn(Settings(), "query"):
            raise errors.RateLimited("429", retry_after=500)

    with pytest.raises(errors.RateLimited):
        refused()
    with (
        pytest.raises(errors.RateLimited, match="cool-down ends in") as caught,
        arxiv_turn(Settings(), "query"),
    ):
        pass
    assert caught.value.retry_after is not None
    assert 400 < caught.value.retry_after <= 500
    with arxiv_turn(Settings(), "oai"):
        pass
    assert 2.5 < slept[-1] <= 3, "the pace is one for all routes"
