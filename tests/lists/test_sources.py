"""tweepy, arxiv and anthropic for real, against the stand-in's faults."""

import logging
from datetime import date, timedelta

import pytest

from rindoku import errors
from rindoku.documents.build import read_abstract
from rindoku.explain.prompts import explain_prompt
from rindoku.identifiers import ArxivId
from rindoku.lists.posts import parse_posts
from rindoku.lists.x import Window, XClient, account_id
from rindoku.llm import client as calls
from rindoku.llm.replies import parse_reply
from rindoku.models import PaperVersion
from rindoku.papers import valid_ids
from rindoku.papers.arxiv_query import fetch_versions
from rindoku.sample.content import ACCOUNT_ID, AS_OF
from rindoku.sample.faults import Fault
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from rindoku.web.pace import arxiv_turn

X, ARXIV, MODEL = "/2/users", "/api/query", "/v1/messages"


def posts(settings: Settings) -> int:
    window = Window.of_days(date(2024, 4, 6), date(2024, 4, 9), AS_OF)
    pages = XClient(settings).fetch_timeline(ACCOUNT_ID, window)
    return sum(len(parse_posts(p.body)) for p in pages)


def prompt(settings: Settings):
    paper = PaperVersion(
        "arxiv:2404.02258",
        "arxiv",
        1,
        "Mixture-of-Depths: Dynamically allocating compute in transformer-based language models",
        (),
        True,
        "Tokens may pass by a block. " * 30,
        None,
        None,
        (),
        "u",
        None,
        "p",
    )
    return explain_prompt(read_abstract(paper, ""), paper, settings, settings.model)


def test_the_account_and_its_posts_are_read(
    standin: StandIn, settings: Settings
) -> None:
    profile = XClient(settings).fetch_account("dair_ai")
    assert account_id(profile) == ACCOUNT_ID
    assert profile.url.startswith("https://api.twitter.com/2/users/by/username/")
    assert posts(settings) == 13
    assert len(standin.log) == 2


def test_an_unknown_account_is_named(settings: Settings) -> None:
    with pytest.raises(errors.BadInput, match="RINDOKU_WATCH"):
        account_id(XClient(settings).fetch_account("nobody"))


def test_nothing_is_asked_for_a_week_to_come(
    standin: StandIn, settings: Settings
) -> None:
    later = AS_OF.date() + timedelta(days=30)
    assert (
        list(
            XClient(settings).fetch_timeline(
                ACCOUNT_ID, Window.of_days(later, later, AS_OF)
            )
        )
        == []
    )
    assert standin.log == []


@pytest.mark.parametrize(
    ("kind", "error", "remedy"),
    [
        ("401", errors.AccessDenied, "X_BEARER_TOKEN"),
        ("402", errors.OutOfCredit, "Top it up"),
        ("403", errors.AccessDenied, "developer portal"),
        ("429-usage-cap", errors.OutOfCredit, "next month"),
        ("429-no-reset", errors.RateLimited, "retried"),
        ("503-html", errors.SourceUnavailable, "retried"),
        ("200-html", errors.SourceUnavailable, "retried"),
        ("truncated-json", errors.SourceUnavailable, "retried"),
        ("dropped", errors.SourceUnavailable, "retried"),
    ],
)
def test_errors_of_x_have_their_type_and_remedy(
    standin: StandIn, settings: Settings, kind, error: type[Exception], remedy: str
) -> None:
    standin.faults.order(Fault(kind, X))
    with pytest.raises(error, match=remedy):
        posts(settings)
    assert len(standin.log) == 1, "one layer retries, and it is not this one"


def test_a_rate_limit_of_x_says_how_long(standin: StandIn, settings: Settings) -> None:
    standin.faults.order(Fault("429", X, seconds=30))
    with pytest.raises(errors.RateLimited) as caught:
        posts(settings)
    assert caught.value.retry_after is not None
    assert 25 < caught.value.retry_after < 35


def test_the_token_is_in_no_log_and_no_error(
    standin: StandIn, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.faults.order(Fault("403", X))
    with pytest.raises(errors.AccessDenied) as caught:
        posts(settings)
    posts(settings)
    assert settings.x_bearer_token not in caplog.text + str(caught.value) + repr(
        settings
    )


def test_a_week_of_ids_is_one_request_in_any_order(
    standin: StandIn, settings: Settings
) -> None:
    ids = [
        ArxivId("2404.02258"),
        ArxivId("2403.17887", 1),
        ArxivId("2404.03592"),
        ArxivId("2404.99999"),
    ]
    metadata = fetch_versions(ids, settings)
    known = metadata.known
    [payload] = metadata.payloads
    assert set(known) == {"2404.02258", "2403.17887", "2404.03592"}
    assert (known["2404.03592"].version, str(known["2404.03592"].updated_on)) == (
        2,
        "2024-04-08",
    )
    assert known["2403.17887"].categories == ("cs.CL", "cs.LG", "stat.ML")
    assert payload.body.startswith(b"<?xml")
    assert len(standin.log) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", errors.RateLimited),
        ("503-html", errors.SourceUnavailable),
        ("200-html", errors.SourceUnavailable),
        ("truncated-json", errors.SourceUnavailable),
        ("200-empty", errors.SourceUnavailable),
        ("dropped", errors.SourceUnavailable),
    ],
)
def test_arxivs_failures_are_seen_also_those_that_look_like_success(
    standin: StandIn, settings: Settings, kind, error: type[Exception]
) -> None:
    standin.faults.order(Fault(kind, ARXIV, seconds=9))
    with pytest.raises(error):
        fetch_versions([ArxivId("2404.02258")], settings)
    assert len(standin.log) == 1


def test_malformed_ids_never_reach_the_batch() -> None:
    assert list(
        map(
            str,
            valid_ids(
                ["2404.02258v1", "abc", "../x", "2404.02258v1", "hep-th/9901001"]
            ),
        )
    ) == [
        "2404.02258v1",
        "hep-th/9901001",
    ]


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


def test_the_model_answers_and_its_reply_is_on_disk_first(
    standin: StandIn, settings: Settings
) -> None:
    asked = prompt(settings)
    reply = calls.ask(asked, "call", settings)
    assert calls.waiting(settings.home_path, asked.generation_id) == reply
    explanation, model = parse_reply(reply.body)
    assert (len(explanation.answers), model) == (10, "rindoku-sample")
    assert reply.request_id
    calls.forget_waiting(settings.home_path, asked.generation_id)
    assert calls.waiting(settings.home_path, asked.generation_id) is None


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("401", errors.AccessDenied),
        ("402", errors.OutOfCredit),
        ("403", errors.AccessDenied),
        ("429", errors.RateLimited),
        ("429-spend-limit", errors.OutOfCredit),
        ("529", errors.SourceUnavailable),
        ("500-html", errors.SourceUnavailable),
        ("200-html", errors.SourceUnavailable),
        ("200-empty", errors.SourceUnavailable),
        ("truncated-json", errors.SourceUnavailable),
        ("dropped", errors.SourceUnavailable),
    ],
)
def test_the_models_failures_have_their_type_and_leave_nothing_behind(
    standin: StandIn, settings: Settings, kind, error: type[Exception]
) -> None:
    standin.faults.order(Fault(kind, MODEL, seconds=3))
    with pytest.raises(error):
        calls.ask(prompt(settings), "call", settings)
    assert len(standin.log) == 1, "one layer retries, and it is not this one"
    assert calls.waiting(settings.home_path, prompt(settings).generation_id) is None


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("refusal", errors.ReplyRefused),
        ("max-tokens", errors.ReplyTruncated),
        ("not-json", errors.UnusableReply),
    ],
)
def test_replies_that_do_not_count_are_typed(
    standin: StandIn, settings: Settings, kind, error: type[Exception]
) -> None:
    standin.faults.order(Fault(kind, MODEL))
    with pytest.raises(error):
        parse_reply(calls.ask(prompt(settings), "call", settings).body)
