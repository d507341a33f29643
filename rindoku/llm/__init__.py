"""Paid calls to a model, one or many, never twice.

Every call is reserved in the archive, then made by a process that survives if the run
is killed; its reply is on disk before anything reads it.
"""

from rindoku.llm.batches import Bought, Pause, buy_in_batches
from rindoku.llm.buy import buy
from rindoku.llm.client import count_tokens
from rindoku.llm.ledger import Request, Steps
from rindoku.llm.message import Prompt
from rindoku.llm.sweep import sweep_inbox

__all__ = [
    "Bought",
    "Pause",
    "Prompt",
    "Request",
    "Steps",
    "buy",
    "buy_in_batches",
    "count_tokens",
    "sweep_inbox",
]
