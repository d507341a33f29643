"""`rindoku ask`: a question put to a paper, a week or the archive."""

import sys
import uuid
from datetime import datetime
from typing import Any

from rindoku.archive.finding import get_paper
from rindoku.cli.reading import read_text
from rindoku.errors import BadInput
from rindoku.explain import ask as asking
from rindoku.explain.ask import Target
from rindoku.languages import Wording, get_language
from rindoku.llm.client import has_key
from rindoku.run import Run


def ask_where(
    where: str,
    question: str,
    papers: int,
    max_usd: float | None,
    at: datetime,
    *,
    second_reader: bool,
) -> tuple[list[dict[str, Any]], Wording]:
    """Answers, the most relevant paper first, and the wording of their language. Raises BadInput and NotFound."""
    run = Run(f"ask-{uuid.uuid4()}", max_usd, second_reader)
    question = asking.check_question(question)
    if asking.is_wide(where) or asking.names_a_place(where):
        targets = asking.find_targets(run, where, question, papers)
    else:
        targets = [_paper(run, where)]
    _announce(run, targets, question)
    words = get_language(run.settings.language).wording
    return (asking.ask(run, targets, question, at) if targets else []), words


def _paper(run: Run, where: str) -> Target:
    document = read_text(where)
    if not document.document_id:
        raise BadInput(
            f"{where!r} is no paper of the archive.",
            "Give the id of a paper, its place (2024-W14/3), a week, or all.",
        )
    with run.archive.write() as con:
        paper = get_paper(con, document.paper_id, document.version)
    return Target(document.document_id, document.paper_id, paper.title)


def _announce(run: Run, targets: list[Target], question: str) -> None:
    """What will be asked and what it may cost, before it is asked."""
    if not targets:
        sys.stderr.write("No paper there holds a word of the question.\n")
    elif not has_key(run.settings):
        sys.stderr.write(
            "Without ANTHROPIC_API_KEY these are sentences of the papers that hold the question's words.\n"
        )
    else:
        dollars = asking.estimate(run, targets, question)
        price = (
            "at an unknown price"
            if dollars is None
            else f"for about ${dollars:.2f}"
            if dollars
            else "for free: asked before"
        )
        sys.stderr.write(
            f"Asking {len(targets)} paper{'s' if len(targets) > 1 else ''} {price} ...\n"
        )


def print_answers(answers: list[dict[str, Any]], words: Wording) -> None:
    """Each paper's answer under its title, with the quotes it rests on."""
    from rich.text import Text

    from rindoku.cli.output import console

    out = console()
    for item in answers:
        place = f"{item['week']}/{item['rank']}  " if item["week"] else ""
        out.print(Text(f"{place}{item['title']}", style="bold"))
        if item["error"]:
            out.print(Text(f"  {item['error']}", style="red"))
            continue
        if item["status"] == "unverified":
            out.print(
                Text(
                    f"  {words.article['unverified']}: {item['reason']}", style="yellow"
                )
            )
            continue
        label = f"  ({words.extract_label})" if item["label"] == "extract" else ""
        out.print(Text(f"  {item['answer']}{label}"))
        for quote in item["quotes"] or []:
            where = ", ".join(
                x
                for x in (
                    quote["section"],
                    f"p. {quote['page']}" if quote["page"] else "",
                )
                if x
            )
            out.print(
                Text(
                    f"    “{quote['quote']}” ({where or words.article['place']})",
                    style="dim",
                )
            )


def exit_code(answers: list[dict[str, Any]]) -> int:
    """0 when every paper was asked and no answer failed verification, 4 otherwise."""
    return (
        4 if any(a["error"] or a.get("status") == "unverified" for a in answers) else 0
    )
