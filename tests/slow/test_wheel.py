"""The wheel as it is built."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT

BUILD = ["hatchling", "build", "-t", "wheel", "-d"]


def test_the_wheel_contains_the_package_and_its_data_files(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *BUILD, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "rindoku/sql/migrations/0001_spine.sql",
        "rindoku/publish/templates/article.html.j2",
        "rindoku/sample/week/eurus.pdf",
        "rindoku/languages/ja/prompts.toml",
        "rindoku/languages/en/prompts.toml",
        "rindoku/languages/en/wording.toml",
        "rindoku/languages/en/questions.toml",
        "rindoku/languages/ja/loan_words.txt",
        "rindoku/explain/extract.toml",
        "rindoku/prices.toml",
    ):
        assert needed in names
    assert not [n for n in names if n.startswith(("flows/", "tasks/", "tests/"))]
