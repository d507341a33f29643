"""The first steps are the same wherever they are told."""

import pytest

from rindoku import __version__
from rindoku.cli.demo import _next_commands
from rindoku.cli.first_steps import FIRST_STEPS, next_steps
from tests.conftest import ROOT, Rindoku


def test_all_places_tell_the_same_first_steps(rindoku: Rindoku) -> None:
    readme = (ROOT / "README.md").read_text()
    shown = rindoku("--help", COLUMNS="120").stdout
    for line in next_steps(after=""):
        assert line in readme
        assert line in shown


def test_doctor_and_the_demo_end_with_the_steps_that_follow(rindoku: Rindoku) -> None:
    after_doctor = next_steps("rindoku doctor")
    assert len(after_doctor) == len(FIRST_STEPS) - 2
    lines = rindoku("doctor", "--offline").stdout.splitlines()
    assert [line.split("rindoku", 1)[1] for line in lines[-2:]] == [
        line.removeprefix("rindoku") for line in after_doctor
    ]
    demo = _next_commands(ROOT / "home", "2024-W14")
    assert demo[-2:] == after_doctor
    assert demo[-3].startswith("rindoku doctor")


@pytest.mark.parametrize("command", [(), ("run",), ("sample", "serve")])
def test_help_has_a_short_option(rindoku: Rindoku, command: tuple[str, ...]) -> None:
    short, long = rindoku(*command, "-h"), rindoku(*command, "--help")
    assert (short.returncode, short.stdout) == (0, long.stdout)
    assert "Usage" in short.stdout


def test_the_version_is_shown(rindoku: Rindoku) -> None:
    assert rindoku("--version").stdout == f"rindoku {__version__}\n"
