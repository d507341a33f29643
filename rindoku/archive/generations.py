"""Generations: what a model or the extractive explainer answered, and its texts."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from rindoku.archive.findings import save_findings
from rindoku.archive.rows import Connection, fetch_rows, find, find_one, insert
from rindoku.archive.statements import query
from rindoku.languages import Wording
from rindoku.models import (
    Explanation,
    Finding,
    GenerationKind,
    GenerationStatus,
    Label,
    TextVerdict,
)


@dataclass(frozen=True, kw_only=True)
class PlannedGeneration:
    """A generation before its reply.

    `repairs` is the id of the generation that it repairs or reviews.
    """

    generation_id: str
    kind: GenerationKind
    language: str
    model: str
    prompt_version: str
    prompt_hash: str
    paper_id: str
    document_id: str
    repairs: str | None
    run_id: str

    def answered(
        self,
        payload_id: str | None,
        label: Label,
        status: GenerationStatus = "good",
        reason: str = "",
    ) -> "Generation":
        """The generation with its raw reply, and the label and status of that."""
        return Generation(
            **asdict(self),
            payload_id=payload_id,
            label=label,
            status=status,
            reason=reason,
        )


@dataclass(frozen=True, kw_only=True)
class Generation(PlannedGeneration):
    """A generation; `payload_id` is the raw reply, `reason` why it is not good."""

    label: Label
    status: GenerationStatus
    reason: str
    payload_id: str | None


class RepairShare(NamedTuple):
    """How many of the newest explanations by a model needed a repair."""

    explained: int
    repaired: int


def save_generation(con: Connection, generation: Generation) -> None:
    """Saves a generation."""
    row = asdict(generation) | {"generated_at": datetime.now(UTC)}
    insert(con, "generations", [row])


def find_generation(con: Connection, generation_id: str) -> Generation | None:
    """A generation by its id."""
    return find_one(con, "generations/get", Generation, generation_id=generation_id)


def find_saved(con: Connection, generation_ids: Iterable[str]) -> set[str]:
    """Those of many ids whose generations are there."""
    parameters = {"generation_ids": list(generation_ids)}
    rows = fetch_rows(con, query("generations/saved"), **parameters)
    return {row["generation_id"] for row in rows}


def find_earlier_generations(
    con: Connection, document_id: str, language: str, kind: GenerationKind
) -> list[Generation]:
    """Generations of a kind about a document, oldest first."""
    return find(
        con,
        "generations/of_document",
        Generation,
        document_id=document_id,
        language=language,
        kind=kind,
    )


def find_repair(con: Connection, generation_id: str) -> Generation | None:
    """The newest repair of a generation."""
    return find_one(con, "generations/repair", Generation, generation_id=generation_id)


def find_reviews(con: Connection, generation_id: str) -> list[Generation]:
    """The second reader's readable replies about a generation, oldest first."""
    return find(con, "generations/reviews", Generation, generation_id=generation_id)


def get_repair_share(con: Connection, model: str, run_id: str) -> RepairShare:
    """How many of a model's newest 100 explanations from other runs were repaired."""
    [share] = find(
        con, "generations/repair_share", RepairShare, model=model, run_id=run_id
    )
    return share


def save_texts(
    con: Connection,
    generation: Generation,
    explanation: Explanation,
    texts: Sequence[TextVerdict],
    *,
    words: Wording,
    run_id: str,
) -> None:
    """Saves TL;DR and summary with their verdicts.

    A text without a verdict is saved as it is: those of an extract quote the paper.
    """
    verdicts = {verdict.part: verdict for verdict in texts}
    tldr, summary = verdicts.get("tldr"), verdicts.get("summary")
    row = {
        "generation_id": generation.generation_id,
        "paper_id": generation.paper_id,
        "tldr": tldr.text if tldr else explanation.tldr,
        "summary": summary.text if summary else explanation.summary,
        "tldr_reason": _reason(tldr, words),
        "summary_reason": _reason(summary, words),
    }
    insert(con, "summaries", [row])
    _save_figures(con, generation.generation_id, texts)
    findings: list[Finding] = []
    for verdict in texts:
        findings.extend(
            replace(
                finding,
                subject=generation.generation_id,
                check=f"{verdict.part} {finding.check}",
            )
            for finding in verdict.findings
        )
    save_findings(con, findings, run_id)


def _reason(verdict: TextVerdict | None, words: Wording) -> str | None:
    """Why a text is withheld; None when it is published."""
    if verdict is None or verdict.passed:
        return None
    return words.why(verdict.findings)


def _save_figures(
    con: Connection, generation_id: str, texts: Sequence[TextVerdict]
) -> None:
    """Saves where in the document each number of the texts is."""
    rows = [
        {
            "generation_id": generation_id,
            "part": verdict.part,
            "number": figure.number,
            "start_char": figure.start,
            "end_char": figure.end,
            "section": figure.section,
            "page": figure.page,
        }
        for verdict in texts
        for figure in verdict.figures
    ]
    insert(con, "text_figures", rows)
