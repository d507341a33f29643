"""Explanations: bought, repaired, and saved with their verification."""

from collections.abc import Sequence
from dataclasses import replace

from rindoku.archive.answers import save_answers
from rindoku.archive.documents import get_document, pending_documents
from rindoku.archive.generations import (
    PlannedGeneration,
    save_generation,
    save_texts,
)
from rindoku.explain.extract import MODEL, VERSION, extraction_id
from rindoku.explain.steps import explain_steps, repair_steps
from rindoku.explain.verified import open_generation
from rindoku.keys import sha256_key
from rindoku.llm import Bought, Pause, Steps, buy, buy_in_batches
from rindoku.run import Run
from rindoku.verify import (
    check_count,
    find_instructions,
    merge_repairs,
    merge_texts,
    withhold_injected,
)


def documents_to_explain(run: Run, sighting_id: str) -> list[str]:
    """Ids of a sighting's documents without an explanation, in rank order."""
    settings = run.settings
    with run.archive.read_latest() as con:
        return pending_documents(
            con, sighting_id, settings.language, has_key=settings.has_model_key
        )


def explain_document(run: Run, document_id: str, *, again: bool = False) -> str:
    """Explains a document, and returns the id of the generation.

    Without a key, the explanation is an extract. With `again`, a paper is asked about
    anew whose replies were refused or cut off in earlier runs. Raises UnusableReply
    when no reply counts, CeilingReached before a call that would exceed the run's
    ceiling, and what `llm.buy` raises.
    """
    if not run.settings.has_model_key:
        return _extract(run, document_id)
    return str(buy(run, explain_steps(run, document_id, again=again)))


def repair_explanation(run: Run, generation_id: str) -> str | None:
    """Repairs what failed verification, if anything did.

    Returns the id of the repair, whether it is good or not (`save_explanation` checks
    that), or None when nothing failed. Raises what `llm.buy` raises.
    """
    return buy(run, repair_steps(run, generation_id))


def explain_in_batches(
    run: Run, document_ids: Sequence[str], pause: Pause, *, again: bool = False
) -> Bought:
    """Explains documents in batches; `again` is that of `explain_document`."""
    if not run.settings.has_model_key:
        return Bought([_extract(run, document_id) for document_id in document_ids], {})
    steps = {
        document_id: explain_steps(run, document_id, again=again)
        for document_id in document_ids
    }
    return buy_in_batches(run, steps, pause)


def repair_in_batches(run: Run, generation_ids: Sequence[str], pause: Pause) -> Bought:
    """Repairs generations in batches; returns the ids of those ready to be saved."""
    steps = {name: _repaired(run, name) for name in generation_ids}
    return buy_in_batches(run, steps, pause)


def _repaired(run: Run, generation_id: str) -> Steps:
    """The steps of a repair that return the id of what was repaired."""
    yield from repair_steps(run, generation_id)
    return generation_id


def save_explanation(run: Run, generation_id: str, question: str | None = None) -> None:
    """Verifies a generation and its repair, and saves the result.

    That is answers, texts, evidence and findings. If the generation answers a reader,
    `question` is what the reader asked, in the reader's words.
    """
    verified = open_generation(run, generation_id)
    generation, words = verified.generation, verified.language.wording
    verdicts = merge_repairs(verified.answers, verified.repaired_answers)
    if question is not None:
        verdicts = [
            replace(verdict, answer=replace(verdict.answer, question=question))
            for verdict in verdicts
        ]
    texts = merge_texts(verified.texts, verified.repaired_texts)
    texts = withhold_injected(texts, verdicts, verified.language)
    findings = list(find_instructions(verified.document, generation_id))
    if generation.kind == "explain":
        expected = run.settings.question_count
        findings += check_count(verified.explanation, generation_id, expected)
    with run.archive.write() as con:
        if generation.kind != "ask":
            save_texts(
                con,
                generation,
                verified.explanation,
                texts,
                words=words,
                run_id=run.run_id,
            )
        save_answers(
            con, generation, verdicts, findings, words=words, run_id=run.run_id
        )


def _extract(run: Run, document_id: str) -> str:
    """Saves a generation that extracts sentences of the document; returns its id."""
    language = run.settings.language
    with run.archive.write() as con:
        document = get_document(con, document_id)
        planned = PlannedGeneration(
            generation_id=extraction_id(
                document, language, run.settings.question_count
            ),
            kind="extract",
            language=language,
            model=MODEL,
            prompt_version=VERSION,
            prompt_hash=sha256_key(VERSION),
            paper_id=document.paper_id,
            document_id=document_id,
            repairs=None,
            run_id=run.run_id,
        )
        save_generation(con, planned.answered(payload_id=None, label="extract"))
    return planned.generation_id
