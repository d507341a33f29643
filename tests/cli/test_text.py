"""`rindoku text`."""

import json
from pathlib import Path

import pytest

from rindoku.sample import StandIn
from rindoku.sample.content import PDF_PATH
from rindoku.settings import Settings
from tests.conftest import Rindoku, assert_fails, environment_of


def test_the_text_of_a_file(rindoku: Rindoku) -> None:
    pdf = json.loads(rindoku("text", str(PDF_PATH), "--json").stdout)
    assert (pdf["format"], pdf["pages"], pdf["quality"]) == ("pdf", 2, 1.0)
    length = len(pdf["text"])
    assert all(0 <= s["start"] < s["end"] <= length for s in pdf["sections"])


def test_the_text_of_a_page(rindoku: Rindoku) -> None:
    with StandIn() as standin:
        page = rindoku("text", "https://swe-agent.com/", **standin.environment())
    assert page.stdout.startswith("SWE-agent\n")
    assert "web page from page" in page.stderr


def test_the_text_of_a_paper_is_fetched_once(rindoku: Rindoku, tmp_path: Path) -> None:
    with StandIn() as standin:
        env = environment_of(standin, tmp_path / "home")
        for name in ("2404.02258", "https://arxiv.org/pdf/2404.02258v1"):
            paper = json.loads(rindoku("text", name, "--json", **env).stdout)
            assert (paper["paper_id"], paper["grounding"], paper["format"]) == (
                "arxiv:2404.02258",
                "full text",
                "html",
            )
    assert sum("/html/" in access.target for access in standin.log) == 1


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        ("no-such-file", 2, "is not a file"),
        ("2404.99999", 1, "has no paper"),
        ("https://gone.example/", 1, "404"),
    ],
)
def test_the_error_names_what_has_no_text(
    rindoku: Rindoku, settings: Settings, source: str, code: int, message: str
) -> None:
    assert_fails(rindoku("text", source), code, message)
