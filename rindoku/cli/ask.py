"""`rindoku ask`: a question to a paper, a week or the archive."""

import sys
import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rindoku.cli.options import (
    AsJson,
    DigestName,
    Home,
    MaxUsd,
    SecondReader,
    check_digest,
    choose_home,
)

if TYPE_CHECKING:
    from rich.console import Console

    from rindoku.archive.answers import QuoteRow
    from rindoku.explain.ask import Asked, Target
    from rindoku.languages import Wording
    from rindoku.run import Run


def ask(
    where: Annotated[
        str,
        typer.Argument(
            help="A paper's id or its place (2024-W14/3), a week, or all.",
            show_default=False,
        ),
    ],
    question: Annotated[
        str, typer.Argument(help="The question, in quotes.", show_default=False)
    ],
    papers: Annotated[
        int,
        typer.Option(min=1, max=20, help="How many papers to ask, for a week or all."),
    ] = 3,
    second_reader: SecondReader = False,
    max_usd: MaxUsd = None,
    digest: DigestName = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question. The answer is verified and saved; asking again is free."""
    from rindoku import explain
    from rindoku.cli.json_output import print_json
    from rindoku.explain.ask import normalize_question
    from rindoku.languages import get_language
    from rindoku.run import Run

    choose_home(home, digest)
    run = Run(f"ask-{uuid.uuid4()}", max_usd, second_reader)
    question = normalize_question(question)
    targets = _targets(run, where, question, papers)
    _announce(run, targets, question)
    asked: list[Asked] = []
    if targets:
        asked = explain.ask(run, targets, question, datetime.now(UTC))
    if as_json:
        print_json([_as_json(item) for item in asked])
    else:
        print_answers(asked, get_language(run.settings.language).wording)
    raise typer.Exit(4 if any(_has_failed(item) for item in asked) else 0)


def _targets(run: "Run", where: str, question: str, most: int) -> "list[Target]":
    """The papers to ask: the most relevant ones, or the one that is named."""
    from rindoku.archive.papers import get_paper
    from rindoku.cli.text import read_text
    from rindoku.errors import BadInput
    from rindoku.explain.ask import Target, find_targets, is_place, is_wide
    from rindoku.papers import read_again

    if is_wide(where) or is_place(where):
        with run.archive.read_latest() as con:
            check_digest(con)
        read_again(run, None if where == "all" else where.partition("/")[0])
        return find_targets(run, where, question, most)
    document = read_text(where)
    if not document.document_id:
        raise BadInput(
            f"{where!r} is not a paper of the archive.",
            "Give the id of a paper, its place (2024-W14/3), a week, or all.",
        )
    with run.archive.read_latest() as con:
        paper = get_paper(con, document.paper_id, document.version)
    return [Target(document.document_id, document.paper_id, paper.title)]


def _announce(run: "Run", targets: "list[Target]", question: str) -> None:
    """Prints how many papers will be asked, and what that may cost."""
    from rindoku.explain.ask import estimate

    if not targets:
        sys.stderr.write("None of those papers contains a word of the question.\n")
        return
    if not run.settings.has_model_key:
        sys.stderr.write(
            "Without ANTHROPIC_API_KEY the answers are sentences of the papers that "
            "contain the question's words.\n"
        )
        return
    dollars = estimate(run, targets, question)
    if dollars is None:
        price = "at an unknown price"
    elif dollars == 0:
        price = "at no cost (asked before)"
    else:
        price = f"for about ${dollars:.2f}"
    plural = "s" if len(targets) > 1 else ""
    sys.stderr.write(f"Asking {len(targets)} paper{plural} {price} ...\n")


def _as_json(asked: "Asked") -> dict[str, Any]:
    """An answer as plain values, with its place."""
    answer = asdict(asked.answer) if asked.answer else {"question": asked.question}
    return {
        **answer,
        "week": asked.target.week,
        "rank": asked.target.rank,
        "paper_id": asked.target.paper_id,
        "title": asked.target.title,
        "error": asked.error,
        "paid": asked.paid,
    }


def _has_failed(asked: "Asked") -> bool:
    """Whether a paper could not be asked, or its answer failed verification."""
    if asked.error or asked.answer is None:
        return True
    return asked.answer.status == "unverified"


def print_answers(asked: "list[Asked]", words: "Wording") -> None:
    """Prints each paper's title and answer, with the quotes."""
    from rich.text import Text

    from rindoku.cli.output import console

    out = console()
    for item in asked:
        target = item.target
        place = f"{target.week}/{target.rank}  " if target.week else ""
        out.print(Text(f"{place}{target.title}", style="bold"))
        _print_answer(out, item, words)


def _print_answer(out: "Console", asked: "Asked", words: "Wording") -> None:
    from rich.text import Text

    answer = asked.answer
    if answer is None:
        out.print(Text(f"  {asked.error}", style="red"))
        return
    if answer.status == "unverified":
        line = f"  {words.article['unverified']}: {answer.reason}"
        out.print(Text(line, style="yellow"))
        return
    label = f"  ({words.extract_label})" if answer.label == "extract" else ""
    out.print(Text(f"  {answer.answer}{label}"))
    for quote in answer.quotes or []:
        place = _place(quote) or words.article["place"]
        out.print(Text(f"    “{quote['quote']}” ({place})", style="dim"))


def _place(quote: "QuoteRow") -> str:
    parts = []
    if quote["section"]:
        parts.append(quote["section"])
    if quote["page"]:
        parts.append(f"p. {quote['page']}")
    return ", ".join(parts)
