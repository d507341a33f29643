"""A call to a model before it is made."""

import json
from dataclasses import dataclass
from typing import Any

# What kinds of calls have been seen to need; only for estimates before a call.
EXPECTED_OUTPUT_TOKENS = {"explain": 5_000, "repair": 1_500, "ask": 600, "review": 800}


@dataclass(frozen=True)
class Prompt:
    """A call in the making: its key, and the arguments of `messages.create`."""

    generation_id: str
    kind: str
    model: str
    prompt_version: str
    prompt_hash: str
    arguments: dict[str, Any]

    @property
    def characters(self) -> int:
        """Length of all text sent."""
        return len(json.dumps(self.arguments["system"])) + len(
            json.dumps(self.arguments["messages"], ensure_ascii=False)
        )

    @property
    def output_tokens(self) -> int:
        """Tokens the reply may be expected to have."""
        return EXPECTED_OUTPUT_TOKENS[self.kind]

    def cached(self) -> "Prompt":
        """The same call, its paper block written to the service's prompt cache or read from it."""
        [message] = self.arguments["messages"]
        first, *others = message["content"]
        content = [first | {"cache_control": {"type": "ephemeral"}}, *others]
        arguments = self.arguments | {"messages": [message | {"content": content}]}
        return Prompt(
            self.generation_id,
            self.kind,
            self.model,
            self.prompt_version,
            self.prompt_hash,
            arguments,
        )
