"""Every shape of the list on X, read by the real client from the stand-in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rindoku.archive.run_log import begin_run
from rindoku.archive.sightings import find_sightings
from rindoku.errors import CeilingReached, NotFound, NothingPublishedYet
from rindoku.links import canonical
from rindoku.lists import (
    complete_from,
    entries_without_links,
    get_saved_sighting,
    list_week,
    observe_week,
)
from rindoku.models import Sighting
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK, SampleWeek, StandIn, sample_week
from rindoku.sample.x_api import LIST_ID
from rindoku.sample.x_posts import post_thread
from tests.conftest import environment_of, set_environment
from tests.lists.shapes import SHAPES, PostWeek, post_article
from tests.queries import count_rows, select_rows

MONDAY = AS_OF - timedelta(days=7)


@contextmanager
def posted(
    patch: pytest.MonkeyPatch,
    home: Path,
    week: SampleWeek | None = None,
    post_week: PostWeek = post_thread,
    **settings: str,
) -> Iterator[StandIn]:
    """A stand-in on which the account has posted a week, by default the sample's."""
    with StandIn(now=MONDAY, first_week=week, post_week=post_week) as standin:
        set_environment(patch, environment_of(standin, home) | settings)
        yield standin


def look(run: Run, source: str = "x", as_of: datetime = MONDAY) -> Sighting:
    with run.archive.write() as con:
        begin_run(
            con,
            run.run_id,
            flow="test",
            week=SAMPLE_WEEK,
            as_of=as_of,
            source=source,
        )
    observed = observe_week(run, SAMPLE_WEEK, source, as_of)
    return list_week(run, SAMPLE_WEEK, observed, as_of)


def spent(run_id: str) -> dict[str, Any]:
    """The posts, users and requests that a run has read on X, and their cost."""
    [row] = select_rows(
        "SELECT coalesce(sum(posts), 0) AS posts, "
        "coalesce(sum(users), 0) AS users, count(*) AS requests, "
        "coalesce(sum(cost_usd), 0) AS cost_usd "
        "FROM x_reads WHERE run_id = $run_id",
        run_id=run_id,
    )
    return row


@pytest.mark.parametrize("shape", SHAPES)
def test_a_week_is_read_in_every_shape(
    shape: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    week = sample_week()
    with posted(monkeypatch, tmp_path / "home", post_week=SHAPES[shape]):
        sighting = look(Run("one"))
        reads = spent("one")
    assert (sighting.week, str(sighting.starts_on), str(sighting.ends_on)) == (
        SAMPLE_WEEK,
        "2024-04-01",
        "2024-04-07",
    )
    assert [e.rank for e in sighting.entries] == list(range(1, 11))
    assert [e.title for e in sighting.entries] == [e.title for e in week.entries]
    if shape == "article":
        assert len(entries_without_links(sighting)) == 10
    else:
        assert entries_without_links(sighting) == []
        first_links = [
            next(link.canonical for link in entry.links if link.role != "post")
            for entry in sighting.entries
        ]
        assert first_links == [canonical(e.links[0][1]) for e in week.entries]
    assert not [f for f in sighting.findings if f.severity == "error"]
    assert reads["requests"] <= 3
    assert reads["posts"] <= 30


def test_an_article_without_links_is_completed_from_the_twin(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = Run("one")
    with posted(monkeypatch, tmp_path / "home", post_week=post_article):
        sighting, twin = look(run), look(run, "twin")
    assert complete_from(run, sighting, twin) == 10
    completed = get_saved_sighting(run, sighting.sighting_id)
    assert entries_without_links(completed) == []
    sources = select_rows(
        "SELECT DISTINCT completed_from FROM links WHERE completed_from IS NOT NULL"
    )
    assert sources == [{"completed_from": "twin"}]
    with run.archive.read_latest() as con:
        assert {s.source for s in find_sightings(con, SAMPLE_WEEK)} == {"x", "twin"}


@pytest.mark.parametrize(
    "watch", ["dair_ai", f"list:{LIST_ID}", 'search:"Papers of the Week" from:dair_ai']
)
def test_an_account_a_list_and_a_search_show_the_same_week(
    watch: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with posted(monkeypatch, tmp_path / "home", RINDOKU_WATCH=watch) as standin:
        sighting = look(Run("one"))
    assert [e.title for e in sighting.entries] == [
        e.title for e in sample_week().entries
    ]
    assert len(standin.log) <= 3


def test_a_later_search_finds_the_rest_of_a_thread(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with posted(
        monkeypatch,
        tmp_path / "home",
        RINDOKU_WATCH='search:"Papers of the Week" from:dair_ai',
    ) as standin:
        posts = standin.x.posts
        standin.x.posts = posts[:6]
        assert len(look(Run("early")).entries) < 10
        standin.x.posts = posts
        assert len(look(Run("late")).entries) == 10


def test_old_weeks_are_searched_in_the_full_archive(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with posted(monkeypatch, tmp_path / "home") as standin:
        sighting = look(Run("one"), as_of=AS_OF + timedelta(days=400))
    assert len(sighting.entries) == 10
    assert any("/2/tweets/search/all" in a.target for a in standin.log)


def test_a_second_look_pays_for_new_posts_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with posted(monkeypatch, tmp_path / "home"):
        first, second = look(Run("one")), look(Run("two"))
        assert first.sighting_id == second.sighting_id
        reads = spent("one")
        # The profile, and the author whom the posts bring along.
        assert (reads["posts"], reads["users"]) == (13, 2)
        assert reads["cost_usd"] == pytest.approx(13 * 0.005 + 2 * 0.01)
        again = spent("two")
        assert (again["posts"], again["users"]) == (0, 0)


def test_the_ceiling_stops_before_a_page_that_could_pass_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with posted(monkeypatch, tmp_path / "home") as standin:
        with pytest.raises(CeilingReached, match="X"):
            look(Run("small", max_usd=0.02))
        assert not [a for a in standin.log if "/tweets" in a.target]
        # One page is paid for; the next could cost too much.
        with pytest.raises(CeilingReached, match="--max-usd"):
            look(Run("medium", max_usd=0.12))
        assert 0.04 < spent("medium")["cost_usd"] <= 0.12
        assert len(look(Run("enough", max_usd=0.20)).entries) == 10
        # The incomplete read was repeated completely, without a gap between posts.
        assert count_rows("posts") == 13


def test_a_missing_post_is_not_published_yet_or_not_found_long_after(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = replace(
        sample_week(),
        posted_at=sample_week().posted_at - timedelta(days=300),
        heading="Something else",
    )
    with posted(monkeypatch, tmp_path / "home", other):
        with pytest.raises(NothingPublishedYet, match="2024-W14"):
            look(Run("one"))
        with pytest.raises(NotFound, match="--source"):
            look(Run("two"), as_of=AS_OF + timedelta(days=60))


def test_a_post_a_day_late_still_belongs_to_its_week(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    late = replace(sample_week(), posted_at=sample_week().posted_at + timedelta(days=1))
    with posted(monkeypatch, tmp_path / "home", late):
        assert look(Run("one"), as_of=AS_OF).week == SAMPLE_WEEK


def test_bullets_without_entries_are_findings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    week = replace(
        sample_week(), bullets=("Many-shot Jailbreaking", "Quantum Gardening")
    )
    with posted(monkeypatch, tmp_path / "home", week):
        sighting = look(Run("one"))
    assert [f.message for f in sighting.findings] == [
        "The bullet 'Quantum Gardening' matches no entry."
    ]


def test_other_lists_of_the_account_are_not_the_week(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for heading in (
        "Top AI Agent papers (April 1 - April 7):",
        "The best papers of March:",
        "Papers of the Month",
    ):
        with (
            posted(
                monkeypatch,
                tmp_path / heading[:4],
                replace(sample_week(), heading=heading),
            ),
            pytest.raises(NothingPublishedYet),
        ):
            look(Run("one"))


def test_the_list_of_the_week_before_is_not_taken_for_this_weeks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    again = replace(
        sample_week(), posted_at=sample_week().posted_at + timedelta(days=6, hours=20)
    )
    with posted(monkeypatch, tmp_path / "home", again):
        run = Run("one")
        with run.archive.write() as con:
            begin_run(
                con, run.run_id, flow="test", week="2024-W15", as_of=AS_OF, source="x"
            )
        found = observe_week(run, "2024-W15", "x", AS_OF)
        with pytest.raises(NothingPublishedYet, match=r"its newest is 2024-W14"):
            list_week(run, "2024-W15", found, AS_OF)


def test_a_paper_seen_in_an_earlier_week_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = Run("one")
    earlier = tmp_path / "earlier.json"
    entry = {
        "week": "2024-W13",
        "rank": 1,
        "title": "MoD",
        "links": [{"url": "https://arxiv.org/abs/2404.02258"}],
    }
    earlier.write_text(json.dumps([entry]))
    with posted(monkeypatch, tmp_path / "home"):
        observed = observe_week(run, "2024-W13", str(earlier), AS_OF)
        list_week(run, "2024-W13", observed, AS_OF)
        look(run)
    found = select_rows("SELECT message FROM findings WHERE check_name = 'seen before'")
    assert found == [
        {"message": "https://arxiv.org/abs/2404.02258 was listed in 2024-W13 as well."}
    ]
