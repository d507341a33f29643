"""The sentences and labels that readers see and that were not written by a model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rindoku.languages.rules import Objection
from rindoku.models import Finding


@dataclass(frozen=True)
class Wording:
    """A language's `wording.toml`: labels, sentences of the article, reasons."""

    language: str
    not_in_paper: str
    no_excerpt: str
    extract_label: str
    unknown: str
    day: str
    separator: str
    grounding: Mapping[str, str]
    article: Mapping[str, str]
    findings: Mapping[str, str]

    def reason(self, name: str, /, **values: object) -> str:
        """The message of a finding.

        Raises KeyError for a reason or a value that is missing.
        """
        return self.findings[name].format(**values)

    def finding(self, subject: str, objection: Objection) -> Finding:
        """An objection to a subject ("Q3", "tldr") as a finding in this language."""
        message = self.reason(objection.reason, **objection.values)
        return Finding(subject, objection.check, objection.severity, message)

    def why(self, findings: Iterable[Finding]) -> str:
        """The messages of all errors, on one line; empty when there are none."""
        errors = (f.message for f in findings if f.severity == "error")
        return self.separator.join(dict.fromkeys(errors))
