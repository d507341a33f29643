"""What readers get from the archive: the article, the report, and corrections."""

from rindoku.publish.article import FORMS, article_path, render_article
from rindoku.publish.correct import correct
from rindoku.publish.failures import describe_failures, record_failures
from rindoku.publish.publication import (
    close_run,
    open_run,
    outcome_of,
    publish_archive,
    publish_week,
)
from rindoku.publish.report import WeekReport, report_week

__all__ = [
    "FORMS",
    "WeekReport",
    "article_path",
    "close_run",
    "correct",
    "describe_failures",
    "open_run",
    "outcome_of",
    "publish_archive",
    "publish_week",
    "record_failures",
    "render_article",
    "report_week",
]
