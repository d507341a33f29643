"""`rindoku audit`: over the archive, or over files."""

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rindoku.audit import Audited, audit_archive, audit_files, failed, read_generation
from rindoku.cli.reading import read_text
from rindoku.errors import BadInput
from rindoku.models import Finding
from rindoku.run import Run
from rindoku.weeks import parse_week


def audit(week: str | None, document: str | None, generation: Path | None) -> tuple[list[Audited], list[Finding]]:
    """Verdicts on stored answers, or on those of a generation file, and findings on the latter's texts."""
    if (document is None) != (generation is None):
        raise BadInput("--document and --generation belong together.", "Give both, or neither to audit the archive.")
    if document is not None and generation is not None:
        return audit_files(read_text(document), read_generation(generation))
    run = Run(f"audit-{uuid.uuid4()}")
    return audit_archive(run, parse_week(week, datetime.now(UTC)) if week else None), []


def audit_as_json(audited: list[Audited], texts: list[Finding]) -> dict[str, Any]:
    """What came of an audit as plain values."""
    counts = {s: sum(a.status == s for a in audited) for s in ("verified", "unverified", "not in paper")}
    return {
        "passed": not failed(audited, texts), "counts": counts, "changed": sum(a.changed for a in audited),
        "answers": [a.as_json() for a in audited],
        "texts": [{"part": f.subject, "check": f.check, "severity": f.severity, "message": f.message} for f in texts],
    }  # fmt: skip


def print_audit(audited: list[Audited], texts: list[Finding]) -> None:
    """What fails, and what came out otherwise than before."""
    from rich.text import Text

    from rindoku.cli.output import console

    out = console()
    for item in audited:
        place = f"{item.week} {item.rank}. " if item.week else ""
        where = f"{place}Q{item.verdict.answer.position}"
        if item.status == "unverified":
            out.print(Text(f"{where}: {item.reason}" + (" (new)" if item.changed else ""), style="yellow"))
        elif item.changed:
            out.print(Text(f"{where}: {item.before} → {item.status}"))
    for finding in texts:
        out.print(Text(f"{finding.subject}: {finding.message}", style="yellow"))
    count = sum(a.status == "unverified" for a in audited)
    changed = sum(a.changed for a in audited)
    out.print(
        f"{len(audited)} answers verified again: {len(audited) - count} stand, {count} fail, {changed} came out otherwise than before."
    )
    if weeks := sorted({a.week for a in audited if a.changed and a.week}):
        out.print(f"The articles of {', '.join(weeks)} change: `rindoku render WEEK` writes them.", highlight=False)
