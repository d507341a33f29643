"""A language is a folder; the same week can be explained in several of them."""

import re
import tomllib
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from rindoku.archive.rows import fetch_rows
from rindoku.errors import BadInput
from rindoku.languages import find_languages, get_language
from rindoku.models import Outcome
from rindoku.publish import outcome_of, publish_week, render_article
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, StandIn
from rindoku.settings import Settings
from tests.conftest import ROOT
from tests.queries import find_document_id
from tests.steps import explain_and_save

FOLDER = ROOT / "rindoku" / "languages"
_KANA = re.compile(r"[\u3040-\u30ff]")
_TEMPLATE_VARIABLE = re.compile(r"\{+ ?(\w+)")


def shape_of(tree: dict[str, Any]) -> dict[str, Any]:
    """The keys of a TOML file, each with the variables of its text."""
    return {
        key: shape_of(value) if isinstance(value, dict) else variables_of(value)
        for key, value in tree.items()
    }


def variables_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def load(code: str, name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / code / f"{name}.toml").read_text("utf-8"))


def test_every_folder_is_a_language() -> None:
    folders = {p.parent.name for p in FOLDER.glob("*/rules.py")}
    assert set(find_languages()) == folders
    assert {"en", "ja"} <= folders


@pytest.mark.parametrize("code", find_languages())
def test_every_language_has_the_same_wording_with_the_same_variables(code: str) -> None:
    assert shape_of(load(code, "wording")) == shape_of(load("ja", "wording"))


@pytest.mark.parametrize("code", find_languages())
def test_every_language_has_the_same_prompts_with_the_same_variables(code: str) -> None:
    ours, theirs = load(code, "prompts"), load("ja", "prompts")
    assert ours.keys() == theirs.keys()
    for name, text in ours.items():
        expected = set(_TEMPLATE_VARIABLE.findall(theirs[name]))
        assert set(_TEMPLATE_VARIABLE.findall(text)) == expected, name


@pytest.mark.parametrize("code", find_languages())
def test_a_language_is_loaded_once_and_completely(code: str) -> None:
    language = get_language(code)
    assert language is get_language(code)
    assert (language.code, language.wording.language) == (code, code)
    assert language.prompts["version"].startswith(code)
    assert not language.prompts["system"].startswith("\n")


@pytest.mark.parametrize("code", ["xx", "", "..", "ja/../en"])
def test_the_error_for_an_unknown_language_lists_those_that_exist(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINDOKU_LANGUAGE", "xx")
    with pytest.raises(
        BadInput, match=f"RINDOKU_LANGUAGE.*{', '.join(find_languages())}"
    ):
        get_language(code)
    with pytest.raises(BadInput, match="'xx'"):
        _ = Run("r").settings


def explain(run: Run, documents: list[str]) -> None:
    for document_id in documents:
        explain_and_save(run, document_id)


def test_one_archive_has_both_languages_side_by_side(
    standin: StandIn, read_already: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [
        find_document_id("arxiv:2404.02258"),
        find_document_id("arxiv:2403.17887"),
    ]
    explain(Run("ja"), documents)
    publish_week(Run("ja"), SAMPLE_WEEK)
    articles = read_already.home_path / "articles"
    japanese = (articles / f"{SAMPLE_WEEK}.ja.md").read_text()

    monkeypatch.setenv("RINDOKU_LANGUAGE", "en")
    outcome = outcome_of(Run("en"), SAMPLE_WEEK)
    assert outcome == Outcome.PARTIAL, "nothing is explained in English yet"
    explain(Run("en"), documents[:1])
    paths = publish_week(Run("en"), SAMPLE_WEEK)
    assert [Path(p).name for p in paths] == [
        f"{SAMPLE_WEEK}.en.md",
        f"{SAMPLE_WEEK}.en.html",
    ]

    with Run("r").archive.read() as con:
        again = render_article(con, SAMPLE_WEEK, "md", "ja")
        counts = fetch_rows(
            con,
            "SELECT language, count(*) AS n FROM week_entries "
            "GROUP BY ALL ORDER BY language",
        )
    assert again == japanese, "the other language is left alone"
    assert counts == [
        {"language": "en", "n": 1},
        {"language": "ja", "n": 2},
        {"language": None, "n": 8},
    ]


def test_an_english_article_has_no_japanese_words(
    standin: StandIn, read_already: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINDOKU_LANGUAGE", "en")
    explain(Run("en"), [find_document_id("arxiv:2404.02258")])
    publish_week(Run("en"), SAMPLE_WEEK)
    with Run("r").archive.read() as con:
        text = render_article(con, SAMPLE_WEEK, "md", "en")
        page = render_article(con, SAMPLE_WEEK, "html", "en")
    assert not _KANA.search(re.sub(r"\*\*見本\*\*|「ユーラス」", "", text))
    assert not _KANA.search(page)
    assert '<html lang="en">' in page
    unexplained = text.count("This paper has not been explained yet.")
    assert unexplained == 9, "no entry vanishes"
    assert "Published: 2 April 2024" in text, "days have no leading zero"
