"""X API v2 through tweepy's synchronous client; the raw answers are kept, parsing is in threads.py.

tweepy logs its headers, bearer token included, at DEBUG: its logger is held at INFO here.
"""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import requests
import tweepy

from rindoku.errors import AccessDenied, BadInput, NotFound, OutOfCredit, RateLimited, RindokuError, SourceUnavailable
from rindoku.fetch import make_payload
from rindoku.models import Payload
from rindoku.settings import Settings
from rindoku.sources.http import Session

API = "https://api.twitter.com"
_AGAIN = "It is tried again; if it stays like this, read the twin: RINDOKU_SOURCE=twin."
_TOKEN_REMEDY = "Check X_BEARER_TOKEN in the developer portal, or read the twin: RINDOKU_SOURCE=twin."  # noqa: S105
_FIELDS = {
    "tweet_fields": [
        "id", "text", "author_id", "conversation_id", "created_at", "entities", "note_tweet",
        "referenced_tweets", "edit_history_tweet_ids", "article",
    ],
}  # fmt: skip
_PAGE = 100
_MAX_PAGES = 10
# X refuses an end_time less than ten seconds before its own clock.
_CLOCK_MARGIN = timedelta(seconds=30)


class XClient:
    """Reads posts of an account. One instance per task; not shared between threads."""

    def __init__(self, settings: Settings) -> None:
        if not settings.x_bearer_token:
            raise AccessDenied("There is no X_BEARER_TOKEN.", "Set it, or read the twin: RINDOKU_SOURCE=twin.")
        logging.getLogger("tweepy").setLevel(logging.INFO)
        self._client = tweepy.Client(settings.x_bearer_token, return_type=requests.Response)
        self._client.session = Session(settings.user_agent, settings.loopback_url)

    def fetch_account(self, name: str) -> Payload:
        """The account's profile, which carries its id."""
        return self._get(self._client.get_user, username=name)

    def fetch_timeline(self, account_id: str, first: date, last: date, as_of: datetime) -> Iterator[Payload]:
        """Pages of the account's posts from `first` to `last`, both included, none after `as_of`.

        Replies stay in: the entries of a thread are replies.
        """
        start = datetime.combine(first, time(), UTC)
        end = min(datetime.combine(last, time(), UTC) + timedelta(days=1), as_of - _CLOCK_MARGIN)
        if end <= start:
            return
        token: str | None = None
        for _ in range(_MAX_PAGES):
            page = {"pagination_token": token} if token else {}
            payload = self._get(
                self._client.get_users_tweets, id=account_id, start_time=start, end_time=end,
                max_results=_PAGE, **_FIELDS, **page,
            )  # fmt: skip
            yield payload
            token = _answer(payload).get("meta", {}).get("next_token")
            if not token:
                return

    def _get(self, method: Any, **arguments: Any) -> Payload:
        try:
            response = method(**arguments)
        except tweepy.HTTPException as error:
            raise _typed(error) from None
        except requests.RequestException as error:
            raise SourceUnavailable(f"X did not answer properly ({type(error).__name__}).", _AGAIN) from error
        payload = make_payload("x", _public_url(response.url), response.status_code, response.content)
        if payload.content_type != "json":
            raise SourceUnavailable("X answered 200 with something that is no JSON.", _AGAIN)
        _answer(payload)
        return payload


def account_id(payload: Payload) -> str:
    """The id in an answer of `fetch_account`."""
    data = _answer(payload).get("data")
    if not data:
        raise BadInput("X knows no such account.", "Check RINDOKU_ACCOUNT.")
    return str(data["id"])


def _answer(payload: Payload) -> dict[str, Any]:
    try:
        answer = json.loads(payload.body)
    except ValueError as error:
        raise SourceUnavailable("X sent JSON that breaks off.", _AGAIN) from error
    if not isinstance(answer, dict):
        raise SourceUnavailable("X sent JSON of another shape than documented.", _AGAIN)
    return answer


def _typed(error: tweepy.HTTPException) -> RindokuError:
    response = error.response
    status, problem = response.status_code, response.text[:2000]
    if status == 402:
        return OutOfCredit("The X account has no credit left (402).", "Top it up in the developer portal.")
    if status == 401:
        return AccessDenied("X does not accept the token (401).", _TOKEN_REMEDY)
    if status == 403:
        what = "the app is not enrolled" if "client-not-enrolled" in problem else "access is refused"
        return AccessDenied(f"X says that {what} (403).", _TOKEN_REMEDY)
    if status == 404:
        return NotFound("X knows no such thing (404).", "Check RINDOKU_ACCOUNT.")
    if status == 429:
        if "usage-capped" in problem:
            return OutOfCredit("X's monthly cap on posts is used up (429).", "Raise it, or wait for next month.")
        return RateLimited("X asks for patience (429).", _AGAIN, retry_after=_until_reset(response))
    if status >= 500:
        return SourceUnavailable(f"X answers {status}.", _AGAIN)
    return BadInput(f"X refuses the request ({status}): {problem[:300]}", "Report this as a bug of rindoku.")


def _until_reset(response: requests.Response) -> float | None:
    reset = response.headers.get("x-rate-limit-reset", "")
    return max(1.0, float(reset) - datetime.now(UTC).timestamp() + 1) if reset.isdecimal() else None


def _public_url(url: str) -> str:
    """The address as X documents it, whatever base served it."""
    return API + url[url.index("/2/") :] if "/2/" in url else url
