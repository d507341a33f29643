"""A reader's own question, put to a paper, a week or the whole archive: generated, verified and kept like all answers."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rindoku.archive.finding import get_document, get_paper
from rindoku.archive.rows import fetch_rows
from rindoku.archive.saving import begin_run, end_run
from rindoku.archive.statements import query
from rindoku.errors import BadInput, NotFound, RindokuError
from rindoku.explain.extract import find_passages
from rindoku.explain.prompts import ask_prompt
from rindoku.explain.relevance import rank, terms
from rindoku.explain.steps import answering, open_subject, repairing, save_explanation
from rindoku.languages import get_language
from rindoku.llm import client as calls
from rindoku.llm.buy import Steps, drive
from rindoku.llm.prompt import Prompt
from rindoku.models import Document, Outcome, PaperVersion
from rindoku.prices import estimate_tokens, estimate_usd
from rindoku.run import Run
from rindoku.verify import QuoteFinder, fold

LONGEST_QUESTION = 500
_AT_ONCE = 3
_PASSAGES = 3
_PLACE = re.compile(r"(\d{4}-W\d\d)[/:.](\d+)")
_WEEK = re.compile(r"\d{4}-W\d\d")


@dataclass(frozen=True)
class Target:
    """A document that a question is put to, and where it is listed; `score` is its relevance to the question."""

    document_id: str
    paper_id: str
    title: str
    week: str | None = None
    rank: int | None = None
    score: float = 0.0


def find_targets(run: Run, where: str, question: str, most: int) -> list[Target]:
    """The documents a question is put to: the one at `2024-W14/3`, or the `most` relevant of a week or of `all`.

    Raises NotFound when the archive has nothing there. An empty list: none of them holds a word of the question.
    """
    with run.archive.write() as con:
        rows = fetch_rows(con, query("askable"), language=run.settings.language)
    place = _PLACE.fullmatch(where)
    if place:
        rows = [r for r in rows if (r["week"], r["rank"]) == (place[1], int(place[2]))]
    elif where != "all":
        rows = [r for r in rows if r["week"] == where]
    if not rows:
        raise NotFound(
            f"The archive has read nothing at {where}.",
            "`rindoku show WEEK` shows what it has.",
        )
    targets = {
        r["document_id"]: Target(
            r["document_id"], r["paper_id"], r["title"], r["week"], r["rank"]
        )
        for r in rows
    }
    if place:
        return list(targets.values())[:1]
    # What we wrote of a paper counts three times: it is short, and in the reader's language.
    texts = {
        r["document_id"]: "\n".join([r["text"], *[r["ours"] or ""] * 3]) for r in rows
    }
    return [
        replace(targets[key], score=score)
        for key, score in rank(question, texts)[:most]
    ]


def is_wide(where: str) -> bool:
    """Whether a question is for more than one paper: a week, or `all`."""
    return where == "all" or bool(_WEEK.fullmatch(where))


def names_a_place(where: str) -> bool:
    """Whether a paper is named by its place in a week."""
    return bool(_PLACE.fullmatch(where))


def check_question(question: str) -> str:
    """The question without white space around it. Raises BadInput when it is none."""
    question = " ".join(question.split())
    if not question:
        raise BadInput(
            "The question is empty.",
            'Write it in quotes: rindoku ask 2404.02258 "How is it trained?"',
        )
    if len(question) > LONGEST_QUESTION:
        raise BadInput(
            f"The question has {len(question)} characters.",
            f"Ask in at most {LONGEST_QUESTION}.",
        )
    return question


def estimate(run: Run, targets: Sequence[Target], question: str) -> float | None:
    """US dollars that asking may cost; what was asked before is free. None when the price is not known."""
    total = 0.0
    for target in targets:
        if find_asked(run, target.document_id, question) is not None:
            continue
        document, paper = _read(run, target.document_id)
        prompt = ask_prompt(question, document, paper, run.settings, run.settings.model)
        tokens = estimate_tokens(prompt.characters)
        dollars = estimate_usd(
            prompt.model,
            tokens,
            prompt.output_tokens,
            run.settings.home_path,
            cached=len(targets) == 1,
        )
        if dollars is None:
            return None
        total += dollars
    return total


def ask(
    run: Run, targets: Sequence[Target], question: str, at: datetime
) -> list[dict[str, Any]]:
    """The question's answer from each document, several at once: rows of `reader_questions` with where it is listed.

    A target that could not be asked has its `error`. Without a key the answer is sentences of the paper, not kept.
    """
    weeks = sorted({t.week for t in targets if t.week})
    with run.archive.write() as con:
        begin_run(con, run.run_id, "ask", weeks[0] if weeks else "", at, "ask")
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(
            pool.map(
                lambda t: _ask(run, t, question, cached=len(targets) == 1), targets
            )
        )
    failed = [a["error"] for a in answers if a["error"]]
    with run.archive.write() as con:
        end_run(
            con,
            run.run_id,
            Outcome.PARTIAL if failed else Outcome.COMPLETE,
            " ".join(failed),
        )
    run.archive.publish()
    return answers


def find_asked(run: Run, document_id: str, question: str) -> dict[str, Any] | None:
    """The stored answer to a question that was asked of a document before, however it was spaced or capitalised."""
    with run.archive.write() as con:
        rows = fetch_rows(
            con, query("asked"), document_id=document_id, language=run.settings.language
        )
    return next((r for r in rows if _bare(r["question"]) == _bare(question)), None)


def _bare(question: str) -> str:
    """A question without what does not tell it from another: spaces, capitals, marks, widths."""
    return "".join(c for c in fold(question)[0] if c.isalnum())


def _ask(run: Run, target: Target, question: str, *, cached: bool) -> dict[str, Any]:
    place = {
        "week": target.week,
        "rank": target.rank,
        "paper_id": target.paper_id,
        "title": target.title,
    }
    known = find_asked(run, target.document_id, question)
    if known is not None:
        return known | place | {"error": "", "paid": False}
    if not calls.has_key(run.settings):
        return _passages(run, target, question) | place | {"error": "", "paid": False}
    try:
        generation_id = drive(
            run, _asking(run, target.document_id, question, cached=cached)
        )
        if generation_id is None:
            raise NotFound("The question has got no answer.", "Ask again.")
        drive(run, repairing(run, generation_id))
        save_explanation(run, generation_id, question)
    except RindokuError as error:
        return place | {"error": str(error), "question": question, "paid": False}
    return (
        (find_asked(run, target.document_id, question) or {})
        | place
        | {"error": "", "paid": True}
    )


def _asking(run: Run, document_id: str, question: str, *, cached: bool) -> Steps:
    subject = open_subject(run, document_id, "ask")

    def prompt(model: str, attempt: int, room: int) -> Prompt:
        return ask_prompt(
            question,
            subject.document,
            subject.paper,
            run.settings,
            model,
            attempt,
            room,
        )

    return (yield from answering(run, subject, prompt, cached=cached))


def _read(run: Run, document_id: str) -> tuple[Document, PaperVersion]:
    with run.archive.write() as con:
        document = get_document(con, document_id)
        return document, get_paper(con, document.paper_id, document.version)


def _passages(run: Run, target: Target, question: str) -> dict[str, Any]:
    """Without a key: the sentences that hold most of the question's words."""
    document, _ = _read(run, target.document_id)
    passages = find_passages(
        document, [t for t in terms(question) if t.isascii()], _PASSAGES
    )
    finder = QuoteFinder(document)
    found = [finder.find(p) for p in passages]
    quotes = [
        {
            "quote": e.quote,
            "section": e.section,
            "page": e.page,
            "start_char": e.start,
            "end_char": e.end,
        }
        for e in found
    ]
    words = get_language(run.settings.language).wording
    return {
        "question": question,
        "answer": " ".join(passages) or words.no_excerpt,
        "quotes": quotes,
        "label": "extract",
        "status": "verified" if passages else "not in paper",
        "reason": "",
        "repaired": False,
        "model": "extractive",
        "question_id": None,
        "language": run.settings.language,
    }
