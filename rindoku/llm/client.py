"""One call to the model: sent once, its reply on disk before anything looks at it.

The reply's bytes are written and synced to `inbox/` in the home folder the moment they have arrived,
without waiting for the archive, by a process that outlives a kill of the run (courier.py). Whoever
runs next finds the reply there. The SDK's own retries are off: tasks/policy.py is the one layer that
retries.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from rindoku.errors import (
    AccessDenied,
    BadInput,
    NotFound,
    OutOfCredit,
    RateLimited,
    RindokuError,
    SourceUnavailable,
)
from rindoku.llm import courier
from rindoku.llm.prompt import Prompt
from rindoku.llm.replies import check_message
from rindoku.settings import Settings
from rindoku.web.fetch import parse_retry_after

if TYPE_CHECKING:
    import anthropic

TIMEOUT_S = 600.0
PUBLIC_API = "https://api.anthropic.com"


@dataclass(frozen=True)
class RawReply:
    """A reply as it came. `call_id` names the row of model_calls that was written before the call."""

    call_id: str
    generation_id: str
    request_id: str | None
    url: str
    body: bytes
    arrived_at: datetime


def has_key(settings: Settings) -> bool:
    """Whether a model can be asked at all."""
    return bool(settings.anthropic_api_key)


def ask(prompt: Prompt, call_id: str, settings: Settings) -> RawReply:
    """Has the prompt sent by the courier and returns the raw reply, already in the inbox.

    Raises AccessDenied, OutOfCredit, RateLimited, SourceUnavailable or BadInput.
    """
    courier.ask(
        {
            "generation_id": prompt.generation_id,
            "call_id": call_id,
            "arguments": prompt.arguments,
            "home": str(settings.home_path),
            "api_key": settings.anthropic_api_key,
            "base_url": settings.anthropic_base_url or PUBLIC_API,
        }
    )
    reply = waiting(settings.home_path, prompt.generation_id)
    if reply is None:
        raise SourceUnavailable(
            "The reply vanished from the inbox.", "It is asked for again."
        )
    return reply


def send(
    *,
    generation_id: str,
    call_id: str,
    arguments: dict[str, Any],
    home: str,
    api_key: str,
    base_url: str,
) -> None:
    """Makes one call and puts the raw reply into the inbox; runs in the courier.

    Waits for the same call of a courier whose run was killed, and takes its reply.
    """
    inbox = Path(home)
    path = inbox_path(inbox, generation_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".call")):
        if path.is_file():
            return
        reply = _send(generation_id, call_id, arguments, api_key, base_url)
        _keep(reply, inbox)
        try:
            check_message(reply.body)
        except SourceUnavailable:
            # A page or a torn answer is no reply anybody paid for; nothing to find here later.
            forget_waiting(inbox, generation_id)
            raise


def count_tokens(prompt: Prompt, settings: Settings) -> int:
    """Tokens of a prompt as the service counts them, which is free. Raises what `ask` raises."""
    arguments = {
        name: prompt.arguments[name]
        for name in ("model", "system", "messages", "output_config")
    }
    with client_of(
        settings.anthropic_api_key, settings.anthropic_base_url or PUBLIC_API
    ) as client:
        return int(client.messages.count_tokens(**arguments).input_tokens)


@contextmanager
def client_of(api_key: str, base_url: str) -> "Iterator[anthropic.Anthropic]":
    """A client without retries of its own, whose errors are ours."""
    import anthropic

    client = anthropic.Anthropic(
        api_key=api_key, base_url=base_url, max_retries=0, timeout=TIMEOUT_S
    )
    try:
        yield client
    except anthropic.APIStatusError as error:
        raise _typed(error) from None
    except (
        anthropic.APIConnectionError,
        anthropic.APIResponseValidationError,
    ) as error:
        raise SourceUnavailable(
            f"The model's service did not answer ({type(error).__name__})."
        ) from error


def _send(
    generation_id: str,
    call_id: str,
    arguments: dict[str, Any],
    api_key: str,
    base_url: str,
) -> RawReply:
    with client_of(api_key, base_url) as client:
        response = client.messages.with_raw_response.create(**arguments)
    raw = response.http_response
    request_id = response.headers.get("request-id")
    return RawReply(
        call_id, generation_id, request_id, str(raw.url), raw.content, datetime.now(UTC)
    )


@contextmanager
def only_one(home: Path, generation_id: str) -> Iterator[None]:
    """Lets one process or thread at a time ask for a generation; the next one finds its reply."""
    path = inbox_path(home, generation_id).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path):
            yield
    finally:
        path.unlink(missing_ok=True)


def waiting(home: Path, generation_id: str) -> RawReply | None:
    """A reply that arrived for this generation and was not saved yet, because its process was killed."""
    path = inbox_path(home, generation_id)
    if not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return RawReply(
        kept["call_id"],
        generation_id,
        kept["request_id"],
        kept["url"],
        kept["body"].encode("utf-8", "surrogateescape"),
        datetime.fromisoformat(kept["arrived_at"]),
    )


def forget_waiting(home: Path, generation_id: str) -> None:
    """Removes a reply from the inbox, once it is in the archive."""
    path = inbox_path(home, generation_id)
    path.unlink(missing_ok=True)
    path.with_suffix(".call").unlink(missing_ok=True)


def inbox_path(home: Path, generation_id: str) -> Path:
    """Where the reply to a call, or the confirmation of a batch, waits to be saved."""
    return home / "inbox" / f"{generation_id.replace(':', '-')}.json"


def write_synced(path: Path, text: str) -> None:
    """Writes a file of the inbox in one step, and waits until the disk has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _keep(reply: RawReply, home: Path) -> None:
    kept = {
        "call_id": reply.call_id,
        "request_id": reply.request_id,
        "url": reply.url,
        "body": reply.body.decode("utf-8", "surrogateescape"),
        "arrived_at": reply.arrived_at.isoformat(),
    }
    write_synced(inbox_path(home, reply.generation_id), json.dumps(kept))


def _typed(error: "anthropic.APIStatusError") -> RindokuError:
    status, text = error.status_code, str(error.message)[:500]
    if status == 401:
        return AccessDenied(
            "The model's service does not accept the key (401).",
            "Check ANTHROPIC_API_KEY.",
        )
    if status == 403:
        return AccessDenied(
            f"The key may not do this (403): {text}",
            "Check the key's workspace and the model's name.",
        )
    if (
        status == 402
        or (status == 429 and _is_spend_limit(text))
        or (status == 400 and "credit balance" in text)
    ):
        return OutOfCredit(
            f"The account's credit or spend limit is used up ({status}).",
            "Raise it in the console, then run again.",
        )
    if status == 404:
        return _not_there(error.request.url.path, text)
    if status == 429:
        return RateLimited(
            "The model's service asks for patience (429).",
            retry_after=parse_retry_after(error.response.headers.get("retry-after")),
        )
    if status >= 500 or status in {408, 409}:
        return SourceUnavailable(
            f"The model's service answers {status}.",
            retry_after=parse_retry_after(error.response.headers.get("retry-after")),
        )
    return BadInput(
        f"The model's service refuses the request ({status}): {text}",
        "Check RINDOKU_MODEL.",
    )


def _not_there(path: str, text: str) -> RindokuError:
    if path.endswith("/batches"):
        return BadInput(
            "The model's service has no message batches (404).", "Run without --batch."
        )
    if "/batches/" in path:
        return NotFound(
            "The model's service knows the batch no longer (404).",
            "It is submitted again.",
        )
    return BadInput(
        f"The model's service knows no such thing (404): {text}",
        "Check RINDOKU_MODEL and ANTHROPIC_BASE_URL.",
    )


def _is_spend_limit(text: str) -> bool:
    return "spend" in text.lower() or "usage limit" in text.lower()
