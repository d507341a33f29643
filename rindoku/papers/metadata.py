"""arXiv's metadata of papers, from the query API or from OAI-PMH."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rindoku.models import PaperVersion, Payload


@dataclass(frozen=True)
class Metadata:
    """Raw responses, papers by base id, and notes on problems.

    Ids that arXiv does not know are missing from `known`.
    """

    payloads: tuple[Payload, ...] = ()
    known: Mapping[str, PaperVersion] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __add__(self, other: "Metadata") -> "Metadata":
        return Metadata(
            self.payloads + other.payloads,
            {**self.known, **other.known},
            self.notes + other.notes,
        )
