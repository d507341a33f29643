"""Findings: the results of checks on weeks, entries, documents and answers."""

from collections.abc import Iterable
from datetime import UTC, datetime

from rindoku.archive.rows import Connection, insert
from rindoku.keys import content_key
from rindoku.models import Finding


def save_findings(con: Connection, findings: Iterable[Finding], run_id: str) -> None:
    """Saves findings; the same finding is saved only once."""
    rows = [
        {
            "finding_id": content_key(finding.subject, finding.check, finding.message),
            "subject": finding.subject,
            "check_name": finding.check,
            "severity": finding.severity,
            "message": finding.message,
            "found_at": datetime.now(UTC),
            "run_id": run_id,
        }
        for finding in findings
    ]
    insert(con, "findings", rows)
