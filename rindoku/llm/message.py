"""A call to a model before it is made."""

import json
from dataclasses import dataclass, replace
from typing import Any

from rindoku.models import GenerationKind

# Output tokens that each kind of call usually takes, half of them for thinking, which
# is billed as output. Only for plans, until the archive has calls to go by.
EXPECTED_OUTPUT_TOKENS = {
    "explain": 10_000,
    "repair": 3_000,
    "ask": 1_200,
    "review": 1_600,
}


@dataclass(frozen=True)
class Prompt:
    """A call's key, and the arguments of `messages.create`."""

    generation_id: str
    kind: GenerationKind
    model: str
    prompt_version: str
    prompt_hash: str
    arguments: dict[str, Any]

    @property
    def characters(self) -> int:
        """Characters that are sent."""
        system = json.dumps(self.arguments["system"])
        messages = json.dumps(self.arguments["messages"], ensure_ascii=False)
        return len(system) + len(messages)

    @property
    def output_tokens(self) -> int:
        """Tokens that the reply is expected to have."""
        return EXPECTED_OUTPUT_TOKENS[self.kind]

    @property
    def most_output_tokens(self) -> int:
        """Tokens that the reply may have at most, thinking included."""
        return int(self.arguments["max_tokens"])

    def cached(self) -> "Prompt":
        """The same call, with its paper block in the API's prompt cache."""
        [message] = self.arguments["messages"]
        paper, *others = message["content"]
        cacheable = paper | {"cache_control": {"type": "ephemeral"}}
        messages = [message | {"content": [cacheable, *others]}]
        return replace(self, arguments=self.arguments | {"messages": messages})
