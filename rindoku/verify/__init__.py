"""Checks claims against quotes, and quotes against the text of the document.

Everything here is deterministic and works on values. The audit of stored answers is in
`rindoku.verify.audit`, which uses the archive and is not imported here.
"""

from rindoku.verify.answers import check_count, verify_answers, verify_texts
from rindoku.verify.checks.evidence import MOST_QUOTES
from rindoku.verify.instructions import find_instructions
from rindoku.verify.quotes import QuoteFinder, fold
from rindoku.verify.repairs import merge_repairs, merge_texts, withhold_injected

__all__ = [
    "MOST_QUOTES",
    "QuoteFinder",
    "check_count",
    "find_instructions",
    "fold",
    "merge_repairs",
    "merge_texts",
    "verify_answers",
    "verify_texts",
    "withhold_injected",
]
