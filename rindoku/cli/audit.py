"""`rindoku audit`: stored answers, or those of a file, verified again."""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rindoku.cli.options import AsJson, Home, choose_home, optional_week

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rindoku.verify.audit import Audit, AuditedAnswer, AuditedText, Place


def audit(
    week: Annotated[
        str | None,
        typer.Argument(help="2024-W14, a date in it, or last; all weeks if not given."),
    ] = None,
    document: Annotated[
        str | None,
        typer.Option(
            help="Audit files instead: the text, HTML or PDF.", show_default=False
        ),
    ] = None,
    generation: Annotated[
        Path | None,
        typer.Option(help="With --document: the answers, as JSON.", show_default=False),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Verify stored answers again, by the checks of today. Exit 4 when one fails."""
    from rindoku.cli.json_output import print_json
    from rindoku.verify.audit import audit_archive

    choose_home(home)
    if document is None and generation is None:
        from rindoku.run import Run

        found = audit_archive(Run(f"audit-{uuid.uuid4()}"), optional_week(week))
    else:
        found = _audit_files(document, generation)
    if as_json:
        print_json(_as_json(found))
    else:
        print_audit(found)
    raise typer.Exit(0 if found.passed else 4)


def _audit_files(document: str | None, generation: Path | None) -> "Audit":
    from rindoku.cli.text import read_text
    from rindoku.errors import BadInput
    from rindoku.verify.audit import audit_file, read_generation

    if document is None or generation is None:
        raise BadInput(
            "--document and --generation belong together.",
            "Give both, or neither to audit the archive.",
        )
    return audit_file(read_text(document), read_generation(generation))


def _as_json(found: "Audit") -> dict[str, Any]:
    from rindoku.verify.audit import count_statuses

    findings: list[dict[str, Any]] = []
    for text in found.texts:
        findings += text.as_json()
    return {
        "passed": found.passed,
        "counts": count_statuses(found.answers),
        "changed": _count_changed(found.answers) + _count_changed(found.texts),
        "answers": [answer.as_json() for answer in found.answers],
        "texts": findings,
    }


def _count_changed(items: "Iterable[AuditedAnswer | AuditedText]") -> int:
    return sum(item.changed for item in items)


def print_audit(found: "Audit") -> None:
    """What fails, what has changed, and which articles that changes."""
    from rich.text import Text

    from rindoku.cli.output import console

    out = console()
    for answer in found.answers:
        where = f"{_place(answer.place)}Q{answer.verdict.answer.position}"
        if answer.status == "unverified":
            new = " (new)" if answer.changed else ""
            out.print(Text(f"{where}: {answer.reason}{new}", style="yellow"))
        elif answer.changed:
            out.print(Text(f"{where}: {answer.before} → {answer.status}"))
    for text in found.texts:
        if not text.passed:
            where = f"{_place(text.place)}{text.verdict.part}"
            new = " (new)" if text.changed else ""
            out.print(Text(f"{where}: {text.reason}{new}", style="yellow"))
    failed = sum(answer.status == "unverified" for answer in found.answers)
    out.print(
        f"{len(found.answers)} answers verified again: "
        f"{len(found.answers) - failed} pass, {failed} fail, "
        f"{_count_changed(found.answers)} changed."
    )
    failed = sum(not text.passed for text in found.texts)
    out.print(
        f"{len(found.texts)} TL;DRs and summaries: {len(found.texts) - failed} pass, "
        f"{failed} fail."
    )
    if weeks := _changed_weeks(found):
        out.print(
            f"The articles of {', '.join(weeks)} change; `rindoku render WEEK` writes "
            "them.",
            highlight=False,
        )


def _place(place: "Place") -> str:
    return f"{place.week} {place.rank}. " if place.week else ""


def _changed_weeks(found: "Audit") -> list[str]:
    items: list[AuditedAnswer | AuditedText] = [*found.answers, *found.texts]
    return sorted({i.place.week for i in items if i.changed and i.place.week})
