"""The words a column may hold, where the list of them grows.

They are checked here and not by a CHECK of the table, because DuckDB cannot change a
CHECK without writing the table anew.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from rindoku.links import LinkRole
from rindoku.models import (
    Format,
    GenerationKind,
    Grounding,
    LinkState,
    Outcome,
    PaperKind,
)

# By table and column.
WORDS: dict[str, dict[str, frozenset[str]]] = {
    "papers": {"kind": frozenset(get_args(PaperKind))},
    "links": {"role": frozenset(get_args(LinkRole))},
    "documents": {
        "grounding": frozenset(get_args(Grounding)),
        "format": frozenset(get_args(Format)),
    },
    "generations": {"kind": frozenset(get_args(GenerationKind))},
    "link_checks": {"state": frozenset(get_args(LinkState))},
    "run_ends": {"outcome": frozenset(map(str, Outcome))},
    "call_ends": {"status": frozenset({"answered", "failed"})},
}


def check_words(table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Raises ValueError when a row has a word its column does not know."""
    for column, words in WORDS.get(table, {}).items():
        for row in rows:
            if row[column] not in words:
                raise ValueError(
                    f"{table}.{column} is {row[column]!r}, not one of {sorted(words)}"
                )
