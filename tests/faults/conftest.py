"""Prints the matrix that `make test-faults` has gone through, at the end."""

import os
from collections.abc import Iterator

import pytest

from tests.faults.matrix import EXPECTED, MOST_HARMED, PLACES

CELLS = "RINDOKU_FAULTS"
collect_ignore = [] if os.environ.get(CELLS) else ["test_every_cell.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    outcomes = dict(_outcomes(terminalreporter))
    if not outcomes:
        return
    write = terminalreporter.write_line
    terminalreporter.section("outcomes of the run with the fault, and of the next one")
    services, *rows = (line.split() for line in EXPECTED.strip().splitlines())
    write(f"{'':18}" + " ".join(f"{name:8}" for name in services[1:]))
    for fault, *_ in rows:
        columns = (
            " ".join(
                outcomes.get(f"{service}-{fault}-{place}", ".")
                for place in PLACES[len(MOST_HARMED[service])]
            )
            for service in services[1:]
        )
        write(f"{fault:18}" + " ".join(f"{column:8}" for column in columns))
    capped = [outcome for name, outcome in outcomes.items() if name.endswith("capped")]
    write(f"Under a ceiling: {' '.join(capped)}")
    write(f"{len(outcomes)} cells")


def _outcomes(reporter: pytest.TerminalReporter) -> Iterator[tuple[str, str]]:
    for reports in reporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                properties = dict(report.user_properties)
                if "cell" in properties:
                    yield str(properties["cell"]), str(properties["outcomes"])
