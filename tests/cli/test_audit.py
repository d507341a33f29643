"""`rindoku audit`."""

import json
from pathlib import Path

import pytest

from rindoku.settings import find_home
from tests.conftest import Rindoku, assert_fails
from tests.edits import Json

QUOTE = "Zebra-7B reaches 33.3% on the hardest test and needs no critic."
TEXT = "We report on Zebra-7B, which was trained with 86K examples. " * 10 + QUOTE
RIGHT: Json = {
    "question": "Zebra-7Bの成績は?",
    "answer": "最も難しいテストで33.3%です。",
    "answerable": True,
    "quotes": [QUOTE],
}


def test_files_are_audited_without_an_archive(rindoku: Rindoku, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_text(TEXT)
    files = ["--document", "paper.txt", "--generation", "generation.json"]

    def audit(code: int, *questions: Json, **texts: str) -> Json:
        generation = {"title": "Zebra", **texts, "questions": list(questions)}
        (tmp_path / "generation.json").write_text(json.dumps(generation))
        done = rindoku("audit", *files, "--json")
        assert done.returncode == code, done.stderr
        found: Json = json.loads(done.stdout)
        return found

    found = audit(0, RIGHT)
    assert (found["passed"], found["answers"][0]["status"]) == (True, "verified")
    place = found["answers"][0]["evidence"][0]
    assert TEXT[place["start"] : place["end"]] + "." == QUOTE
    wrong = RIGHT | {"question": "別の質問か?", "answer": "38.3%です。"}
    found = audit(4, RIGHT, wrong)
    assert [a["status"] for a in found["answers"]] == ["verified", "unverified"]
    assert "38.3%" in found["answers"][1]["reason"]
    found = audit(4, RIGHT, tldr="99%を解く")
    assert found["texts"][0]["check"] == "number"
    assert not find_home("").path.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--document", "paper.txt"], "belong together"),
        (
            ["--document", "paper.txt", "--generation", "paper.txt"],
            "cannot be read as JSON",
        ),
        (["--document", "paper.txt", "--generation", "empty.json"], "questions"),
        (["--document", "nothing", "--generation", "generation.json"], "is not a file"),
    ],
)
def test_the_error_names_the_unusable_file(
    rindoku: Rindoku, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "paper.txt").write_text(TEXT)
    (tmp_path / "empty.json").write_text("{}")
    (tmp_path / "generation.json").write_text(json.dumps({"questions": [RIGHT]}))
    assert_fails(rindoku("audit", *arguments), 2, message)
