"""`rindoku doctor`."""

import json
from pathlib import Path

import pytest

from rindoku.cli.doctor import diagnose
from tests.conftest import Rindoku


def test_each_check_has_a_remedy(rindoku: Rindoku, tmp_path: Path) -> None:
    done = rindoku("doctor", "--offline", "--json", "--home", str(tmp_path / "home"))
    checks = {c["name"]: c for c in json.loads(done.stdout)}
    assert done.returncode == 0
    assert checks["ANTHROPIC_API_KEY"]["state"] == "warn"
    assert ".env" in checks["ANTHROPIC_API_KEY"]["remedy"]


def test_the_home_and_the_file_of_settings_are_named_with_the_reason(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    def found(*arguments: str) -> dict[str, str]:
        done = rindoku("doctor", "--offline", "--json", *arguments)
        return {c["name"]: c["found"] for c in json.loads(done.stdout)}

    own = found()
    assert f"{tmp_path / 'own-data' / 'rindoku'} (your own" in own["home"]
    assert own["settings file"].endswith("; none yet")
    (tmp_path / ".env").write_text("RINDOKU_MODEL=here\n")
    (tmp_path / "rindoku-home").mkdir()
    here = found()
    assert f"{tmp_path / 'rindoku-home'} (found in the working" in here["home"]
    assert here["settings file"] == f"{tmp_path / '.env'} (found in the working folder)"
    assert f"{tmp_path / 'given'} (RINDOKU_HOME" in found("--home", "given")["home"]


def test_a_home_that_is_not_writable_fails_its_check(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    broken = rindoku(
        "doctor", "--offline", "--json", "--home", str(tmp_path / "file" / "home")
    )
    assert broken.returncode == 1
    assert {c["name"]: c["state"] for c in json.loads(broken.stdout)}["home"] == "fail"


def test_services_that_do_not_answer_fail_their_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "rindoku.cli.doctor._reachable", lambda host, _port: host == "arxiv.org"
    )
    states = {c.name: c.state for c in diagnose(offline=False)}
    assert states["arXiv's texts"] == "ok"
    assert (states["X"], states["the model"]) == ("fail", "fail")


def test_a_home_and_a_published_folder_with_other_modes_are_warned_of(
    main: Rindoku, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "public").mkdir(mode=0o700)
    home.chmod(0o755)
    done = main(
        "doctor", "--offline", "--json", RINDOKU_PUBLISHED=str(tmp_path / "public")
    )
    checks = {c["name"]: c for c in json.loads(done.stdout)}
    assert checks["home"]["state"] == checks["published"]["state"] == "warn"
    assert f"chmod 700 {home}" in checks["home"]["remedy"]
    assert f"chmod 755 {tmp_path / 'public'}" in checks["published"]["remedy"]
