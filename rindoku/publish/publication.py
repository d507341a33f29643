"""A week's run: opened, published, and closed with its outcome."""

from datetime import datetime
from pathlib import Path

from rindoku.archive import Connection
from rindoku.archive.documents import pending_documents
from rindoku.archive.issues import save_issue
from rindoku.archive.run_log import begin_run, end_run
from rindoku.disk import HOME_SETTING, PUBLISHED_SETTING, folder_errors, is_apart
from rindoku.models import Outcome
from rindoku.publish.article import FORMS, article_path, render_article, write_article
from rindoku.publish.report import report_week
from rindoku.run import Run


def open_run(run: Run, flow: str, week: str, as_of: datetime, source: str) -> Outcome:
    """Records that a run began; returns what the archive has of its week.

    With a key, a week with extracts is partial: a model can explain it. So is a week
    whose article is not what the archive gives, as after a kill before it was written.
    """
    settings = run.settings
    with run.archive.write() as con:
        begin_run(con, run.run_id, flow=flow, week=week, as_of=as_of, source=source)
        report = report_week(con, week, settings.language)
        if report.head is None:
            return report.outcome
        pending = pending_documents(
            con,
            report.head.sighting_id,
            settings.language,
            has_key=settings.has_model_key,
        )
        if pending or report.outcome != Outcome.COMPLETE:
            return Outcome.PARTIAL
        is_written = all(
            path.is_file() and path.read_bytes() == text.encode()
            for path, text in _articles(run, con, week).values()
        )
    return Outcome.COMPLETE if is_written else Outcome.PARTIAL


def publish_archive(run: Run) -> None:
    """Replaces the copy that readers open."""
    run.archive.publish()


def publish_week(run: Run, week: str) -> list[str]:
    """Writes the article in every form, then publishes the archive.

    Returns the paths of the files. The archive records an article before its file is
    written, so that there is never a file of which it does not know; `open_run` notices
    one that was not written any more.
    """
    with run.archive.write() as con:
        articles = _articles(run, con, week)
        for form, (_, text) in articles.items():
            save_issue(
                con,
                week=week,
                language=run.settings.language,
                form=form,
                text=text,
                run_id=run.run_id,
            )
    published = run.archive.published
    is_public = is_apart(published, run.archive.home)
    with folder_errors(published, PUBLISHED_SETTING if is_public else HOME_SETTING):
        for path, text in articles.values():
            write_article(path, text, is_public=is_public)
    run.archive.publish()
    return [str(path) for path, _ in articles.values()]


def _articles(run: Run, con: Connection, week: str) -> dict[str, tuple[Path, str]]:
    """Where each form of the article is written, and its text."""
    language, folder = run.settings.language, run.settings.published_path
    return {
        form: (
            article_path(folder, run.settings.digest, week, language, form),
            render_article(con, week, form, language),
        )
        for form in FORMS
    }


def outcome_of(run: Run, week: str) -> Outcome:
    """The outcome of a week by the week contract."""
    with run.archive.read_latest() as con:
        return report_week(con, week, run.settings.language).outcome


def close_run(run: Run, outcome: Outcome, message: str) -> None:
    """Records the outcome of a run."""
    with run.archive.write() as con:
        end_run(con, run.run_id, outcome, message)
    run.archive.publish()
