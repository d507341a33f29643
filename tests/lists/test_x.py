"""The X client: what it reads, and the error for each failure."""

import logging
from datetime import date, timedelta

import pytest

from rindoku import errors
from rindoku.lists import parse_posts
from rindoku.lists.x import Window, XClient, account_id, count_read
from rindoku.sample import AS_OF, Fault, StandIn
from rindoku.sample.content import ACCOUNT_ID
from rindoku.sample.faults import Kind
from rindoku.settings import Settings

X = "/2/users"


def count_posts(settings: Settings) -> int:
    window = Window.of_days(date(2024, 4, 6), date(2024, 4, 9), AS_OF)
    pages = XClient(settings).fetch_timeline(ACCOUNT_ID, window)
    return sum(len(parse_posts(p.body)) for p in pages)


def test_the_account_and_its_posts_are_read(
    standin: StandIn, settings: Settings
) -> None:
    profile = XClient(settings).fetch_account("dair_ai")
    assert account_id(profile) == ACCOUNT_ID
    assert profile.url.startswith("https://api.x.com/2/users/by/username/")
    assert count_posts(settings) == 13
    assert len(standin.log) == 2


def test_an_unknown_account_names_the_setting(settings: Settings) -> None:
    with pytest.raises(errors.BadInput, match="RINDOKU_WATCH"):
        account_id(XClient(settings).fetch_account("unknown"))


def test_no_request_is_made_for_a_future_week(
    standin: StandIn, settings: Settings
) -> None:
    later = AS_OF.date() + timedelta(days=30)
    window = Window.of_days(later, later, AS_OF)
    assert list(XClient(settings).fetch_timeline(ACCOUNT_ID, window)) == []
    assert standin.log == []


@pytest.mark.parametrize(
    ("kind", "error", "remedy"),
    [
        ("401", errors.AccessDenied, "X_BEARER_TOKEN"),
        ("402", errors.OutOfCredit, "Top it up"),
        ("403", errors.AccessDenied, "developer portal"),
        ("403-spend-cap", errors.OutOfCredit, "billing cycle"),
        ("400-list", errors.BadInput, "bug"),
        ("500-list", errors.SourceUnavailable, "retried"),
        ("429-odd-reset", errors.RateLimited, "retried"),
        ("429-usage-cap", errors.OutOfCredit, "next month"),
        ("429-no-reset", errors.RateLimited, "retried"),
        ("503-html", errors.SourceUnavailable, "retried"),
        ("200-html", errors.SourceUnavailable, "retried"),
        ("truncated-json", errors.SourceUnavailable, "retried"),
        ("dropped", errors.SourceUnavailable, "retried"),
    ],
)
def test_each_failure_has_its_error_and_remedy(
    standin: StandIn,
    settings: Settings,
    kind: Kind,
    error: type[Exception],
    remedy: str,
) -> None:
    standin.faults.order(Fault(kind, X))
    with pytest.raises(error, match=remedy):
        count_posts(settings)
    assert len(standin.log) == 1, "only tasks/policy.py retries"


def test_a_rate_limit_has_its_wait(standin: StandIn, settings: Settings) -> None:
    standin.faults.order(Fault("429", X, seconds=30))
    with pytest.raises(errors.RateLimited) as caught:
        count_posts(settings)
    assert caught.value.retry_after is not None
    assert 25 < caught.value.retry_after < 35


def test_the_token_is_in_no_log_and_no_error(
    standin: StandIn, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.faults.order(Fault("403", X))
    with pytest.raises(errors.AccessDenied) as caught:
        count_posts(settings)
    count_posts(settings)
    written = caplog.text + str(caught.value) + repr(settings)
    assert settings.x_bearer_token not in written


def test_the_full_archive_is_searched_once_a_second(
    standin: StandIn, settings: Settings
) -> None:
    client = XClient(settings)
    window = Window.of_days(date(2024, 4, 6), date(2024, 4, 9), AS_OF)
    for _ in range(2):
        list(client.search("from:dair_ai", window, everything=True))
    first, second = [asked.at for asked in standin.log]
    assert second - first > 0.95


def test_authors_and_posts_that_come_along_are_billed(
    standin: StandIn, settings: Settings
) -> None:
    client = XClient(settings)
    root = standin.x.posts[1]
    replies = [p for p in standin.x.posts if "referenced_posts" in p][:2]
    payload = client.fetch_posts([post["id"] for post in replies])
    assert replies[0]["referenced_posts"][0]["id"] == root["id"]
    # Two replies and the root that the first replies to, with their one author.
    assert count_read(payload) == (3, 1)
