"""Our requests to the model API, against the types of its own SDK."""

import json
from typing import Any

import pytest
from anthropic.types.message_count_tokens_params import MessageCountTokensParams
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming
from anthropic.types.messages.batch_create_params import BatchCreateParams
from pydantic import TypeAdapter, ValidationError

from rindoku.llm import Prompt, client
from rindoku.settings import Settings
from tests.llm.prompts import make_prompt

MESSAGE: TypeAdapter[Any] = TypeAdapter(MessageCreateParamsNonStreaming)
BATCH: TypeAdapter[Any] = TypeAdapter(BatchCreateParams)
COUNT: TypeAdapter[Any] = TypeAdapter(MessageCountTokensParams)


def known_part(adapter: TypeAdapter[Any], request: dict[str, Any]) -> Any:
    """A request without what its type does not know; raises ValidationError."""
    return json.loads(adapter.dump_json(adapter.validate_python(request)))


@pytest.fixture
def prompt(settings: Settings) -> Prompt:
    return make_prompt(settings)


def test_single_calls_are_as_the_sdk_types_them(prompt: Prompt) -> None:
    for arguments in (prompt.arguments, prompt.cached().arguments):
        assert known_part(MESSAGE, arguments) == arguments


def test_batches_are_as_the_sdk_types_them(prompt: Prompt) -> None:
    request = {"custom_id": "b2-1", "params": prompt.arguments}
    assert known_part(BATCH, {"requests": [request]}) == {"requests": [request]}


def test_counts_of_tokens_are_as_the_sdk_types_them(
    prompt: Prompt, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []

    class Counted:
        input_tokens = 1

    def count(_: object, **arguments: Any) -> Counted:
        sent.append(arguments)
        return Counted()

    monkeypatch.setattr("anthropic.resources.Messages.count_tokens", count)
    client.count_tokens(prompt, settings)
    assert known_part(COUNT, sent[0]) == sent[0]


def test_unknown_names_and_wrong_values_are_noticed(prompt: Prompt) -> None:
    """What the tests above would find."""
    unknown = prompt.arguments | {"temperature": 0}
    assert known_part(MESSAGE, unknown) != unknown
    for wrong in ({"max_tokens": "many"}, {"output_config": {"effort": "some"}}):
        with pytest.raises(ValidationError):
            known_part(MESSAGE, prompt.arguments | wrong)
