import json
from collections.abc import Callable
from typing import Any

import pytest

from rindoku.errors import EmptyThread
from rindoku.lists.threads import find_weeks, parse_posts
from rindoku.sample.content import ACCOUNT_ID, AS_OF, sample_week
from rindoku.sample.x_api import XApi
from rindoku.sample.x_posts import post_thread

Json = dict[str, Any]


def timeline(change: Callable[[list[Json]], list[Json]] = lambda posts: posts) -> bytes:
    page = XApi(post_thread(sample_week()), AS_OF).search(
        {"query": "", "max_results": "100"}, everything=True
    )
    return json.dumps({"data": change(page["data"])}).encode()


def test_the_sample_thread_is_read_as_the_week_it_is() -> None:
    [week] = find_weeks(parse_posts(timeline()), ACCOUNT_ID)
    assert (week.week, str(week.starts_on), str(week.ends_on)) == (
        "2024-W14",
        "2024-04-01",
        "2024-04-07",
    )
    assert [e.rank for e in week.entries] == list(range(1, 11))
    assert [e.title for e in week.entries] == [e.title for e in sample_week().entries]
    assert week.entries[3].links[0].canonical == "https://arxiv.org/abs/2404.02060"
    assert week.findings == ()


def test_strangers_replies_are_not_read() -> None:
    posts = parse_posts(timeline())
    assert any(p.author_id != ACCOUNT_ID for p in posts)
    [week] = find_weeks(posts, ACCOUNT_ID)
    assert all("example.org" not in link.url for e in week.entries for link in e.links)


def test_a_missing_rank_is_a_finding() -> None:
    body = timeline(lambda posts: [p for p in posts if not p["text"].startswith("7).")])
    # The entries after the gap reply to the post that is gone, so they are re-attached by nobody.
    [week] = find_weeks(parse_posts(body), ACCOUNT_ID)
    assert any("lacks rank" in f.message for f in week.findings)


def test_an_announced_week_without_entries_is_an_error() -> None:
    body = timeline(
        lambda posts: [p for p in posts if "Papers of the Week" in p["text"]]
    )
    with pytest.raises(EmptyThread, match="no numbered entry follows"):
        find_weeks(parse_posts(body), ACCOUNT_ID)


def test_long_posts_carry_their_text_and_links_in_the_note() -> None:
    def lengthen(posts: list[Json]) -> list[Json]:
        for post in posts:
            if post["text"].startswith("3)."):
                post["note_tweet"] = {
                    "text": post["text"] + " More.",
                    "entities": post.pop("entities"),
                }
                post["text"] = post["text"][:30] + "…"
        return posts

    [week] = find_weeks(parse_posts(timeline(lengthen)), ACCOUNT_ID)
    assert week.entries[2].links[0].canonical == "https://arxiv.org/abs/2404.02258"
    assert week.entries[2].title == "Mixture-of-Depths"


def test_both_spellings_of_the_renamed_fields_are_understood() -> None:
    names = {
        "referenced_tweets": "referenced_posts",
        "edit_history_tweet_ids": "edit_history_post_ids",
    }
    renamed = timeline(
        lambda posts: [{names.get(k, k): v for k, v in p.items()} for p in posts]
    )
    assert find_weeks(parse_posts(renamed), ACCOUNT_ID) == find_weeks(
        parse_posts(timeline()), ACCOUNT_ID
    )


@pytest.mark.parametrize("form", ["{})", "{}/", "{}.", "{}).", "{}:"])
def test_every_way_of_numbering_is_read(form: str) -> None:
    def renumber(posts: list[Json]) -> list[Json]:
        for post in posts:
            rank, dot, rest = post["text"].partition("). ")
            if dot and rank.isdecimal() and post["author_id"] == ACCOUNT_ID:
                post["text"] = f"{form.format(rank)} {rest}"
        return posts

    [week] = find_weeks(parse_posts(timeline(renumber)), ACCOUNT_ID)
    assert [e.title for e in week.entries] == [e.title for e in sample_week().entries]


def test_html_entities_are_unescaped() -> None:
    body = timeline(
        lambda posts: [
            {**p, "text": p["text"].replace("SWE-Agent", "R&amp;D &lt;think&gt;")}
            for p in posts
        ]
    )
    [week] = find_weeks(parse_posts(body), ACCOUNT_ID)
    assert week.entries[1].title == "R&D <think>"
