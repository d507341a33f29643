"""`rindoku entries`, also from a file and from a clone of the twin."""

import json
from pathlib import Path
from typing import Any

import pytest

from rindoku.sample import SAMPLE_WEEK, Fault, StandIn, sample_week
from rindoku.sample.pages import year_file
from rindoku.settings import Settings
from tests.conftest import SHARED, Rindoku, environment_of
from tests.queries import select_rows

PASTED = """\
Top AI Papers of the Week (April 1 - April 7):

1) Many-shot Jailbreaking - long prompts https://www.anthropic.com/research/jailbreaking
"""


@pytest.mark.parametrize("source", ["x", "twin"])
def test_the_entries_of_a_source_are_printed(
    rindoku: Rindoku, tmp_path: Path, source: str
) -> None:
    with StandIn() as standin:
        env = environment_of(standin, tmp_path / "home")
        done = rindoku("entries", SAMPLE_WEEK, "--source", source, "--json", **env)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["rank"], row["title"], row["source"]) for row in rows] == [
        (entry.rank, entry.title, source) for entry in sample_week().entries
    ]
    targets = [access.target for access in standin.log]
    assert not [t for t in targets if "/v1/" in t or "/api/query" in t]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded year files are not here")
def test_a_recorded_year_is_listed_as_a_person_listed_it(rindoku: Rindoku) -> None:
    done = rindoku("entries", "--source", str(SHARED / "dair-ai" / "2024.md"), "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    lines = (SHARED / "dair-ai" / "weeks-2023-2024.jsonl").read_text().splitlines()
    expected = [json.loads(line) for line in lines]
    keys = ("week", "starts_on", "ends_on", "heading", "rank", "title")

    def facts(row: dict[str, Any]) -> tuple[Any, ...]:
        links = [(link["label"], link["url"]) for link in row["links"]]
        return *(row[key] for key in keys), *links

    assert sorted(map(facts, rows)) == sorted(
        facts(row) for row in expected if row["file"] == "years/2024.md"
    )
    shared = [
        f["message"]
        for r in rows
        if r["week"] == "2024-W33"
        for f in r["findings"]
        if f["check"] == "identifiers"
    ]
    assert len(shared) == 1, "two entries of that week have the same id in the list"


def test_a_file_is_a_source_and_the_error_names_a_missing_week(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text(PASTED)
    wrong = rindoku("entries", "2024-W20", "--source", "list.txt")
    assert wrong.returncode == 1
    assert "list.txt does not list 2024-W20" in wrong.stderr
    assert rindoku("run", "2024-W14", "--source", "no-such-file").returncode == 2


def test_a_local_clone_of_the_twin_is_a_source(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    (tmp_path / "clone" / "years").mkdir(parents=True)
    (tmp_path / "clone" / "years" / "2024.md").write_text(
        year_file(2024, [sample_week()])
    )
    for arguments in (["2024-W14"], []):
        done = rindoku("entries", *arguments, "--source", "clone", "--json")
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) == 10
    missing = rindoku("entries", "2023-W14", "--source", "clone")
    assert missing.returncode == 2
    assert "no year file for 2023" in missing.stderr


def test_a_source_that_fails_ends_the_run_of_the_command(
    rindoku: Rindoku, settings: Settings, standin: StandIn
) -> None:
    standin.faults.order(Fault("404", "raw.githubusercontent.com", times=9))
    done = rindoku("entries", "2024-W14", "--source", "twin")
    assert done.returncode == 1, done.stdout
    [run] = select_rows("SELECT outcome, message FROM runs WHERE flow = 'entries'")
    assert run["outcome"] == "failed"
    for message in (run["message"], done.stderr):
        assert "The twin of dair_ai is gone" in message
