"""A client for the X API v2, through tweepy; responses are returned raw.

tweepy logs its headers, including the bearer token, at DEBUG, so its logger is set to
INFO.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import requests
import tweepy

from rindoku.errors import (
    AccessDenied,
    BadInput,
    CeilingReached,
    NotFound,
    OutOfCredit,
    RateLimited,
    RindokuError,
    SourceUnavailable,
)
from rindoku.models import Payload
from rindoku.settings import Settings
from rindoku.web import make_payload
from rindoku.web.session import Session

API = "https://api.twitter.com"
_USE_TWIN = "read the twin: RINDOKU_SOURCE=twin."
_RETRIED = f"It is retried; if it persists, {_USE_TWIN}"
_CHECK_ACCESS = f"Check X_BEARER_TOKEN in the developer portal, or {_USE_TWIN}"
_FIELDS = {
    "tweet_fields": [
        "id",
        "text",
        "author_id",
        "conversation_id",
        "created_at",
        "entities",
        "note_tweet",
        "referenced_tweets",
        "edit_history_tweet_ids",
        "article",
    ],
}
# The names since August 2026; tweepy sends the old ones.
_NEW_NAMES = {
    "tweet_fields": "post.fields",
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
}
_PAGE = 100
_MAX_PAGES = 10
# The smallest pages that X allows.
_LEAST_OF_TIMELINE = 5
_LEAST_OF_LIST = 5
_LEAST_OF_SEARCH = 10
# X refuses an end_time less than ten seconds before now.
_CLOCK_MARGIN = timedelta(seconds=30)
_RECENT_REACH = timedelta(days=7)

# A method of tweepy's client, whose parameters differ by endpoint.
_Method = Callable[..., Any]


@dataclass(frozen=True)
class Window:
    """The time span to read; `since_id` is the newest post that was read before."""

    start: datetime
    end: datetime
    since_id: str | None = None

    @classmethod
    def of_days(
        cls, first: date, last: date, as_of: datetime, since_id: str | None = None
    ) -> Self:
        """From the beginning of `first` to the end of `last`, but not after `as_of`."""
        midnight = datetime.combine(last, time(), UTC) + timedelta(days=1)
        return cls(
            start=datetime.combine(first, time(), UTC),
            end=min(midnight, as_of - _CLOCK_MARGIN),
            since_id=since_id,
        )


class ReadCount(NamedTuple):
    """What X bills for a response."""

    posts: int
    users: int


class XClient:
    """Reads posts. One instance per task; not shared between threads."""

    def __init__(
        self, settings: Settings, affordable: Callable[[], int] = lambda: _PAGE
    ) -> None:
        """`affordable` returns how many posts the next request may buy."""
        if not settings.x_bearer_token:
            raise AccessDenied("X_BEARER_TOKEN is not set.", f"Set it, or {_USE_TWIN}")
        self._affordable = affordable
        logging.getLogger("tweepy").setLevel(logging.INFO)
        self._client = tweepy.Client(
            settings.x_bearer_token, return_type=requests.Response
        )
        self._client.session = Session(settings.user_agent, settings.loopback_url)

    def fetch_account(self, name: str) -> Payload:
        """The profile of an account, which has its id."""
        return self._get(self._client.get_user, username=name)

    def fetch_timeline(self, account_id: str, window: Window) -> Iterator[Payload]:
        """Pages of the account's posts in a window.

        Replies are included: the entries of a thread are replies.
        """
        return self._fetch_pages(
            self._client.get_users_tweets,
            window,
            least=_LEAST_OF_TIMELINE,
            token_name="pagination_token",  # noqa: S106
            id=account_id,
        )

    def search(
        self, query: str, window: Window, *, everything: bool
    ) -> Iterator[Payload]:
        """Pages of a search in a window.

        With `everything` all posts are searched, else those of the last seven days.
        """
        method = self._client.search_all_tweets
        if not everything:
            method = self._client.search_recent_tweets
            earliest = window.end - _RECENT_REACH
            window = replace(window, start=max(window.start, earliest))
        return self._fetch_pages(
            method,
            window,
            least=_LEAST_OF_SEARCH,
            token_name="next_token",  # noqa: S106
            query=query,
        )

    def fetch_list(self, list_id: str, window: Window) -> Iterator[Payload]:
        """Pages of a List until they are older than the window.

        This endpoint has no parameters for times.
        """
        token: str | None = None
        for _ in range(_MAX_PAGES):
            payload = self._get(
                self._client.get_list_tweets,
                id=list_id,
                max_results=self._page_size(_LEAST_OF_LIST),
                pagination_token=token,
                **_FIELDS,
            )
            yield payload
            token = _next_token(payload)
            posts = _parse_response(payload).get("data") or []
            if not token or not posts:
                return
            if datetime.fromisoformat(posts[-1]["created_at"]) < window.start:
                return

    def fetch_posts(self, ids: Sequence[str]) -> Payload:
        """Posts by their ids, up to a hundred."""
        self._page_size(len(ids))
        return self._get(self._client.get_tweets, ids=list(ids[:_PAGE]), **_FIELDS)

    def _fetch_pages(
        self,
        method: _Method,
        window: Window,
        *,
        least: int,
        token_name: str,
        **arguments: Any,
    ) -> Iterator[Payload]:
        if window.end <= window.start:
            return
        arguments |= {"end_time": window.end, **_FIELDS}
        if window.since_id:
            # Instead of start_time: older posts were read, and paid for, before.
            arguments["since_id"] = window.since_id
        else:
            arguments["start_time"] = window.start
        for _ in range(_MAX_PAGES):
            max_results = self._page_size(least)
            payload = self._get(method, max_results=max_results, **arguments)
            yield payload
            token = _next_token(payload)
            if not token:
                return
            arguments[token_name] = token

    def _page_size(self, least: int) -> int:
        """The number of posts to request: a full page, or what can be paid for."""
        affordable = self._affordable()
        if affordable < least:
            raise CeilingReached(
                f"The next page of X (at least {least} posts) would exceed --max-usd.",
                f"Run again with a higher --max-usd, or {_USE_TWIN}",
            )
        return min(_PAGE, affordable)

    def _get(self, method: _Method, **arguments: Any) -> Payload:
        try:
            response = _send(method, arguments)
        except tweepy.HTTPException as error:
            raise _error_for(error.response) from None
        except requests.RequestException as error:
            raise SourceUnavailable(
                f"X did not respond ({type(error).__name__}).", _RETRIED
            ) from error
        url = _documented_url(response.url)
        payload = make_payload("x", url, response.status_code, response.content)
        if payload.content_type != "json":
            raise SourceUnavailable("X returned 200, but no JSON.", _RETRIED)
        _parse_response(payload)
        return payload


def _send(method: _Method, arguments: dict[str, Any]) -> requests.Response:
    """Calls a method of tweepy, again with the new names if X rejects the old ones."""
    try:
        response: requests.Response = method(**arguments)
    except tweepy.BadRequest as error:
        refuses_names = "tweet.fields" in error.response.text
        if not refuses_names or "tweet_fields" not in arguments:
            raise
        others = {k: v for k, v in arguments.items() if k != "tweet_fields"}
        fields = [_NEW_NAMES.get(name, name) for name in arguments["tweet_fields"]]
        # tweepy passes unknown parameters on to X.
        response = method(**others, **{_NEW_NAMES["tweet_fields"]: fields})
    return response


def is_profile(payload: Payload) -> bool:
    """Whether a response is one of `fetch_account`."""
    return payload.source == "x" and "/users/by/" in payload.url


def account_id(payload: Payload) -> str:
    """The id in a response of `fetch_account`. Raises BadInput when there is none."""
    profile = _parse_response(payload).get("data")
    if not profile:
        name = urlsplit(payload.url).path.rpartition("/")[2]
        raise BadInput(f"X has no account @{name}.", "Check RINDOKU_WATCH.")
    return str(profile["id"])


def count_read(payload: Payload) -> ReadCount:
    """Posts and users that a response contains."""
    objects = _parse_response(payload).get("data") or []
    count = len(objects) if isinstance(objects, list) else 1
    if is_profile(payload):
        return ReadCount(posts=0, users=count)
    return ReadCount(posts=count, users=0)


def _next_token(payload: Payload) -> str | None:
    token: str | None = _parse_response(payload).get("meta", {}).get("next_token")
    return token


def _parse_response(payload: Payload) -> dict[str, Any]:
    try:
        parsed = json.loads(payload.body)
    except ValueError as error:
        raise SourceUnavailable("X's JSON is truncated.", _RETRIED) from error
    if not isinstance(parsed, dict):
        raise SourceUnavailable("X's JSON is not as documented.", _RETRIED)
    return parsed


def _error_for(response: requests.Response) -> RindokuError:
    """The error for an HTTP error status of X."""
    status = response.status_code
    problem = response.text[:2000]
    if status == 402:
        return OutOfCredit(
            "The X account has no credit left (402).",
            "Top it up in the developer portal.",
        )
    if status == 401:
        return AccessDenied("X does not accept the token (401).", _CHECK_ACCESS)
    if status == 403:
        reason = "access is refused"
        if "client-not-enrolled" in problem:
            reason = "the app is not enrolled"
        return AccessDenied(f"X reports that {reason} (403).", _CHECK_ACCESS)
    if status == 404:
        path = urlsplit(_documented_url(response.url)).path
        return NotFound(f"X has nothing at {path} (404).", "Check RINDOKU_WATCH.")
    if status == 429:
        return _rate_limit_error(response, problem)
    if status >= 500:
        return SourceUnavailable(f"X returned {status}.", _RETRIED)
    return BadInput(
        f"X rejected the request ({status}): {problem[:300]}",
        "Report this as a bug in rindoku.",
    )


def _rate_limit_error(response: requests.Response, problem: str) -> RindokuError:
    if "usage-capped" in problem:
        return OutOfCredit(
            "X's monthly cap on posts is used up (429).",
            "Raise it, or wait for next month.",
        )
    return RateLimited(
        "X is rate-limited (429).",
        _RETRIED,
        retry_after=_seconds_until_reset(response),
    )


def _seconds_until_reset(response: requests.Response) -> float | None:
    reset = response.headers.get("x-rate-limit-reset", "")
    if not reset.isdecimal():
        return None
    return max(1.0, float(reset) - datetime.now(UTC).timestamp() + 1)


def _documented_url(url: str) -> str:
    """The address with X's documented host, which the stand-in replaces."""
    return API + url[url.index("/2/") :] if "/2/" in url else url
