"""Commands on a digest whose entry was removed or is broken."""

import json
from pathlib import Path

import pytest

from rindoku.archive import Archive
from rindoku.errors import BadInput
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK
from tests.conftest import Rindoku, assert_fails

READING = [
    ["show", SAMPLE_WEEK],
    ["show", "last", "--json"],
    ["render", SAMPLE_WEEK],
    ["render", "last", "--form", "html"],
    ["costs"],
    ["costs", SAMPLE_WEEK],
    ["diff", SAMPLE_WEEK],
    ["plan", SAMPLE_WEEK],
    ["plan"],
    ["audit", SAMPLE_WEEK],
    ["correct", f"{SAMPLE_WEEK}/3/1", "--answer", "訂正", "--reason", "r"],
]


@pytest.fixture
def five_home(home: Path) -> Path:
    """The sample's home, with its week as one of a digest that has no entry."""
    archive = Archive(home)
    with archive.write() as con:
        for table in ("weeks", "sightings", "listings", "run_starts", "issues"):
            con.execute(f"UPDATE {table} SET digest = 'five'")
    archive.publish()
    return home


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_what_only_reads_the_archive_needs_the_name_alone(
    rindoku: Rindoku, five_home: Path, command: list[str]
) -> None:
    done = rindoku(*command, "--digest", "five")
    # Some of the sample's answers fail their audit.
    wanted = 4 if command[0] == "audit" else 0
    assert done.returncode == wanted, done.stdout + done.stderr


@pytest.mark.parametrize("text", ["five = 3", "[five]", "[five", "[five]\nentries = 0"])
def test_a_broken_entry_does_not_matter_to_them_either(
    rindoku: Rindoku, five_home: Path, text: str
) -> None:
    (five_home / "digests.toml").write_text(text)
    shown = rindoku("show", "last", "--digest", "five")
    assert "complete: 10 entries" in shown.stdout, shown.stderr
    rendered = rindoku("render", SAMPLE_WEEK, "--digest", "five")
    assert "articles/five" in rendered.stdout, rendered.stderr


@pytest.mark.parametrize(
    "command",
    [
        *(["run", SAMPLE_WEEK], ["run", "last"], ["rebind", "last"]),
        *(["entries", SAMPLE_WEEK], ["plan", "last"], ["plan", "2024-W20"]),
    ],
    ids=" ".join,
)
def test_what_lists_weeks_needs_the_entry(
    rindoku: Rindoku, five_home: Path, command: list[str]
) -> None:
    done = rindoku(*command, "--digest", "five")
    assert_fails(done, 2, "There is no digest 'five'.")
    assert str(five_home / "digests.toml") in done.stderr
    assert "can be shown and rendered" in done.stderr


@pytest.mark.parametrize(
    "command", [*READING, ["ask", "all", "何?"], ["rebind"]], ids=" ".join
)
def test_a_digest_that_never_was_is_a_mistake(
    rindoku: Rindoku, sample_home: Path, command: list[str]
) -> None:
    done = rindoku(*command, "--digest", "fiev", RINDOKU_HOME=str(sample_home))
    assert_fails(done, 2, "There is no digest 'fiev'.")


def test_a_broken_watch_is_refused_before_the_home_is_written(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "new-home"
    home.mkdir()
    (home / "digests.toml").write_text(
        "[five]\naccount = 'five'\nseries = 'Five'\nheading = 'five'\nentries = 5\n"
        "watch = 'list:abc'\n"
    )
    done = rindoku("run", "last", "--digest", "five", "--home", str(home))
    assert_fails(done, 2, "watch of the digest 'five'")
    assert "RINDOKU_WATCH" not in done.stderr
    assert [path.name for path in home.iterdir()] == ["digests.toml"]


def test_only_the_last_week_of_a_flow_needs_the_entry(five_home: Path) -> None:
    run = Run("rebind", digest_name="five")
    assert run.parse_week("2024-04-03", AS_OF) == SAMPLE_WEEK
    with pytest.raises(BadInput, match="no digest 'five'"):
        run.parse_week("last", AS_OF)


def test_the_report_says_what_was_expected(rindoku: Rindoku, five_home: Path) -> None:
    report = json.loads(rindoku("show", "--digest", "five", "--json").stdout)
    assert (report["outcome"], len(report["entries"])) == ("complete", 10)
