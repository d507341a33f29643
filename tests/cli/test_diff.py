"""`rindoku diff`."""

from pathlib import Path

from rindoku.sample import SAMPLE_WEEK, StandIn
from tests.conftest import Rindoku, environment_of


def test_the_sources_of_a_week_are_shown_side_by_side(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn() as standin:
        env = environment_of(standin, tmp_path / "home")
        for source in ("x", "twin"):
            rindoku("entries", SAMPLE_WEEK, "--source", source, **env)
    shown = rindoku("diff", SAMPLE_WEEK, **env)
    assert shown.returncode == 0
    assert "x" in shown.stdout.splitlines()[0]
    assert "Mixture-of-Depths" in shown.stdout
    assert rindoku("diff", "2023-W05", **env).returncode == 1
