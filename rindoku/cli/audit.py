"""`rindoku audit`: verifies stored answers, or those of a file, again."""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rindoku.cli.options import AsJson, DigestName, Home, choose_home, optional_week

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from rindoku.verify.audit import Audit, AuditedAnswer, AuditedEntry, AuditedText


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
    digest: DigestName = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Verify stored answers again with the current checks. Exit 4 when one fails."""
    from rindoku.cli.json_output import print_json
    from rindoku.verify.audit import audit_archive

    choose_home(home, digest)
    if document is None and generation is None:
        from rindoku.papers import read_again
        from rindoku.run import Run

        run = Run(f"audit-{uuid.uuid4()}")
        with run.archive.read_latest() as con:
            week = optional_week(con, week)
        read_again(run, week)
        result = audit_archive(run, week)
    else:
        result = _audit_files(document, generation)
    if as_json:
        print_json(_as_json(result))
    else:
        print_audit(result)
    raise typer.Exit(0 if result.passed else 4)


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


def _as_json(result: "Audit") -> dict[str, Any]:
    from rindoku.verify.audit import count_statuses

    findings: list[dict[str, Any]] = []
    for text in result.texts:
        findings += text.as_json()
    return {
        "passed": result.passed,
        "counts": count_statuses(result.answers),
        "changed": _count_changed(result.answers) + _count_changed(result.texts),
        "answers": [answer.as_json() for answer in result.answers],
        "texts": findings,
    }


def _count_changed(items: "Iterable[AuditedAnswer | AuditedText]") -> int:
    return sum(item.changed for item in items)


def print_audit(result: "Audit") -> None:
    """Prints failures and changes, counts, and the articles that change."""
    from rindoku.cli.output import console

    out = console()
    for answer in result.answers:
        _print_answer(out, answer)
    for text in result.texts:
        _print_text(out, text)
    failed = sum(answer.status == "unverified" for answer in result.answers)
    out.print(
        f"{len(result.answers)} answers verified again: "
        f"{len(result.answers) - failed} pass, {failed} fail, "
        f"{_count_changed(result.answers)} changed."
    )
    failed = sum(not text.passed for text in result.texts)
    out.print(
        f"{len(result.texts)} TL;DRs and summaries: {len(result.texts) - failed} pass, "
        f"{failed} fail."
    )
    weeks = _changed_weeks(result)
    if weeks:
        out.print(
            f"The articles of {', '.join(weeks)} change; `rindoku render WEEK` writes "
            "them.",
            highlight=False,
        )


def _print_answer(out: "Console", answer: "AuditedAnswer") -> None:
    from rich.text import Text

    place = f"{_place(answer.place)}Q{answer.verdict.answer.position}"
    if answer.status == "unverified":
        new = " (new)" if answer.changed else ""
        out.print(Text(f"{place}: {answer.reason}{new}", style="yellow"))
    elif answer.changed:
        out.print(Text(f"{place}: {answer.before} → {answer.status}"))


def _print_text(out: "Console", text: "AuditedText") -> None:
    from rich.text import Text

    if text.passed:
        return
    new = " (new)" if text.changed else ""
    line = f"{_place(text.place)}{text.verdict.part}: {text.reason}{new}"
    out.print(Text(line, style="yellow"))


def _place(place: "AuditedEntry") -> str:
    return f"{place.week} {place.rank}. " if place.week else ""


def _changed_weeks(result: "Audit") -> list[str]:
    items: list[AuditedAnswer | AuditedText] = [*result.answers, *result.texts]
    weeks = {item.place.week for item in items if item.changed}
    return sorted(week for week in weeks if week)
