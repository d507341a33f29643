"""Answers of X to posts: long posts, renamed fields, links, and pictures."""

import json
from typing import Any

import pytest

from rindoku.errors import NotAsDocumented
from rindoku.lists import parse_posts
from rindoku.lists.posts import existing_ids, join_revisions, parse_page
from rindoku.models import Post

Json = dict[str, Any]
ARXIV = {
    "url": "https://t.co/paper",
    "expanded_url": "https://arxiv.org/abs/2404.02258",
}


POST = {
    "id": "12",
    "author_id": "7",
    "created_at": "2024-04-07T14:00:00.000Z",
    "text": "3) Mixture-of-Depths https://t.co/paper",
    "entities": {"urls": [ARXIV]},
}


def answer(*posts: Any, **others: Any) -> bytes:
    """A response of X."""
    return json.dumps({"data": posts, **others}).encode()


def parse(**changes: Any) -> Post:
    """A post as X answers it, with some fields changed."""
    [parsed] = parse_posts(answer(POST | changes))
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


# Each was seen, or is what a service that was changed in a hurry might send.
BROKEN: list[Any] = [
    None,
    "a post",
    {k: v for k, v in POST.items() if k != "author_id"},
    {k: v for k, v in POST.items() if k != "created_at"},
    {k: v for k, v in POST.items() if k != "text"},
    POST | {"id": 12},
    POST | {"id": "9" * 5000},
    POST | {"author_id": None},
    POST | {"created_at": "yesterday"},
    POST | {"created_at": 1712498400},
    POST | {"created_at": "0001-01-01T00:00:00+14:00"},
    POST | {"text": ["3)"]},
    POST | {"conversation_id": 10},
    POST | {"entities": {"urls": [{"expanded_url": "https://a.example"}]}},
    POST | {"entities": {"urls": ["https://a.example"]}},
    POST | {"entities": {"urls": [ARXIV | {"expanded_url": 7}]}},
    POST | {"entities": ["urls"]},
    POST | {"note_post": "All of it"},
    POST | {"note_post": {"text": 3}},
    POST | {"referenced_posts": ["11"]},
    POST | {"referenced_posts": [{"type": "replied_to"}]},
    POST | {"edit_history_post_ids": 12},
    POST | {"article": "An article"},
    POST | {"article": {"title": 5}},
    POST | {"article": {"title": "T", "plain_text": {"a": 1}}},
    POST | {"article": {"title": "T", "entities": {"urls": [{"start": 1}]}}},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_post_that_cannot_be_read_costs_that_post_only(broken: Any) -> None:
    page = parse_page(answer(broken, POST | {"id": "13"}))
    assert [post.post_id for post in page.posts] == ["13"]
    assert len(page.skipped) == 1
    assert "was skipped" in page.skipped[0]


def test_posts_without_authors_are_an_error_and_not_nothing() -> None:
    nameless = {k: v for k, v in POST.items() if k != "author_id"}
    with pytest.raises(NotAsDocumented, match="author_id"):
        parse_posts(answer(nameless, nameless | {"id": "13"}))


@pytest.mark.parametrize("body", [b"[]", b"7", b"null"])
def test_a_response_that_is_no_object_is_an_error(body: bytes) -> None:
    with pytest.raises(NotAsDocumented):
        parse_posts(body)


def test_a_response_without_posts_has_none() -> None:
    assert parse_posts(b'{"meta": {"result_count": 0}}') == []


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ({"unwound_url": "https://arxiv.org/abs/1"}, "https://arxiv.org/abs/1"),
        (
            {"unwound_url": "https://arxiv.org/abs/1", "status": 200},
            "https://arxiv.org/abs/1",
        ),
        ({"unwound_url": "https://a.example/x", "status": 403}, "https://bit.ly/1"),
        ({"unwound_url": "https://idp.a.example/authorize?x=1"}, "https://bit.ly/1"),
        ({"unwound_url": "https://a.example/login?to=%2F"}, "https://bit.ly/1"),
        (
            {"unwound_url": "https://a.example/p?error=cookies_not_supported"},
            "https://bit.ly/1",
        ),
        ({"unwound_url": 3}, "https://bit.ly/1"),
    ],
)
def test_a_wall_is_not_where_a_link_leads(link: Json, target: str) -> None:
    shown = {"url": "https://t.co/1", "expanded_url": "https://bit.ly/1"}
    assert parse(entities={"urls": [shown | link]}).links == (target,)


def test_a_page_about_signing_in_is_a_page() -> None:
    shown = "https://a.example/login"
    link = {"url": "https://t.co/1", "expanded_url": shown, "unwound_url": shown + "/"}
    assert parse(entities={"urls": [link]}).links == (shown + "/",)


def article_links(plain_text: str, *urls: Json) -> tuple[tuple[int, str], ...]:
    article = {"title": "T", "plain_text": plain_text, "entities": {"urls": urls}}
    parsed = parse(article=article).article
    assert parsed is not None
    return parsed.links


def test_links_of_an_article_are_found_by_their_text() -> None:
    text = "1. First\nhttps://arxiv.org/abs/1\n2. Second\nhttps://arxiv.org/abs/12\n"
    urls = [{"text": f"https://arxiv.org/abs/{n}"} for n in (1, 12)]
    expected = (
        (9, "https://arxiv.org/abs/1"),
        (text.index("https://arxiv.org/abs/12"), "https://arxiv.org/abs/12"),
    )
    assert article_links(text, *urls) == expected
    assert article_links(text) == expected, "addresses in the text are links as well"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("[Paper](https://a.example/x) | [Tweet]()", "https://a.example/x"),
        ("see https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/S0092(25)01312-1)", "https://a.example/S0092(25)01312-1"),
        ("at https://t.co/paper now", "https://arxiv.org/abs/2404.02258"),
    ],
)
def test_addresses_end_where_the_sentence_goes_on(text: str, address: str) -> None:
    assert [url for _, url in article_links(text)] == [address]


def test_the_place_of_a_link_counts_before_its_text() -> None:
    link = {"start": 0, "end": 5, "expanded_url": "https://a.example/all-of-it"}
    assert article_links("https://a.example/al…", link) == (
        (0, "https://a.example/all-of-it"),
    )


def test_replies_to_a_revision_are_replies_to_the_post() -> None:
    root = POST | {"id": "20", "edit_history_post_ids": ["10", "20"]}
    reply = POST | {
        "id": "30",
        "conversation_id": "20",
        "referenced_posts": [{"type": "replied_to", "id": "20"}],
    }
    [first, second] = parse_posts(answer(root, reply))
    assert (first.post_id, second.replied_to, second.conversation_id) == (
        "10",
        "10",
        "10",
    )
    apart = [*parse_posts(answer(root)), *parse_posts(answer(reply))]
    assert join_revisions(apart) == [first, second]


def test_posts_that_came_along_are_posts_where_they_are_whole() -> None:
    quoted = POST | {"id": "9"}
    page = parse_page(answer(POST, includes={"posts": [quoted, {"id": "8"}, POST]}))
    assert [post.post_id for post in page.posts] == ["12", "9"]
    assert page.skipped == ()


@pytest.mark.parametrize("name", ["edit_history_tweet_ids", "edit_history_post_ids"])
def test_posts_that_exist_are_known_by_all_their_revisions(name: str) -> None:
    edited = {key: value for key, value in POST.items() if "history" not in key}
    body = answer(edited | {"id": "12", name: ["8", "12"]})
    assert existing_ids(body) == {"8", "12"}
    for broken in (b"[]", b"<html>", b""):
        with pytest.raises(NotAsDocumented):
            existing_ids(broken)
