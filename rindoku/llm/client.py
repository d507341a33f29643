"""The Messages API through the anthropic SDK, with its errors turned into ours.

The SDK's own retries are off: tasks/policy.py is the one layer that retries.
"""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rindoku.errors import (
    AccessDenied,
    BadInput,
    NotFound,
    OutOfCredit,
    RateLimited,
    ReplyLost,
    RindokuError,
    SourceUnavailable,
)
from rindoku.llm.inbox import RawReply
from rindoku.llm.message import Prompt
from rindoku.settings import Settings
from rindoku.web import parse_retry_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    import anthropic

TIMEOUT_S = 600.0
PUBLIC_API = "https://api.anthropic.com"
_CANNOT_BE_BILLED = "linked_organization_billing_unavailable"
_COUNTED_ARGUMENTS = ("model", "system", "messages", "output_config")


@dataclass(frozen=True)
class Service:
    """The address of the model API, and the key for it."""

    base_url: str
    api_key: str = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "Service":
        """The API that the settings name."""
        return cls(
            settings.anthropic_base_url or PUBLIC_API, settings.anthropic_api_key
        )

    @contextmanager
    def client(self) -> "Iterator[anthropic.Anthropic]":
        """A client whose errors are AccessDenied, OutOfCredit, RateLimited, BadInput,
        NotFound and SourceUnavailable; ReplyLost, if the request may have arrived.
        """
        import anthropic
        import httpx2

        client = anthropic.Anthropic(
            api_key=self.api_key,
            base_url=self.base_url,
            max_retries=0,
            timeout=TIMEOUT_S,
        )
        try:
            yield client
        except anthropic.APIStatusError as error:
            raise _our_error(error) from None
        except (
            anthropic.APIConnectionError,
            anthropic.APIResponseValidationError,
            # The SDK lets through what it meets in the body of a response.
            httpx2.HTTPError,
            json.JSONDecodeError,
        ) as error:
            raise _no_response(error) from error


def count_tokens(prompt: Prompt, settings: Settings) -> int:
    """Tokens of a prompt as the API counts them, which is free."""
    arguments = {name: prompt.arguments[name] for name in _COUNTED_ARGUMENTS}
    with Service.of(settings).client() as client:
        counted = client.messages.count_tokens(**arguments)
    tokens = getattr(counted, "input_tokens", None)
    if not isinstance(tokens, int):
        raise SourceUnavailable("The model API returned 200, but no count of tokens.")
    return tokens


def create_message(
    service: Service, arguments: dict[str, Any], generation_id: str, call_id: str
) -> RawReply:
    """Makes one paid call. Raises what `Service.client` raises."""
    with service.client() as client:
        response = client.messages.with_raw_response.create(**arguments)
    return RawReply(
        call_id=call_id,
        generation_id=generation_id,
        request_id=response.headers.get("request-id"),
        url=str(response.http_response.url),
        body=response.http_response.content,
        arrived_at=datetime.now(UTC),
    )


def _no_response(error: Exception) -> SourceUnavailable:
    """The error to raise without a response, by whether the request was sent."""
    import httpx2

    unsent = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
    error_class = (
        SourceUnavailable if isinstance(error.__cause__, unsent) else ReplyLost
    )
    return error_class(f"The model API did not respond ({type(error).__name__}).")


def _our_error(error: "anthropic.APIStatusError") -> RindokuError:
    """The error to raise for a response with an error status."""
    status, text = error.status_code, _said(error)[:500]
    if status == 401:
        return AccessDenied(
            "The model API rejected the key (401).", "Check ANTHROPIC_API_KEY."
        )
    if _is_out_of_credit(error):
        return OutOfCredit(
            f"The account's credit or spend limit is used up ({status}).",
            "Raise the limit in the console, then run again.",
        )
    if status == 403:
        return AccessDenied(
            f"The model API refuses the key (403): {text}",
            "Check the key's workspace and the model's name.",
        )
    if status == 404:
        return _not_found(error.request.url.path, text)
    if status == 429:
        wait = parse_retry_after(error.response.headers.get("retry-after"))
        advice = f"; retry after {wait:.0f} s" if wait else ""
        return RateLimited(
            f"The model API is rate-limited (429){advice}.",
            retry_after=wait,
        )
    if status >= 500 or status in {408, 409}:
        return SourceUnavailable(
            f"The model API returned {status}.",
            retry_after=parse_retry_after(error.response.headers.get("retry-after")),
        )
    return BadInput(
        f"The model API rejected the request ({status}): {text}",
        "Check RINDOKU_MODEL.",
    )


def _said(error: "anthropic.APIStatusError") -> str:
    """What the API says is wrong; the SDK's message shows the whole body."""
    body = error.body
    details = body.get("error") if isinstance(body, dict) else None
    message = details.get("message") if isinstance(details, dict) else None
    return message if isinstance(message, str) else str(error.message)


def _is_out_of_credit(error: "anthropic.APIStatusError") -> bool:
    """Whether the account's money is used up, which no further call can change.

    A limit of the account's tier or contract has a code, whatever the status, which
    documentation and observation give differently (429, 400). A limit that the user has
    set (400), and credit that was paid in advance, may have a message only.
    """
    status, code = error.status_code, error.error_code or ""
    has_code = code.endswith("spend_limit_reached") or code == _CANNOT_BE_BILLED
    if status == 402 or has_code:
        return True
    said = _said(error)
    return status == 400 and ("API usage limits" in said or "credit balance" in said)


def _not_found(path: str, text: str) -> RindokuError:
    if path.endswith("/batches"):
        return BadInput(
            "The model API has no Message Batches API (404).",
            "Run without --batch.",
        )
    if path.endswith("/count_tokens"):
        return NotFound(
            f"The model API does not count tokens (404): {text}",
            "Check RINDOKU_MODEL and ANTHROPIC_BASE_URL.",
        )
    if "/batches/" in path:
        return NotFound(
            "The model API no longer has the batch (404).",
            "It will be submitted again.",
        )
    return BadInput(
        f"The model API returned 404: {text}",
        "Check RINDOKU_MODEL and ANTHROPIC_BASE_URL.",
    )
