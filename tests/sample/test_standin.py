"""The stand-in behaves as the documentation of the real services says."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anthropic
import httpx2
import pytest
import requests
import tweepy
from anthropic.types import MessageParam, TextBlock
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming

from rindoku.errors import BadInput
from rindoku.sample import Fault, StandIn, read_weeks, sample_week
from rindoku.sample.content import ACCOUNT_ID
from rindoku.sample.faults import KINDS, Kind
from rindoku.sample.x_api import LIST_ID
from rindoku.settings import Settings
from rindoku.web.session import Session
from tests.conftest import SHARED
from tests.sample.entries import write_entries

LATER = datetime(2024, 6, 10, tzinfo=UTC)


@pytest.fixture
def x(standin: StandIn) -> tweepy.Client:
    client = tweepy.Client("token", return_type=dict)
    client.session = Session("test", standin.url)
    return client


@pytest.fixture
def model(standin: StandIn) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="k", base_url=standin.url, max_retries=0)


def count_of(page: dict[str, Any]) -> int:
    count: int = page["meta"]["result_count"]
    return count


def test_pages_of_a_timeline_follow_each_other(x: tweepy.Client) -> None:
    seen, token = [], None
    while True:
        page = x.get_users_tweets(ACCOUNT_ID, max_results=5, pagination_token=token)
        seen += [p["id"] for p in page.get("data", [])]
        token = page["meta"].get("next_token")
        if not token:
            break
    assert len(seen) == len(set(seen)) == 13
    assert seen == sorted(seen, key=int, reverse=True)
    without = x.get_users_tweets(ACCOUNT_ID, max_results=100, exclude=["replies"])
    assert count_of(without) == 2


def test_searches_understand_operators(x: tweepy.Client) -> None:
    root = x.search_all_tweets('"Papers of the Week" from:dair_ai')["data"][0]
    conversation = f"conversation_id:{root['id']}"
    assert count_of(x.search_all_tweets(conversation, max_results=100)) == 13
    own = x.search_all_tweets(f"{conversation} from:dair_ai", max_results=100)
    assert count_of(own) == 12
    in_list = x.search_all_tweets(f"list:{LIST_ID} Papers", max_results=10)
    assert count_of(in_list) >= 1


def test_recent_search_reaches_back_a_week(x: tweepy.Client) -> None:
    # The stand-in's time is eight days after the post.
    assert count_of(x.search_recent_tweets("from:dair_ai")) == 0


def test_lists_and_timelines_can_start_at_an_id(x: tweepy.Client) -> None:
    assert count_of(x.get_list_tweets(LIST_ID, max_results=100)) == 13
    root = x.search_all_tweets('"Papers of the Week" from:dair_ai')["data"][0]
    later = x.get_users_tweets(ACCOUNT_ID, since_id=root["id"], max_results=100)
    assert count_of(later) == 11


def test_look_ups_list_missing_posts(x: tweepy.Client) -> None:
    root = x.search_all_tweets('"Papers of the Week"')["data"][0]
    answer = x.get_tweets([root["id"], "1"])
    assert [p["id"] for p in answer["data"]] == [root["id"]]
    assert answer["errors"][0]["value"] == "1"


def test_links_are_short_and_their_entities_point_at_them(x: tweepy.Client) -> None:
    fields = {"post.fields": ["entities", "note_post"]}
    for post in x.get_users_tweets(ACCOUNT_ID, max_results=100, **fields)["data"]:
        holder = post.get("note_post") or post
        for url in (holder.get("entities") or {}).get("urls", []):
            assert holder["text"][url["start"] : url["end"]] == url["url"]
            assert url["url"].startswith("https://t.co/")


def test_rate_limit_headers_are_sent(standin: StandIn) -> None:
    response = Session("test", standin.url).get(
        "https://api.x.com/2/users/by/username/dair_ai"
    )
    assert int(response.headers["x-rate-limit-remaining"]) > 0


def test_tokens_are_counted_as_they_are_billed(model: anthropic.Anthropic) -> None:
    prompt: MessageParam = {"role": "user", "content": "a" * 400}
    name = "claude-sonnet-5-5"
    counted = model.messages.count_tokens(model=name, messages=[prompt])
    billed = model.messages.create(model=name, max_tokens=100, messages=[prompt])
    assert counted.input_tokens == billed.usage.input_tokens == 100


def test_batches_end_and_give_their_results(model: anthropic.Anthropic) -> None:
    request = MessageCreateParamsNonStreaming(
        model="claude-sonnet-5-5",
        max_tokens=10,
        messages=[{"role": "user", "content": "x"}],
    )
    batch = model.messages.batches.create(
        requests=[{"custom_id": c, "params": request} for c in "ab"]
    )
    assert batch.processing_status == "in_progress"
    batch = model.messages.batches.retrieve(batch.id)
    assert (batch.processing_status, batch.request_counts.succeeded) == ("ended", 2)
    results = model.messages.batches.results(batch.id)
    types = {result.custom_id: result.result.type for result in results}
    assert types == {"a": "succeeded", "b": "succeeded"}


def test_faults_can_be_ordered_over_http(standin: StandIn) -> None:
    session = Session("test", standin.url)
    ordered = session.post(
        "http://any/standin/faults", json={"kind": "503-html", "path": "/2/users"}
    )
    assert ordered.json() == {"ordered": True}
    assert session.get("http://any/2/users/by/username/dair_ai").status_code == 503
    assert session.get("http://any/2/users/by/username/dair_ai").status_code == 200
    unknown = {"kind": "flood", "path": "/"}
    refused = session.post("http://any/standin/faults", json=unknown)
    assert refused.status_code == 400


@pytest.mark.parametrize("kind", [k for k in KINDS if not k.startswith("batch-")])
def test_every_fault_has_an_effect(standin: StandIn, kind: Kind) -> None:
    standin.faults.order(Fault(kind, "/v1/messages", seconds=0.2))
    client = anthropic.Anthropic(
        api_key="k",
        base_url=standin.url,
        max_retries=0,
        timeout=0.15 if kind == "slow" else 5,
    )
    try:
        reply = client.messages.create(
            model="m", max_tokens=9, messages=[{"role": "user", "content": "x"}]
        )
    except (anthropic.APIError, httpx2.HTTPError, ValueError):
        return
    is_message = isinstance(reply, anthropic.types.Message)
    if not is_message or reply.stop_reason != "end_turn":
        return
    text = "".join(block.text for block in reply.content if block.type == "text")
    assert not text.startswith("{"), kind


def test_the_same_list_makes_the_same_papers(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "entries.jsonl")
    first, second = StandIn(read_weeks(path)), StandIn(read_weeks(path))
    assert first.papers == second.papers
    first.close()
    second.close()


ROW = '{"rank": 1, "title": "A", "links": [{"url": "https://arxiv.org/abs/2405.00001"}]'

PASTED = """\
Top AI Papers of the Week (May 13 - May 19):

1) A - text https://arxiv.org/abs/2405.00001
"""


@pytest.mark.parametrize(
    "text",
    [
        f'{ROW}, "week": "2024-W20"}}',
        f'[{ROW}, "starts_on": "2024-05-13", "ends_on": "2024-05-19"}}]',
        PASTED,
    ],
    ids=["a line", "a list", "pasted"],
)
def test_any_form_of_a_list_can_be_served(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list"
    path.write_text(text)
    [week] = read_weeks(path)
    assert week.week == "2024-W20"
    assert week.heading == "Top AI Papers of the Week (May 13 - May 19):"
    assert [entry.rank for entry in week.entries] == [1]


@pytest.mark.parametrize("text", ["[]", "{}", "[1]", "nothing", '{"rank": "x"}'])
def test_a_file_that_lists_nothing_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list"
    path.write_text(text)
    with pytest.raises(BadInput, match=str(path)):
        read_weeks(path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded lists are not here")
def test_two_years_of_weeks_can_be_served(tmp_path: Path) -> None:
    weeks = read_weeks(SHARED / "dair-ai" / "weeks-2023-2024.jsonl")
    with StandIn(weeks) as standin:
        session = Session("test", standin.url)
        url = f"http://any/2/users/{ACCOUNT_ID}/tweets?max_results=100"
        body = session.get(url).json()
    assert len(weeks) == 104
    assert body["meta"]["next_token"]
    assert len(standin.papers) > 700
    assert sample_week().week in {w.week for w in weeks}


def test_a_week_can_replace_the_sample_week() -> None:
    week = replace(sample_week(), heading="Another heading")
    standin = StandIn(first_week=week)
    standin.close()
    assert any("Another heading" in post["text"] for post in standin.x.posts)


def test_replies_and_messages_of_the_model_can_be_edited(
    standin: StandIn, model: anthropic.Anthropic
) -> None:
    standin.model.edit_reply = lambda reply, _: reply | {"tldr": "edited"}
    standin.model.edit_message = lambda message, _: message | {"model": "edited"}
    reply = model.messages.create(
        model="m", max_tokens=9, messages=[{"role": "user", "content": "x"}]
    )
    [block] = reply.content
    assert isinstance(block, TextBlock)
    assert json.loads(block.text)["tldr"] == "edited"
    assert reply.model == "edited"


def test_the_settings_direct_every_client_to_the_stand_in(
    settings: Settings, standin: StandIn
) -> None:
    assert settings.loopback_url == standin.url == settings.anthropic_base_url


def test_a_fault_may_come_after_some_requests(standin: StandIn) -> None:
    standin.faults.order(Fault("503-html", "/2/users", after=1))
    session = Session("test", standin.url)
    url = "http://any/2/users/by/username/dair_ai"
    assert [session.get(url).status_code for _ in range(3)] == [200, 503, 200]


@pytest.mark.parametrize("kind", ["cut", "torn-gzip", "truncated-json"])
def test_a_torn_answer_does_not_count_as_answered(standin: StandIn, kind: Kind) -> None:
    standin.faults.order(Fault(kind, "/2/users"))
    with suppress(requests.RequestException):
        url = "http://any/2/users/by/username/dair_ai"
        Session("test", standin.url).get(url)
    [access] = standin.log
    assert (access.status, access.answered) == (200, False)
