"""From a document to verified answers: one paid call, verification, one paid repair, saved.

A call is written down before it is made and its raw reply is saved before it is parsed, so that
whatever happens, nothing paid for is asked for twice.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from rindoku import calls
from rindoku.archive.finding import find_generation, get_document, get_paper, get_payload, spent_usd
from rindoku.archive.rows import fetch_rows
from rindoku.archive.saving import (
    answer_call,
    fail_call,
    reserve_call,
    save_answers,
    save_findings,
    save_generation,
    save_payload,
    save_texts,
)  # fmt: skip
from rindoku.archive.statements import query
from rindoku.errors import CeilingReached, ReplyRefused, ReplyTruncated, RindokuError, UnusableReply
from rindoku.explain import (
    MAX_OUTPUT_TOKENS,
    MORE_OUTPUT_TOKENS,
    SAMPLE_MODEL,
    Prompt,
    explain_prompt,
    parse_reply,
    parse_usage,
    repair_prompt,
)  # fmt: skip
from rindoku.extract import MODEL as EXTRACTIVE
from rindoku.extract import VERSION as EXTRACT_VERSION
from rindoku.extract import extract, extraction_id
from rindoku.fetch import make_payload
from rindoku.keys import sha256_key
from rindoku.models import Document, Explanation, Finding, PaperVersion, Verdict
from rindoku.prices import cost_usd, estimate_usd
from rindoku.run import Run
from rindoku.verify import check_count, check_orders, merge_repairs, merge_texts, verify, verify_texts, withhold_obeyed

_STATUS = {ReplyRefused: "refused", ReplyTruncated: "truncated", UnusableReply: "unreadable"}


def explain_document(run: Run, document_id: str) -> str:
    """Has a document explained and returns the generation's id; without a key it is extracted.

    A model that declines is followed by the fallback model, a reply that was cut off is asked for
    once more with more room. Raises UnusableReply when no reply counts, CeilingReached before a call
    that could pass the run's limit, and what `calls.ask` raises.
    """
    with run.archive.write() as con:
        document = get_document(con, document_id)
        paper = get_paper(con, document.paper_id, document.version)
        earlier = fetch_rows(con, query("generations_of"), document_id=document_id, language=run.settings.language)
    if not calls.has_key(run.settings):
        return _extract(run, document)
    model, room = run.settings.model, MAX_OUTPUT_TOKENS
    while True:
        unreadable = [g for g in earlier if g["model"] == model and g["status"] == "unreadable"]
        prompt = explain_prompt(document, paper, run.settings, model, len(unreadable) + 1, room)
        row = _ask_once(run, prompt, document)
        if row["status"] == "refused" and model != (run.settings.fallback_model or model):
            model = run.settings.fallback_model
        elif row["status"] == "truncated" and room < MORE_OUTPUT_TOKENS:
            room = MORE_OUTPUT_TOKENS
        elif row["status"] != "good":
            with run.archive.write() as con:
                save_findings(con, [Finding(document_id, "reply", "error", row["reason"])], run.run_id)
            raise UnusableReply(
                f"{paper.title!r} has no explanation: {row['reason']}", "Run the week again to ask anew."
            )
        else:
            return str(row["generation_id"])


def repair_explanation(run: Run, generation_id: str) -> str | None:
    """Has the answers that failed verification mended; None when there is nothing to mend.

    Returns the id of the repair generation, good or not: what it mends is seen by `save_explanation`.
    """
    generation, document, paper, explanation = _load(run, generation_id)
    with run.archive.write() as con:
        made = fetch_rows(con, query("repairs_of"), generation_id=generation_id)
    if made:
        return str(made[0]["generation_id"])
    if generation["kind"] == "extract":
        return None
    failed = [v for v in verify(explanation, document, paper) if not v.passed]
    texts = [t for t in verify_texts(explanation, document, paper) if not t.passed]
    if not failed and not texts:
        return None
    prompt = repair_prompt(failed, texts, document, paper, run.settings, generation["model"])
    return str(_ask_once(run, prompt, document, repairs=generation_id)["generation_id"])


def save_explanation(run: Run, generation_id: str) -> None:
    """Verifies a generation, its repair included, and saves answers, texts, evidence and findings."""
    generation, document, paper, explanation = _load(run, generation_id)
    verbatim = generation["kind"] == "extract"
    verdicts = verify(explanation, document, paper, verbatim=verbatim)
    texts = [] if verbatim else verify_texts(explanation, document, paper)
    mended = _mended(run, generation_id)
    if mended is not None:
        verdicts = merge_repairs(verdicts, _repaired(mended, verdicts, document, paper))
        texts = merge_texts(texts, verify_texts(mended, document, paper))
    texts = withhold_obeyed(texts, verdicts)
    findings = check_count(explanation, generation_id, run.settings.question_count)
    findings += check_orders(document, generation_id)
    with run.archive.write() as con:
        save_texts(con, generation_id, paper.paper_id, explanation, texts, run.run_id)
        save_answers(con, generation_id, paper.paper_id, verdicts, findings, run.run_id)


def _mended(run: Run, generation_id: str) -> Explanation | None:
    """What the repair call gave, if one was made and its reply counts."""
    with run.archive.write() as con:
        rows = fetch_rows(con, query("repairs_of"), generation_id=generation_id)
        if not rows or rows[0]["status"] != "good":
            return None
        return parse_reply(get_payload(con, rows[0]["payload_id"]).body)[0]


def _repaired(
    mended: Explanation, verdicts: Sequence[Verdict], document: Document, paper: PaperVersion
) -> list[Verdict]:
    # The answers that stood are checked along, so that a mended one can't double another.
    answers = {v.answer.position: v.answer for v in verdicts if v.passed} | {a.position: a for a in mended.answers}
    whole = Explanation(None, "", tuple(answers[p] for p in sorted(answers)))
    return [v for v in verify(whole, document, paper) if v.answer in mended.answers]


def _load(run: Run, generation_id: str) -> tuple[dict[str, Any], Document, PaperVersion, Explanation]:
    with run.archive.write() as con:
        generation = find_generation(con, generation_id)
        if generation is None:
            raise UnusableReply(f"The archive has no generation {generation_id}.", "Run the week again.")
        document = get_document(con, generation["document_id"])
        paper = get_paper(con, document.paper_id, document.version)
        body = get_payload(con, generation["payload_id"]).body if generation["payload_id"] else None
    explanation = parse_reply(body)[0] if body is not None else extract(document, run.settings.question_count)
    return generation, document, paper, explanation


def _extract(run: Run, document: Document) -> str:
    language, count = run.settings.language, run.settings.question_count
    generation_id = extraction_id(document, language, count)
    row = _row(run, generation_id, document) | {
        "kind": "extract", "model": EXTRACTIVE, "prompt_version": EXTRACT_VERSION, "prompt_hash": sha256_key(EXTRACT_VERSION),
        "label": "extract", "status": "good", "reason": "",
    }  # fmt: skip
    with run.archive.write() as con:
        save_generation(con, row)
    return generation_id


def _ask_once(run: Run, prompt: Prompt, document: Document, repairs: str | None = None) -> dict[str, Any]:
    """The generation's row: from the archive, else from the inbox, else by a call."""
    home = run.settings.home_path
    with calls.only_one(home, prompt.generation_id):
        with run.archive.write() as con:
            row = find_generation(con, prompt.generation_id)
        if row is None:
            reply = calls.waiting(home, prompt.generation_id) or _call(run, prompt)
            row = _save_reply(run, prompt, document, repairs, reply)
        calls.forget_waiting(home, prompt.generation_id)
        return row


def _save_reply(
    run: Run, prompt: Prompt, document: Document, repairs: str | None, reply: calls.RawReply
) -> dict[str, Any]:
    payload = make_payload("model", reply.url, 200, reply.body)
    row = _row(run, prompt.generation_id, document) | {
        "kind": prompt.kind, "model": prompt.model, "prompt_version": prompt.prompt_version,
        "prompt_hash": prompt.prompt_hash, "repairs": repairs, "payload_id": payload.payload_id, **_judge(reply.body),
    }  # fmt: skip
    usage, stop_reason = parse_usage(reply.body)
    cost = cost_usd(prompt.model, usage, run.settings.home_path)
    with run.archive.write() as con:
        save_payload(con, payload)
        save_generation(con, row)
        answer_call(con, reply.call_id, usage, cost, reply.request_id, stop_reason)
    return row


def _call(run: Run, prompt: Prompt) -> calls.RawReply:
    call_id = str(uuid.uuid4())
    estimate = estimate_usd(prompt.model, prompt.characters, run.settings.home_path)
    with run.archive.write() as con:
        _check_ceiling(run, spent_usd(con, run.run_id), estimate)
        row = {
            "call_id": call_id, "generation_id": prompt.generation_id, "kind": prompt.kind, "model": prompt.model,
            "estimated_usd": estimate, "run_id": run.run_id,
        }  # fmt: skip
        reserve_call(con, row)
    try:
        return calls.ask(prompt, call_id, run.settings)
    except RindokuError as error:
        with run.archive.write() as con:
            fail_call(con, call_id, error.message)
        raise


def _check_ceiling(run: Run, spent: float, estimate: float | None) -> None:
    if run.max_usd is None:
        return
    if estimate is None:
        raise CeilingReached(
            f"The price of {run.settings.model} is not known, so the ceiling of ${run.max_usd:.2f} can't be kept.",
            "Add the model to prices.toml in the home folder, or run without a ceiling.",
        )
    if spent + estimate > run.max_usd:
        raise CeilingReached(
            f"The next call (about ${estimate:.3f}) could pass the ceiling of ${run.max_usd:.2f}; ${spent:.3f} are spent.",
            "Run again with a higher --max-usd; what is done is kept.",
        )


def _judge(body: bytes) -> dict[str, str]:
    try:
        _, model = parse_reply(body)
    except UnusableReply as error:
        return {"status": _STATUS[type(error)], "reason": error.message, "label": "model"}
    return {"status": "good", "reason": "", "label": "sample" if model == SAMPLE_MODEL else "model"}


def _row(run: Run, generation_id: str, document: Document) -> dict[str, Any]:
    return {
        "generation_id": generation_id, "language": run.settings.language, "paper_id": document.paper_id,
        "document_id": document.document_id, "repairs": None, "payload_id": None, "run_id": run.run_id,
    }  # fmt: skip
