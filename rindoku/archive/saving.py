"""Writing to the archive: facts in, by key, so that saving the same thing twice changes nothing.

Each function takes the connection of an `Archive.write()` and belongs to its transaction.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rindoku import __version__
from rindoku.archive.rows import fetch_rows, insert
from rindoku.archive.statements import query
from rindoku.errors import RindokuError
from rindoku.keys import content_key, sha256_key
from rindoku.languages import Wording
from rindoku.models import (
    Document,
    Entry,
    Explanation,
    Finding,
    Link,
    LinkCheck,
    Outcome,
    PaperVersion,
    Payload,
    Post,
    Resolution,
    Sighting,
    TextVerdict,
    Usage,
    Verdict,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection


def begin_run(
    con: "Connection", run_id: str, flow: str, week: str, as_of: datetime, source: str
) -> None:
    """Notes that a run began. A retried flow run keeps its first row."""
    row = {
        "run_id": run_id,
        "flow": flow,
        "week": week,
        "as_of": as_of,
        "source": source,
        "version": __version__,
        "started_at": datetime.now(UTC),
    }
    insert(con, "runs", [row])


def end_run(con: "Connection", run_id: str, outcome: Outcome, message: str) -> None:
    """Notes what came of a run."""
    con.execute(
        "UPDATE runs SET ended_at = ?, outcome = ?, message = ? WHERE run_id = ?",
        [datetime.now(UTC), str(outcome), message, run_id],
    )


def save_payload(con: "Connection", payload: Payload) -> None:
    """Keeps an answer from outside, byte for byte."""
    row = {
        "payload_id": payload.payload_id,
        "source": payload.source,
        "url": payload.url,
        "status": payload.status,
        "content_type": payload.content_type,
        "body": payload.body,
        "tool": f"rindoku/{__version__}",
        "retrieved_at": payload.retrieved_at,
    }
    insert(con, "raw.payloads", [row])


def save_fetch(
    con: "Connection",
    url: str,
    payload_id: str,
    *,
    etag: str | None,
    last_modified: str | None,
    moved: bool,
    at: datetime,
) -> None:
    """Notes what an address gave last, and by what a later request can ask whether it changed."""
    con.execute(
        "INSERT OR REPLACE INTO raw.fetches VALUES (?, ?, ?, ?, ?, ?)",
        [url, payload_id, etag, last_modified, moved, at],
    )


def save_link_checks(
    con: "Connection",
    entry_id: str,
    checks: Iterable[LinkCheck],
    as_of: datetime,
    run_id: str,
) -> None:
    """Keeps what became of opening an entry's links."""
    rows = [
        {
            "entry_id": entry_id,
            "url": c.url,
            "state": c.state,
            "reason": c.reason,
            "read_at": c.read_at,
            "checked_at": as_of,
            "run_id": run_id,
        }
        for c in checks
    ]
    insert(con, "link_checks", rows)


def save_look(
    con: "Connection", entry_id: str, as_of: datetime, run_id: str, *, changed: bool
) -> None:
    """Notes that an entry was looked at again."""
    insert(
        con,
        "looks",
        [
            {
                "entry_id": entry_id,
                "looked_at": as_of,
                "changed": changed,
                "run_id": run_id,
            }
        ],
    )


def save_posts(con: "Connection", posts: Iterable[Post], payload_id: str) -> None:
    """Keeps posts; an edited post keeps its first id and gets its last text."""
    posts = list(posts)
    rows = [
        {
            "post_id": p.post_id,
            "conversation_id": p.conversation_id,
            "author_id": p.author_id,
            "replied_to": p.replied_to,
            "posted_at": p.posted_at,
            "payload_id": payload_id,
        }
        for p in posts
    ]
    insert(con, "posts", rows)
    for post in posts:
        con.execute(
            "INSERT INTO raw.post_texts VALUES (?, ?) ON CONFLICT (post_id) DO UPDATE SET text = excluded.text",
            [post.post_id, post.text],
        )


def save_x_read(
    con: "Connection",
    payload: Payload,
    posts: int,
    users: int,
    cost_usd: float,
    run_id: str,
) -> None:
    """Notes what an answer of X cost."""
    row = {
        "payload_id": payload.payload_id,
        "endpoint": re.sub(r"\d{5,}", ":id", urlsplit(payload.url).path),
        "posts": posts,
        "users": users,
        "cost_usd": cost_usd,
        "read_at": payload.retrieved_at,
        "run_id": run_id,
    }
    insert(con, "x_reads", [row])


def save_high_water_mark(
    con: "Connection", watch: str, week: str, post_id: str
) -> None:
    """Notes how far a week was read; marks only rise."""
    con.execute(
        "INSERT INTO high_water_marks VALUES (?, ?, ?, ?) ON CONFLICT (watch, week) DO UPDATE "
        "SET post_id = excluded.post_id, noted_at = excluded.noted_at",
        [watch, week, post_id, datetime.now(UTC)],
    )


def complete_links(
    con: "Connection", entry: Entry, links: Sequence[Link], source: str
) -> None:
    """Adds links another source has to an entry that names no paper, marked with where they are from."""
    rows = [
        {
            "entry_id": entry.entry_id,
            "position": len(entry.links) + n,
            "label": link.label,
            "url": link.url,
            "canonical": link.canonical,
            "role": link.role,
            "completed_from": source,
        }
        for n, link in enumerate(links, 1)
    ]
    insert(con, "links", rows)


def forget_post(
    con: "Connection", post_id: str, payload_ids: Sequence[str], at: datetime
) -> None:
    """Removes a post's text and every payload it came in; its id and the fact stay."""
    # What the list says of an entry is a part of the post's text.
    con.execute(
        "DELETE FROM raw.entry_texts WHERE blurb <> '' AND contains((SELECT text FROM raw.post_texts WHERE post_id = ?), blurb)",
        [post_id],
    )
    con.execute("DELETE FROM raw.post_texts WHERE post_id = ?", [post_id])
    con.execute(
        "DELETE FROM raw.payloads WHERE payload_id IN (SELECT unnest(?))",
        [list(payload_ids)],
    )
    con.execute("UPDATE posts SET forgotten_at = ? WHERE post_id = ?", [at, post_id])


def save_sighting(con: "Connection", sighting: Sighting, run_id: str) -> None:
    """Keeps a week as a source shows it: sighting, entries, links and the contract's findings."""
    now = datetime.now(UTC)
    week = {
        "week": sighting.week,
        "starts_on": sighting.starts_on,
        "ends_on": sighting.ends_on,
    }
    insert(con, "weeks", [week])
    row = week | {
        "sighting_id": sighting.sighting_id,
        "source": sighting.source,
        "heading": sighting.heading,
        "reference": sighting.reference,
        "observed_at": now,
        "run_id": run_id,
    }
    insert(con, "sightings", [row])
    entries = sighting.entries
    insert(
        con,
        "entries",
        [
            {
                "entry_id": e.entry_id,
                "sighting_id": sighting.sighting_id,
                "rank": e.rank,
                "title": e.title,
            }
            for e in entries
        ],
    )
    insert(
        con,
        "raw.entry_texts",
        [{"entry_id": e.entry_id, "blurb": e.blurb} for e in entries],
    )
    links = [
        {
            "entry_id": e.entry_id,
            "position": position,
            "label": link.label,
            "url": link.url,
            "canonical": link.canonical,
            "role": link.role,
        }
        for e in entries
        for position, link in enumerate(e.links, 1)
    ]
    insert(con, "links", links)
    save_findings(con, sighting.findings, run_id)


def save_findings(con: "Connection", findings: Iterable[Finding], run_id: str) -> None:
    """Keeps findings; the same finding is one row however often it is made."""
    rows = [
        {
            "finding_id": content_key(f.subject, f.check, f.message),
            "subject": f.subject,
            "check_name": f.check,
            "severity": f.severity,
            "message": f.message,
            "found_at": datetime.now(UTC),
            "run_id": run_id,
        }
        for f in findings
    ]
    insert(con, "findings", rows)


def save_paper(con: "Connection", paper: PaperVersion) -> None:
    """Keeps a version of a paper with its authors and categories."""
    now = datetime.now(UTC)
    key = {"paper_id": paper.paper_id, "version": paper.version}
    insert(
        con,
        "papers",
        [{"paper_id": paper.paper_id, "kind": paper.kind, "first_seen_at": now}],
    )
    row = key | {
        "title": paper.title,
        "abstract": paper.abstract,
        "authors_complete": paper.authors_complete,
        "published_on": paper.published_on,
        "updated_on": paper.updated_on,
        "url": paper.url,
        "comment": paper.comment,
        "payload_id": paper.payload_id,
        "retrieved_at": now,
        "licence": paper.licence,
    }
    insert(con, "paper_versions", [row])
    insert(
        con,
        "authors",
        [
            key | {"position": n, "name": name}
            for n, name in enumerate(paper.authors, 1)
        ],
    )
    insert(
        con,
        "categories",
        [
            key | {"position": n, "code": code}
            for n, code in enumerate(paper.categories, 1)
        ],
    )


def save_resolution(
    con: "Connection", resolution: Resolution, as_of: datetime, run_id: str
) -> None:
    """Keeps which paper an entry is; deciding the same again adds nothing."""
    r = resolution
    current = fetch_rows(con, query("resolution"), entry_id=r.entry_id)
    decided = {
        "paper_id": r.paper_id,
        "version": r.version,
        "method": r.method,
        "evidence": r.evidence,
    }
    if current and all(current[0][name] == value for name, value in decided.items()):
        return
    resolution_id = content_key(r.entry_id, *decided.values(), as_of.isoformat())
    row = {
        "resolution_id": resolution_id,
        "entry_id": r.entry_id,
        "paper_id": r.paper_id,
        "version": r.version,
        "method": r.method,
        "confidence": r.confidence,
        "evidence": r.evidence,
        "resolved_at": as_of,
        "run_id": run_id,
    }
    insert(con, "resolutions", [row])
    insert(
        con,
        "candidates",
        [
            {
                "resolution_id": resolution_id,
                "position": n,
                "arxiv_id": c.arxiv_id,
                "score": c.score,
                "why": c.why,
            }
            for n, c in enumerate(r.candidates, 1)
        ],
    )


def save_document(con: "Connection", document: Document, run_id: str) -> None:
    """Keeps a text that was read, and where its sections are."""
    d = document
    row = {
        "document_id": d.document_id,
        "paper_id": d.paper_id,
        "version": d.version,
        "grounding": d.grounding,
        "format": d.format,
        "url": d.url,
        "characters": len(d.text),
        "note": d.note,
        "payload_id": d.payload_id,
        "pages": max((s.page for s in d.sections if s.page), default=None),
        "read_at": datetime.now(UTC),
        "run_id": run_id,
        "quality": d.quality,
    }
    insert(con, "documents", [row])
    insert(con, "raw.document_texts", [{"document_id": d.document_id, "text": d.text}])
    rows = [
        {
            "document_id": d.document_id,
            "position": n,
            "title": s.title,
            "start_char": s.start,
            "end_char": s.end,
            "page": s.page,
        }
        for n, s in enumerate(d.sections, 1)
    ]
    insert(con, "sections", rows)


def reserve_call(con: "Connection", row: dict[str, Any]) -> None:
    """Writes a call down before it is made, with its estimated cost."""
    insert(
        con, "model_calls", [row | {"status": "asked", "asked_at": datetime.now(UTC)}]
    )


def answer_call(
    con: "Connection",
    call_id: str,
    usage: Usage,
    cost_usd: float | None,
    request_id: str | None,
    stop_reason: str | None,
) -> None:
    """Notes what a call returned and cost."""
    con.execute(
        "UPDATE model_calls SET status = 'answered', answered_at = ?, input_tokens = ?, cache_write_tokens = ?, "
        "cache_read_tokens = ?, output_tokens = ?, cost_usd = ?, request_id = ?, stop_reason = ? WHERE call_id = ?",
        [
            datetime.now(UTC),
            usage.input,
            usage.cache_write,
            usage.cache_read,
            usage.output,
            cost_usd,
            request_id,
            stop_reason,
            call_id,
        ],
    )


def fail_call(con: "Connection", call_id: str, error: RindokuError) -> None:
    """Notes that a call came back with an error and cost nothing."""
    con.execute(
        "UPDATE model_calls SET status = 'failed', answered_at = ?, message = ?, error = ? WHERE call_id = ?",
        [datetime.now(UTC), error.message, type(error).__name__, call_id],
    )


def save_batch(con: "Connection", batch_key: str, requests: int, run_id: str) -> None:
    """Writes a batch down before it is submitted."""
    row = {
        "batch_key": batch_key,
        "requests": requests,
        "reserved_at": datetime.now(UTC),
        "run_id": run_id,
    }
    insert(con, "batches", [row])


def confirm_batch(con: "Connection", batch_key: str, batch_id: str) -> None:
    """Notes the service's id of a batch."""
    con.execute(
        "UPDATE batches SET batch_id = ?, submitted_at = ? WHERE batch_key = ?",
        [batch_id, datetime.now(UTC), batch_key],
    )


def end_batch(con: "Connection", batch_key: str) -> None:
    """Notes that nothing of a batch is awaited any more."""
    con.execute(
        "UPDATE batches SET ended_at = ? WHERE batch_key = ?",
        [datetime.now(UTC), batch_key],
    )


def save_generation(con: "Connection", row: dict[str, Any]) -> None:
    """Keeps a generation."""
    insert(con, "generations", [row | {"generated_at": datetime.now(UTC)}])


def save_texts(
    con: "Connection",
    generation_id: str,
    paper_id: str,
    explanation: Explanation,
    texts: Sequence[TextVerdict],
    words: Wording,
    run_id: str,
) -> None:
    """Keeps TL;DR and summary with what verification made of them; an extract's are sentences of the paper."""
    last = {t.part: t for t in texts}
    reasons = {t.part: words.why(t.findings) for t in texts if not t.passed}
    row = {
        "generation_id": generation_id,
        "paper_id": paper_id,
        "tldr": last["tldr"].text if "tldr" in last else explanation.tldr,
        "summary": last["summary"].text if "summary" in last else explanation.summary,
        "tldr_reason": reasons.get("tldr"),
        "summary_reason": reasons.get("summary"),
    }
    insert(con, "summaries", [row])
    figures = [
        {
            "generation_id": generation_id,
            "part": t.part,
            "number": f.number,
            "start_char": f.start,
            "end_char": f.end,
            "section": f.section,
            "page": f.page,
        }
        for t in texts
        for f in t.figures
    ]
    insert(con, "text_figures", figures)
    save_findings(
        con,
        (
            replace(f, subject=generation_id, check=f"{t.part} {f.check}")
            for t in texts
            for f in t.findings
        ),
        run_id,
    )


def save_answers(
    con: "Connection",
    generation_id: str,
    paper_id: str,
    verdicts: Sequence[Verdict],
    findings: Iterable[Finding],
    words: Wording,
    run_id: str,
) -> None:
    """Keeps verified answers: questions, evidence and findings."""
    questions, evidence, found = [], [], list(findings)
    for verdict in verdicts:
        answer = verdict.answer
        question_id = content_key("question", generation_id, answer.position)
        questions.append(
            {
                "question_id": question_id,
                "generation_id": generation_id,
                "paper_id": paper_id,
                "position": answer.position,
                "question": answer.question,
                "answer": answer.answer,
                "status": verdict.status,
                "repaired": verdict.repaired,
                "reason": words.why(verdict.findings),
            }
        )
        evidence += [
            {
                "question_id": question_id,
                "position": n,
                "quote": e.quote,
                "match": e.match,
                "start_char": e.start,
                "end_char": e.end,
                "section": e.section,
                "page": e.page,
            }
            for n, e in enumerate(verdict.evidence, 1)
        ]
        found += [
            Finding(question_id, f.check, f.severity, f.message)
            for f in verdict.findings
        ]
    insert(con, "questions", questions)
    insert(con, "evidence", evidence)
    save_findings(con, found, run_id)


def save_text_audits(
    con: "Connection", failed: Mapping[tuple[str, str], str], at: datetime, run_id: str
) -> None:
    """Keeps why TL;DRs and summaries fail a later verification: the reason by generation and part."""
    rows = [
        {
            "generation_id": generation_id,
            "part": part,
            "reason": reason,
            "version": __version__,
            "audited_at": at,
            "run_id": run_id,
        }
        for (generation_id, part), reason in failed.items()
    ]
    insert(con, "text_audits", rows)


def save_audits(
    con: "Connection", changes: Mapping[str, tuple[str, str]], at: datetime, run_id: str
) -> None:
    """Keeps what a later verification made of answers: status and reason by question."""
    rows = [
        {
            "question_id": question_id,
            "status": status,
            "reason": reason,
            "version": __version__,
            "audited_at": at,
            "run_id": run_id,
        }
        for question_id, (status, reason) in changes.items()
    ]
    insert(con, "audits", rows)


def save_correction(
    con: "Connection",
    found: Mapping[str, Any],
    answer: str,
    author: str,
    reason: str,
    at: datetime,
) -> bool:
    """Keeps a correction by hand; False when the same is there already."""
    correction_id = content_key(
        "correction", found["paper_id"], found["question"], answer, author, reason
    )
    if con.execute(
        "SELECT 1 FROM corrections WHERE correction_id = ?", [correction_id]
    ).fetchone():
        return False
    row = {
        "correction_id": correction_id,
        "question_id": found["question_id"],
        "paper_id": found["paper_id"],
        "question": found["question"],
        "answer": answer,
        "author": author,
        "reason": reason,
        "corrected_at": at,
    }
    insert(con, "corrections", [row])
    return True


def save_issue(
    con: "Connection", week: str, language: str, form: str, text: str, run_id: str
) -> bool:
    """Keeps the fact that an article was rendered like this; True when it is a new revision."""
    issue_id = sha256_key(week, language, form, text)
    if con.execute("SELECT 1 FROM issues WHERE issue_id = ?", [issue_id]).fetchone():
        return False
    revision = fetch_rows(
        con, query("next_revision"), week=week, language=language, format=form
    )[0]["revision"]
    row = {
        "issue_id": issue_id,
        "week": week,
        "language": language,
        "revision": revision,
        "format": form,
        "rendered_at": datetime.now(UTC),
        "run_id": run_id,
    }
    insert(con, "issues", [row])
    return True
