"""What is asked about a paper, and what came back.

Explanations are bought, verified, repaired once and saved; readers' questions likewise.
"""

from rindoku.explain.ask import ask
from rindoku.explain.explanations import (
    documents_to_explain,
    explain_document,
    explain_in_batches,
    repair_explanation,
    repair_in_batches,
    save_explanation,
)
from rindoku.explain.plan import plan

__all__ = [
    "ask",
    "documents_to_explain",
    "explain_document",
    "explain_in_batches",
    "plan",
    "repair_explanation",
    "repair_in_batches",
    "save_explanation",
]
