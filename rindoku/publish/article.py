"""The article of a week, rendered from the archive alone: the same archive, the same bytes.

Answers that failed verification are named as such with the reason; what they claimed is not shown.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote as percent

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rindoku.archive.finding import find_week, get_document, get_paper
from rindoku.archive.rows import fetch_rows
from rindoku.archive.statements import query
from rindoku.documents.cut import cut
from rindoku.errors import NotFound
from rindoku.languages import Wording, get_language
from rindoku.publish.categories import category_name

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

Form = Literal["md", "html"]
FORMS: tuple[Form, ...] = ("md", "html")
_MARKDOWN = re.compile(r"[\\`*\[\]|]|(?<!\w)_|_(?!\w)|^(?=[#>+-])", re.MULTILINE)
_MATH = re.compile(r"(\\\(.*?\\\))", re.DOTALL)
_FRAGMENT_WORDS = 6


def find_issue(con: "Connection", week: str, words: Wording) -> dict[str, Any]:
    """Everything the article of a week says, as plain values. Raises NotFound when it was never seen."""
    head = find_week(con, week)
    if head is None:
        raise NotFound(
            f"The archive has no week {week}.", f"Run `rindoku run {week}` first."
        )
    rows = fetch_rows(con, query("article_entries"), week=week, language=words.language)
    papers = [_paper(con, row, words) for row in rows]
    answers = [a for p in papers for a in p["answers"]]
    counts = {
        status: sum(a["status"] == status for a in answers)
        for status in ("verified", "unverified", "not in paper")
    }
    # That no sentence was found to take out says nothing of the paper.
    no_excerpts = sum(a["answer"] == words.no_excerpt for a in answers)
    counts["not in paper"] -= no_excerpts
    return {
        "week": week,
        "starts_on": head["starts_on"],
        "ends_on": head["ends_on"],
        "heading": head["heading"],
        "papers": papers,
        "labels": {p["label"] for p in papers if p["label"]},
        "models": sorted(
            {
                words.article["sample_model"] if p["label"] == "sample" else p["model"]
                for p in papers
                if p["label"]
            }
        ),
        "total": len(answers),
        "counts": counts,
        "no_excerpts": no_excerpts,
    }


def render_article(con: "Connection", week: str, form: Form, language: str) -> str:
    """The article in a language, as Markdown or as one self-contained HTML page."""
    words = get_language(language).wording
    issue = find_issue(con, week, words)
    say = words.article
    verification = say["verification"].format(
        total=issue["total"],
        absent=issue["counts"]["not in paper"],
        verified=issue["counts"]["verified"],
        unverified=issue["counts"]["unverified"],
    )
    if issue["no_excerpts"]:
        verification += say["no_excerpts"].format(count=issue["no_excerpts"])
    if issue["models"]:
        verification += say["generated"].format(models=", ".join(issue["models"]))
    title = say["title"].format(starts_on=issue["starts_on"], ends_on=issue["ends_on"])
    template = _environment(form, words).get_template(f"article.{form}.j2")
    return template.render(
        issue=issue, words=words, title=title, verification=verification
    )


def article_path(home: Path, week: str, language: str, form: Form) -> Path:
    """Where an article is written."""
    return home / "articles" / f"{week}.{language}.{form}"


def write_article(path: Path, text: str) -> None:
    """Writes an article in one step: readers see the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(path.suffix + ".part")
    unfinished.write_bytes(text.encode("utf-8"))
    unfinished.replace(path)


def _paper(con: "Connection", row: Mapping[str, Any], words: Wording) -> dict[str, Any]:
    paper = get_paper(con, row["paper_id"], row["version"]) if row["paper_id"] else None
    answers = (
        fetch_rows(con, query("article_answers"), generation_id=row["generation_id"])
        if row["generation_id"]
        else []
    )
    outlived = (
        fetch_rows(
            con,
            query("outlived_corrections"),
            paper_id=row["paper_id"],
            generation_id=row["generation_id"] or "",
            language=words.language,
        )
        if row["paper_id"]
        else []
    )
    document_url = (
        _document_url(con, row["document_id"]) if row["document_id"] else row["url"]
    )
    return {
        **row,
        "anchor": f"p{row['rank']}",
        "shown_title": row["title"] or row["nickname"],
        "authors": _authors(paper.authors, complete=paper.authors_complete, words=words)
        if paper
        else words.unknown,
        "categories": ", ".join(map(category_name, paper.categories))
        if paper and paper.categories
        else words.unknown,
        "grounding_name": words.grounding.get(
            f"{row['grounding']} {row['format']}", words.unknown
        ),
        "left_out": _left_out(con, row["document_id"])
        if row["generation_kind"] == "explain"
        else [],
        "withdrawn": paper.withdrawn if paper else None,
        "errata": _errata(con, row),
        "outlived": [{**c, "note": _correction_note(c, words)} for c in outlived],
        "answers": [_answer(a, row["format"], document_url, words) for a in answers],
    }


def _answer(
    row: Mapping[str, Any], form: str, url: str, words: Wording
) -> dict[str, Any]:
    quotes = [
        {**q, "place": _place(q), "href": _evidence_url(url, form, q)}
        for q in row["quotes"] or []
        if q["match"] != "absent"
    ]
    return {**row, "quotes": quotes, "note": _correction_note(row, words)}


def _correction_note(row: Mapping[str, Any], words: Wording) -> str:
    """Who corrected an answer, when and why; empty when nobody did."""
    if not row["corrected"]:
        return ""
    return words.article["correction"].format(
        day=_day(row["corrected_at"], words),
        author=row["corrected_by"],
        reason=row["correction_reason"],
    )


def _left_out(con: "Connection", document_id: str) -> list[str]:
    """Titles of the sections that were too many for the model."""
    return cut(get_document(con, document_id))[1]


def _errata(con: "Connection", row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where the entry was bound to another work before, and when that was corrected."""
    return [
        {
            **step,
            "day": step["resolved_at"].date(),
            "before": step["before_url"] or step["before_id"],
        }
        for step in fetch_rows(con, query("article_errata"), entry_id=row["entry_id"])
    ]


def _document_url(con: "Connection", document_id: str) -> str:
    rows = fetch_rows(
        con,
        "SELECT url FROM documents WHERE document_id = $document_id",
        document_id=document_id,
    )
    return str(rows[0]["url"])


def _authors(names: Sequence[str], *, complete: bool, words: Wording) -> str:
    if not names:
        return words.unknown
    return ", ".join(names) + ("" if complete else ", et al.")


def _place(quote: Mapping[str, Any]) -> str:
    parts = [quote["section"] or "", f"p. {quote['page']}" if quote["page"] else ""]
    return ", ".join(p for p in parts if p)


def _evidence_url(url: str, form: str, quote: Mapping[str, Any]) -> str:
    """Where a reader's browser opens at the quote: a PDF's page, or a text fragment of a page."""
    if form == "pdf":
        return f"{url}#page={quote['page']}" if quote["page"] else url
    if form not in {"html", "page"}:
        return url
    words = quote["quote"].strip(" .…").split()
    if len(words) <= 2 * _FRAGMENT_WORDS:
        ends = [" ".join(words)]
    else:
        ends = [" ".join(words[:_FRAGMENT_WORDS]), " ".join(words[-_FRAGMENT_WORDS:])]
    # A hyphen has a meaning of its own in text fragments.
    return f"{url}#:~:text=" + ",".join(
        percent(end, safe="").replace("-", "%2D") for end in ends
    )


def _environment(form: Form, words: Wording) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=form == "html",  # noqa: S701 - Markdown is escaped by its own filter below
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(day=lambda value: _day(value, words), md=escape_markdown)
    return environment


def _day(value: date | None, words: Wording) -> str:
    return value.strftime(words.day).removeprefix("0") if value else words.unknown


def escape_markdown(text: str) -> str:
    r"""Text that Markdown shows as it is; formulas in \( \) are left alone, HTML becomes harmless."""
    parts = _MATH.split(text)
    escaped = [
        part if number % 2 else _MARKDOWN.sub(lambda m: "\\" + m[0], part)
        for number, part in enumerate(parts)
    ]
    return (
        "".join(escaped).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
