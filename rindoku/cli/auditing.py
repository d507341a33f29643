"""`rindoku audit`: over the archive, or over files."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rindoku.cli.reading import read_text
from rindoku.errors import BadInput
from rindoku.run import Run
from rindoku.verify.audit import (
    Audited,
    AuditedText,
    audit_archive,
    audit_files,
    failed,
    read_generation,
)
from rindoku.weeks import parse_week


def audit(
    week: str | None, document: str | None, generation: Path | None
) -> tuple[list[Audited], list[AuditedText]]:
    """Verdicts on stored answers and texts, or on those of a generation file."""
    if (document is None) != (generation is None):
        raise BadInput(
            "--document and --generation belong together.",
            "Give both, or neither to audit the archive.",
        )
    if document is not None and generation is not None:
        return audit_files(read_text(document), read_generation(generation))
    run = Run(f"audit-{uuid.uuid4()}")
    return audit_archive(run, parse_week(week, datetime.now(UTC)) if week else None)


def audit_as_json(audited: list[Audited], texts: list[AuditedText]) -> dict[str, Any]:
    """What came of an audit as plain values."""
    counts = {
        s: sum(a.status == s for a in audited)
        for s in ("verified", "unverified", "not in paper")
    }
    return {
        "passed": not failed(audited, texts),
        "counts": counts,
        "changed": sum(a.changed for a in audited) + sum(t.changed for t in texts),
        "answers": [a.as_json() for a in audited],
        "texts": [finding for t in texts for finding in t.as_json()],
    }


def print_audit(audited: list[Audited], texts: list[AuditedText]) -> None:
    """What fails, and what came out otherwise than before."""
    from rich.text import Text

    from rindoku.cli.output import console

    out = console()
    for item in audited:
        place = f"{item.week} {item.rank}. " if item.week else ""
        where = f"{place}Q{item.verdict.answer.position}"
        if item.status == "unverified":
            out.print(
                Text(
                    f"{where}: {item.reason}" + (" (new)" if item.changed else ""),
                    style="yellow",
                )
            )
        elif item.changed:
            out.print(Text(f"{where}: {item.before} → {item.status}"))
    for text in texts:
        place = f"{text.week} {text.rank}. " if text.week else ""
        if not text.passed:
            out.print(
                Text(
                    f"{place}{text.verdict.part}: {text.reason}"
                    + (" (new)" if text.changed else ""),
                    style="yellow",
                )
            )
    count = sum(a.status == "unverified" for a in audited)
    changed = sum(a.changed for a in audited)
    out.print(
        f"{len(audited)} answers verified again: {len(audited) - count} stand, {count} fail, {changed} came out otherwise than before."
    )
    failing = sum(not t.passed for t in texts)
    out.print(
        f"{len(texts)} TL;DRs and summaries: {len(texts) - failing} stand, {failing} fail."
    )
    if weeks := sorted(_changed_weeks(audited) | _changed_weeks(texts)):
        out.print(
            f"The articles of {', '.join(weeks)} change: `rindoku render WEEK` writes them.",
            highlight=False,
        )


def _changed_weeks(items: Sequence[Audited | AuditedText]) -> set[str]:
    return {item.week for item in items if item.changed and item.week}
