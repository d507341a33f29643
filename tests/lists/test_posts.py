"""Answers of X to posts: long posts, renamed fields, links, and pictures."""

import json
from typing import Any

import pytest

from rindoku.lists import parse_posts
from rindoku.models import Post

Json = dict[str, Any]
ARXIV = {
    "url": "https://t.co/paper",
    "expanded_url": "https://arxiv.org/abs/2404.02258",
}


def parse(**changes: Any) -> Post:
    """A post as X answers it, with some fields changed."""
    post = {
        "id": "12",
        "author_id": "7",
        "created_at": "2024-04-07T14:00:00.000Z",
        "text": "3) Mixture-of-Depths https://t.co/paper",
        "entities": {"urls": [ARXIV]},
    }
    [parsed] = parse_posts(json.dumps({"data": [post | changes]}).encode())
    return parsed


def test_links_are_expanded_in_the_text() -> None:
    post = parse()
    assert post.links == ("https://arxiv.org/abs/2404.02258",)
    assert post.text == "3) Mixture-of-Depths https://arxiv.org/abs/2404.02258"


@pytest.mark.parametrize(
    "picture",
    [
        {"expanded_url": "https://x.com/a/status/12/photo/1"},
        {"expanded_url": "https://x.com/a/status/12/video/1", "media_key": "3_1"},
    ],
)
def test_links_to_pictures_are_dropped(picture: Json) -> None:
    urls = [ARXIV, {"url": "https://t.co/picture", **picture}]
    text = "3) Mixture-of-Depths https://t.co/paper https://t.co/picture"
    post = parse(text=text, entities={"urls": urls})
    assert post.links == ("https://arxiv.org/abs/2404.02258",)
    assert "t.co" not in post.text
    assert "status/12" not in post.text


def test_a_link_to_another_post_is_not_a_picture() -> None:
    quoted = {
        "url": "https://t.co/quoted",
        "expanded_url": "https://x.com/a/status/11",
    }
    assert parse(entities={"urls": [quoted]}).links == ("https://x.com/a/status/11",)


def test_long_posts_have_their_text_and_links_in_the_note() -> None:
    note = {"text": "3) All of it https://t.co/paper", "entities": {"urls": [ARXIV]}}
    post = parse(text="3) All…", entities={}, note_tweet=note)
    assert post.text == "3) All of it https://arxiv.org/abs/2404.02258"
    assert post.links == ("https://arxiv.org/abs/2404.02258",)


def test_renamed_fields_are_read_under_both_names() -> None:
    note = {"text": "All of it"}
    references = [
        {"type": "replied_to", "id": "10"},
        {"type": "quoted", "id": "9"},
    ]
    old = parse(
        note_tweet=note,
        referenced_tweets=references,
        edit_history_tweet_ids=["8", "12"],
    )
    new = parse(
        note_post=note, referenced_posts=references, edit_history_post_ids=["8", "12"]
    )
    assert old == new
    assert (new.post_id, new.revision) == ("8", "12")
    assert (new.replied_to, new.quoted, new.text) == ("10", "9", "All of it")


def test_html_entities_are_unescaped() -> None:
    post = parse(text="2) R&amp;D &lt;think&gt;", entities={})
    assert post.text == "2) R&D <think>"
