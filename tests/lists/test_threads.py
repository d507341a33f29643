"""Posts to weeks: which posts belong to a week, and what their entries are."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rindoku.errors import EmptyThread
from rindoku.lists import find_announced_weeks, parse_posts
from rindoku.models import Post, PostArticle
from rindoku.sample import sample_week
from rindoku.sample.content import ACCOUNT_ID
from rindoku.sample.x_posts import post_thread
from tests.builders import DAIR_AI

Json = dict[str, Any]
HEADING = "Top AI Papers of the Week (April 1 - April 7):"
SUNDAY = datetime(2024, 4, 7, 14, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
SECOND = timedelta(seconds=1)


def timeline(change: Callable[[list[Json]], list[Json]] = lambda posts: posts) -> bytes:
    """X's answer with the sample's thread, its posts changed."""
    return json.dumps({"data": change(post_thread(sample_week()))}).encode()


def make_post(
    number: int,
    text: str,
    delay: timedelta = timedelta(0),
    *,
    author: str = ACCOUNT_ID,
    replied_to: int | None = None,
    is_repost: bool = False,
    article: PostArticle | None = None,
) -> Post:
    """A post some time after Sunday's; replies are in the conversation of post 1."""
    return Post(
        post_id=str(number),
        conversation_id="1" if replied_to else str(number),
        author_id=author,
        replied_to=str(replied_to) if replied_to else None,
        posted_at=SUNDAY + delay,
        text=text,
        links=(f"https://arxiv.org/abs/2404.0000{number}",),
        is_repost=is_repost,
        article=article,
    )


def titles(*posts: Post) -> list[str]:
    [week] = find_announced_weeks(posts, DAIR_AI, ACCOUNT_ID)
    return [entry.title for entry in week.entries]


ROOT = make_post(1, HEADING)
FIRST = make_post(2, "1) First - of the thread", SECOND, replied_to=1)


def test_the_sample_thread_is_its_week() -> None:
    [week] = find_announced_weeks(parse_posts(timeline()), DAIR_AI, ACCOUNT_ID)
    assert (week.week, str(week.starts_on), str(week.ends_on)) == (
        "2024-W14",
        "2024-04-01",
        "2024-04-07",
    )
    assert [e.rank for e in week.entries] == list(range(1, 11))
    assert [e.title for e in week.entries] == [e.title for e in sample_week().entries]
    assert week.entries[3].links[0].canonical == "https://arxiv.org/abs/2404.02060"
    assert week.findings == ()


@pytest.mark.parametrize(
    ("delay", "found"),
    [
        (SECOND, ["First", "Second"]),
        (HALF_HOUR, ["First", "Second"]),
        (HALF_HOUR + SECOND, ["First"]),
        (-SECOND, ["First"]),
    ],
)
def test_a_post_next_to_the_root_belongs_to_it_within_half_an_hour(
    delay: timedelta, found: list[str]
) -> None:
    beside = make_post(3, "2) Second - beside the root", delay)
    assert titles(ROOT, FIRST, beside) == found


@pytest.mark.parametrize(
    ("delay", "found"),
    [
        (HALF_HOUR, ["Second"]),
        (HALF_HOUR + SECOND, ["Second"]),
        (timedelta(days=3), ["Second"]),
    ],
)
def test_a_reply_in_the_conversation_belongs_to_it_at_any_time(
    delay: timedelta, found: list[str]
) -> None:
    assert titles(ROOT, make_post(3, "2) Second", delay, replied_to=1)) == found


ARTICLE = PostArticle("The week", "## 1. First\n\ntext\n\n## 2. Second\n\ntext")


@pytest.mark.parametrize("delay", [-HALF_HOUR, -SECOND, SECOND, HALF_HOUR])
def test_article_and_teaser_announce_one_week_within_half_an_hour(
    delay: timedelta,
) -> None:
    assert titles(ROOT, make_post(3, "", delay, article=ARTICLE)) == ["First", "Second"]


@pytest.mark.parametrize("delay", [-HALF_HOUR - SECOND, HALF_HOUR + SECOND])
def test_an_article_at_another_time_does_not_belong_to_the_week(
    delay: timedelta,
) -> None:
    with pytest.raises(EmptyThread, match="no numbered entry follows"):
        find_announced_weeks(
            [ROOT, make_post(3, "", delay, article=ARTICLE)], DAIR_AI, ACCOUNT_ID
        )


def test_reposts_are_not_part_of_the_thread() -> None:
    second = "2) Second - in the conversation"
    repost = make_post(3, second, SECOND, replied_to=1, is_repost=True)
    own = make_post(3, second, SECOND, replied_to=1)
    assert titles(ROOT, FIRST, repost) == ["First"]
    assert titles(ROOT, FIRST, own) == ["First", "Second"]
    assert (
        find_announced_weeks(
            [make_post(1, HEADING, is_repost=True), FIRST], DAIR_AI, ACCOUNT_ID
        )
        == []
    )


def test_replies_of_others_are_not_read() -> None:
    reply = make_post(3, "2) Second - by another", SECOND, author="7", replied_to=1)
    assert titles(ROOT, FIRST, reply) == ["First"]
    posts = parse_posts(timeline())
    assert any(post.author_id != ACCOUNT_ID for post in posts)
    [week] = find_announced_weeks(posts, DAIR_AI, ACCOUNT_ID)
    assert all("example.org" not in link.url for e in week.entries for link in e.links)


def test_a_missing_rank_is_a_finding() -> None:
    body = timeline(lambda posts: [p for p in posts if not p["text"].startswith("7).")])
    # The entries after the gap reply to a missing post, but in the same conversation.
    [week] = find_announced_weeks(parse_posts(body), DAIR_AI, ACCOUNT_ID)
    assert any("lacks rank" in f.message for f in week.findings)


def test_an_announced_week_without_entries_is_an_error() -> None:
    with pytest.raises(EmptyThread, match="no numbered entry follows"):
        find_announced_weeks([ROOT], DAIR_AI, ACCOUNT_ID)


@pytest.mark.parametrize("form", ["{})", "{}/", "{}.", "{}).", "{}:"])
def test_every_form_of_numbering_is_read(form: str) -> None:
    def renumber(posts: list[Json]) -> list[Json]:
        for post in posts:
            rank, dot, rest = post["text"].partition("). ")
            if dot and rank.isdecimal() and post["author_id"] == ACCOUNT_ID:
                post["text"] = f"{form.format(rank)} {rest}"
        return posts

    [week] = find_announced_weeks(parse_posts(timeline(renumber)), DAIR_AI, ACCOUNT_ID)
    assert [e.title for e in week.entries] == [e.title for e in sample_week().entries]
