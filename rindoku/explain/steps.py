"""What is bought to explain a paper, to repair the explanation, and to answer a reader.

Each function is a generator of steps (see llm/buy.py): it yields a request for each
paid call, is sent the resulting generation, and returns the id of the one that counts.
Requests that were bought before cost nothing, so steps can be run again at any time.

    explain_steps   one call; after a refusal, one to the fallback model; after a
                    truncated reply, one with a higher limit
    repair_steps    one call if anything failed verification; with a second reader, a
                    review before and after it
    ask_steps       as explain_steps, with the reader's question
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rindoku.archive.documents import get_document
from rindoku.archive.findings import save_findings
from rindoku.archive.generations import (
    Generation,
    find_earlier_generations,
    get_repair_share,
)
from rindoku.archive.papers import get_paper
from rindoku.errors import UnusableReply
from rindoku.explain.prompts import (
    MAX_OUTPUT_TOKENS,
    MORE_OUTPUT_TOKENS,
    ask_prompt,
    explain_prompt,
    repair_prompt,
)
from rindoku.explain.review import review_steps
from rindoku.explain.verified import open_generation
from rindoku.llm import Prompt, Request, Steps
from rindoku.models import (
    Document,
    Finding,
    GenerationKind,
    GenerationStatus,
    PaperVersion,
)
from rindoku.run import Run

# Writing the paper to the prompt cache adds a quarter to the price of the input; a
# repair that reads it there saves nine tenths. So caching pays when more than this
# share of papers are repaired.
_CACHE_FROM = 0.25 / 0.9
_ENOUGH_HISTORY = 20

# What makes a paid call for a paper whose replies would otherwise be the same.
_REMEDIES: dict[GenerationStatus, str] = {
    "refused": "It would be again: set another RINDOKU_MODEL or "
    "RINDOKU_FALLBACK_MODEL, and run the week again.",
    "truncated": "It would be again: set fewer RINDOKU_QUESTIONS or another "
    "RINDOKU_MODEL, and run the week again.",
}

# Takes the model, the number of the attempt, and the room in output tokens.
MakePrompt = Callable[[str, int, int], Prompt]


def explain_steps(run: Run, document_id: str, *, again: bool = False) -> Steps:
    """One call that explains a document.

    With `again`, replies of earlier runs that were refused or cut off don't count.
    """
    subject = open_subject(run, document_id, "explain")

    def prompt(model: str, attempt: int, room: int) -> Prompt:
        return explain_prompt(
            subject.document,
            subject.paper,
            run.settings,
            model,
            attempt=attempt,
            room=room,
        )

    cached = _cache_pays(run)
    return (yield from _until_good(run, subject, prompt, cached=cached, again=again))


def repair_steps(run: Run, generation_id: str) -> Steps:
    """One call for the answers and texts that fail verification, if any do.

    If the run has a second reader, it reviews the answers before and after. Returns the
    id of the repair, good or not, or None when there was nothing to repair.
    """
    verified = open_generation(run, generation_id)
    if verified.is_extract:
        return None
    if run.second_reader:
        review_id = yield from review_steps(
            run, verified.generation, verified.document, verified.answers_by_text
        )
        if review_id is not None:
            verified = open_generation(run, generation_id)
    failed = [verdict for verdict in verified.answers if not verdict.passed]
    texts = [verdict for verdict in verified.texts if not verdict.passed]
    if not failed and not texts:
        return None
    if verified.repair is None:
        prompt = repair_prompt(
            failed,
            texts,
            verified.document,
            verified.paper,
            language=verified.generation.language,
            model=verified.generation.model,
        )
        yield Request(
            prompt,
            verified.document,
            verified.generation.language,
            repairs=generation_id,
            cached=verified.was_cached,
        )
        verified = open_generation(run, generation_id)
    if run.second_reader:
        yield from review_steps(
            run, verified.generation, verified.document, verified.repaired_by_text
        )
    return verified.repair.generation_id if verified.repair else None


def ask_steps(run: Run, document_id: str, question: str, *, cached: bool) -> Steps:
    """One call that answers a reader's question on a document."""
    subject = open_subject(run, document_id, "ask")

    def prompt(model: str, attempt: int, room: int) -> Prompt:
        return ask_prompt(
            question,
            subject.document,
            subject.paper,
            run.settings,
            model,
            attempt=attempt,
            room=room,
        )

    return (yield from _until_good(run, subject, prompt, cached=cached))


@dataclass(frozen=True)
class Subject:
    """A document to ask about, and its earlier generations of the same kind."""

    document: Document
    paper: PaperVersion
    earlier: list[Generation]


def open_subject(run: Run, document_id: str, kind: GenerationKind) -> Subject:
    """A document for calls of a kind."""
    with run.archive.read_latest() as con:
        document = get_document(con, document_id)
        return Subject(
            document,
            get_paper(con, document.paper_id, document.version),
            find_earlier_generations(con, document_id, run.settings.language, kind),
        )


def _until_good(
    run: Run,
    subject: Subject,
    prompt: MakePrompt,
    *,
    cached: bool,
    again: bool = False,
) -> Steps:
    """Calls until a reply is good.

    A refusal is followed by a call to the fallback model, a truncated reply by a call
    with more room, each once. Raises UnusableReply when no reply is good.
    """
    settings = run.settings
    model, room = settings.model, MAX_OUTPUT_TOKENS
    fallback = settings.fallback_model or model
    while True:
        attempts = [
            prompt(model, number, room) for number in range(1, len(subject.earlier) + 2)
        ]
        generation = yield Request(
            _next_attempt(run, subject, attempts, again=again),
            subject.document,
            settings.language,
            cached=cached,
        )
        if generation.status == "good":
            return generation.generation_id
        if generation.status == "refused" and model != fallback:
            model = fallback
        elif generation.status == "truncated" and room < MORE_OUTPUT_TOKENS:
            room = MORE_OUTPUT_TOKENS
        else:
            _give_up(run, subject, generation)


def _next_attempt(
    run: Run, subject: Subject, attempts: Sequence[Prompt], *, again: bool
) -> Prompt:
    """The attempt that counts: the newest that was made, or the one after it.

    A reply that could not be read is asked for again, as another may be readable. One
    that was refused or cut off would be so again; it is asked for again only on
    request, and once a run.
    """
    earlier = {generation.generation_id: generation for generation in subject.earlier}
    made = [n for n, prompt in enumerate(attempts) if prompt.generation_id in earlier]
    if not made:
        return attempts[0]
    newest = earlier[attempts[made[-1]].generation_id]
    asked_for = again and newest.run_id != run.run_id
    if newest.status == "unreadable" or (newest.status != "good" and asked_for):
        return attempts[made[-1] + 1]
    return attempts[made[-1]]


def _give_up(run: Run, subject: Subject, generation: Generation) -> None:
    reason = generation.reason
    finding = Finding(subject.document.document_id, "reply", "error", reason)
    with run.archive.write() as con:
        save_findings(con, [finding], run.run_id)
    raise UnusableReply(
        f"{subject.paper.title!r} has no usable reply: {reason}",
        _REMEDIES.get(generation.status, "Run the week again to ask again."),
    )


def _cache_pays(run: Run) -> bool:
    """Whether writing papers to the prompt cache pays, by the model's history."""
    with run.archive.read_latest() as con:
        share = get_repair_share(con, run.settings.model, run.run_id)
    if share.explained < _ENOUGH_HISTORY:
        return True
    return share.repaired / share.explained > _CACHE_FROM
