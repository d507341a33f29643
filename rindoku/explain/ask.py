"""A reader's question to a paper, a week or all papers of the archive.

Answers are generated, verified, repaired and saved like those of the digest.
"""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from time import sleep

from rindoku.archive.answers import QuoteRow, ReaderAnswer, find_reader_answers
from rindoku.archive.documents import ListedText, find_listed_texts, get_document
from rindoku.archive.papers import get_paper
from rindoku.archive.run_log import begin_run, end_run, ends_with_error
from rindoku.errors import BadInput, NotFound, RindokuError, Transient
from rindoku.explain.explanations import repair_explanation, save_explanation
from rindoku.explain.extract import MODEL, find_passages
from rindoku.explain.prompts import ask_prompt
from rindoku.explain.relevance import rank, terms
from rindoku.explain.steps import ask_steps
from rindoku.languages import get_language
from rindoku.llm import buy
from rindoku.models import Outcome
from rindoku.prices import estimate_tokens, estimate_usd
from rindoku.run import Run
from rindoku.verify import QuoteFinder, fold

LONGEST_QUESTION = 500
_AT_ONCE = 3
_PASSAGES = 3
# A reader waits for this long, where the tasks of a week wait for longer.
_TRIES, _LONGEST_WAIT_S = 4, 60.0
# Repetitions of our own texts on a paper: they are short, and in the reader's language.
_WEIGHT_OF_EXPLANATION = 3
_PLACE = re.compile(r"(\d{4}-W\d\d)[/:.](\d+)")
_WEEK = re.compile(r"\d{4}-W\d\d")


@dataclass(frozen=True)
class Target:
    """A document to ask, its place in a week, and its relevance to the question."""

    document_id: str
    paper_id: str
    title: str
    week: str | None = None
    rank: int | None = None
    score: float = 0.0


@dataclass(frozen=True)
class Asked:
    """The result of asking a target: an answer, paid for or not, or an error."""

    target: Target
    question: str
    answer: ReaderAnswer | None = None
    error: str = ""
    paid: bool = False


def find_targets(run: Run, where: str, question: str, most: int) -> list[Target]:
    """The documents to ask: the one at `2024-W14/3`, or the `most` relevant elsewhere.

    `where` is a place, a week, or `all`. Raises NotFound when the archive has no text
    there. The list is empty when no text contains a word of the question.
    """
    with run.archive.read_latest() as con:
        texts = find_listed_texts(con, run.settings.language)
    place = _PLACE.fullmatch(where)
    if place:
        week, entry_rank = place[1], int(place[2])
        texts = [t for t in texts if t.week == week and t.rank == entry_rank]
    elif where != "all":
        texts = [text for text in texts if text.week == where]
    if not texts:
        raise NotFound(
            f"The archive has no text of {where}.",
            "`rindoku show WEEK` lists what it has.",
        )
    if place:
        return [_target(texts[0])]
    targets = {text.document_id: _target(text) for text in texts}
    ranked = rank(question, {text.document_id: _searched(text) for text in texts})
    return [
        replace(targets[document_id], score=score)
        for document_id, score in ranked[:most]
    ]


def _target(text: ListedText) -> Target:
    return Target(text.document_id, text.paper_id, text.title, text.week, text.rank)


def _searched(text: ListedText) -> str:
    return "\n".join([text.text, *[text.explanation_text] * _WEIGHT_OF_EXPLANATION])


def is_wide(where: str) -> bool:
    """Whether a question goes to several papers: those of a week, or all."""
    return where == "all" or bool(_WEEK.fullmatch(where))


def is_place(where: str) -> bool:
    """Whether a paper is named by its place in a week."""
    return bool(_PLACE.fullmatch(where))


def normalize_question(question: str) -> str:
    """The question with single spaces. Raises BadInput if it is empty or too long."""
    question = " ".join(question.split())
    if not question:
        raise BadInput(
            "The question is empty.",
            'Write it in quotes: rindoku ask 2404.02258 "How is it trained?"',
        )
    if len(question) > LONGEST_QUESTION:
        raise BadInput(
            f"The question has {len(question)} characters.",
            f"The limit is {LONGEST_QUESTION}.",
        )
    return question


def estimate(run: Run, targets: Sequence[Target], question: str) -> float | None:
    """US dollars that asking may cost; None when the price is unknown.

    A question that was asked before is free.
    """
    total = 0.0
    for target in targets:
        if find_asked(run, target.document_id, question) is not None:
            continue
        with run.archive.read_latest() as con:
            document = get_document(con, target.document_id)
            paper = get_paper(con, document.paper_id, document.version)
        prompt = ask_prompt(question, document, paper, run.settings, run.settings.model)
        dollars = estimate_usd(
            prompt.model,
            estimate_tokens(prompt.characters),
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
) -> list[Asked]:
    """Asks several targets at once; returns one result for each.

    A target that could not be asked has an `error`. Without a key the answer consists
    of sentences of the paper, and is not saved.
    """
    weeks = sorted({target.week for target in targets if target.week})
    with run.archive.write() as con:
        week = weeks[0] if weeks else ""
        begin_run(con, run.run_id, flow="ask", week=week, as_of=at, source="ask")
    # A single paper is written to the prompt cache, for the reader's next question.
    ask_target = partial(_ask, run, question, cached=len(targets) == 1)
    with (
        ends_with_error(run.archive, run.run_id),
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):
        asked = list(pool.map(ask_target, targets))
    errors = [result.error for result in asked if result.error]
    outcome = Outcome.PARTIAL if errors else Outcome.COMPLETE
    with run.archive.write() as con:
        end_run(con, run.run_id, outcome, " ".join(errors))
    run.archive.publish()
    return asked


def find_asked(run: Run, document_id: str, question: str) -> ReaderAnswer | None:
    """The stored answer to the same question, however it was spaced or capitalised."""
    with run.archive.read_latest() as con:
        answers = find_reader_answers(con, document_id, run.settings.language)
    for answer in answers:
        if _letters(answer.question) == _letters(question):
            return answer
    return None


def _letters(question: str) -> str:
    """The letters and digits of a question, without case and full-width forms."""
    folded, _ = fold(question)
    return "".join(character for character in folded if character.isalnum())


def _ask(run: Run, question: str, target: Target, *, cached: bool) -> Asked:
    stored = find_asked(run, target.document_id, question)
    if stored is not None:
        return Asked(target, stored.question, stored)
    if not run.settings.has_model_key:
        return Asked(target, question, _passages(run, target, question))
    try:
        _buy_patiently(run, target.document_id, question, cached=cached)
    except RindokuError as error:
        return Asked(target, question, error=str(error))
    answer = find_asked(run, target.document_id, question)
    return Asked(target, question, answer, paid=True)


def _buy_patiently(run: Run, document_id: str, question: str, *, cached: bool) -> None:
    """Buys and saves an answer, again after an error that may pass.

    Questions are no tasks, which would be retried by tasks/policy.py.
    """
    for number in range(1, _TRIES):
        try:
            _buy_answer(run, document_id, question, cached=cached)
        except Transient as error:
            wait = 2.0**number if error.retry_after is None else error.retry_after
            if wait > _LONGEST_WAIT_S:
                raise
            sleep(wait)
        else:
            return
    _buy_answer(run, document_id, question, cached=cached)


def _buy_answer(run: Run, document_id: str, question: str, *, cached: bool) -> None:
    """Buys an answer and its repair, unless they were bought before, and saves it."""
    steps = ask_steps(run, document_id, question, cached=cached)
    generation_id = buy(run, steps)
    if generation_id is None:
        raise NotFound("The question got no answer.", "Ask again.")
    repair_explanation(run, generation_id)
    save_explanation(run, generation_id, question)


def _passages(run: Run, target: Target, question: str) -> ReaderAnswer:
    """The answer without a key: the sentences with the most words of the question."""
    with run.archive.read_latest() as con:
        document = get_document(con, target.document_id)
    names = [term for term in terms(question) if term.isascii()]
    passages = find_passages(document, names, _PASSAGES)
    finder = QuoteFinder(document)
    language = run.settings.language
    return ReaderAnswer(
        question=question,
        answer=" ".join(passages) or get_language(language).wording.no_excerpt,
        status="verified" if passages else "not in paper",
        repaired=False,
        reason="",
        quotes=[_quote(finder, passage) for passage in passages],
        model=MODEL,
        label="extract",
        asked_at=None,
        question_id=None,
        language=language,
        generation_id=None,
    )


def _quote(finder: QuoteFinder, passage: str) -> QuoteRow:
    evidence = finder.find(passage)
    return {
        "quote": evidence.quote,
        "section": evidence.section,
        "page": evidence.page,
        "start_char": evidence.start,
        "end_char": evidence.end,
    }
