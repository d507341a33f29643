"""Publishing: the archive's copy for readers, the article in its forms, and the end of a run."""

from datetime import datetime

from rindoku.archive.finding import pending_documents, pending_papers
from rindoku.archive.saving import begin_run, end_run, save_issue
from rindoku.llm.client import has_key
from rindoku.models import Outcome
from rindoku.publish.article import FORMS, article_path, render_article, write_article
from rindoku.publish.report import week_report
from rindoku.run import Run


def open_run(run: Run, flow: str, week: str, as_of: datetime, source: str) -> Outcome:
    """Notes that a run began; returns what the archive already has of its week."""
    with run.archive.write() as con:
        begin_run(con, run.run_id, flow, week, as_of, source)
        report = week_report(con, week, run.settings.language)
        upgradable = report.head is not None and pending_documents(
            con,
            report.head["sighting_id"],
            run.settings.language,
            has_key=has_key(run.settings),
        )
    return Outcome.PARTIAL if upgradable else report.outcome


def papers_to_read(run: Run, sighting_id: str) -> list[tuple[str, int]]:
    """Papers of the week without a text."""
    with run.archive.write() as con:
        return pending_papers(con, sighting_id)


def documents_to_explain(run: Run, sighting_id: str) -> list[str]:
    """Texts of the week without an explanation."""
    with run.archive.write() as con:
        return pending_documents(
            con, sighting_id, run.settings.language, has_key=has_key(run.settings)
        )


def publish_archive(run: Run) -> None:
    """Replaces the copy that readers open."""
    run.archive.publish()


def publish_week(run: Run, week: str) -> list[str]:
    """Renders and writes the article in every form, then publishes the archive; paths of the files."""
    language, home, paths = run.settings.language, run.settings.home_path, []
    with run.archive.write() as con:
        for form in FORMS:
            text = render_article(con, week, form, language)
            path = article_path(home, week, language, form)
            write_article(path, text)
            save_issue(con, week, language, form, text, run.run_id)
            paths.append(str(path))
    run.archive.publish()
    return paths


def outcome_of(run: Run, week: str) -> Outcome:
    """What the archive has of a week, by the week contract."""
    with run.archive.write() as con:
        return week_report(con, week, run.settings.language).outcome


def close_run(run: Run, outcome: Outcome, message: str) -> None:
    """Writes down what came of a run."""
    with run.archive.write() as con:
        end_run(con, run.run_id, outcome, message)
    run.archive.publish()
