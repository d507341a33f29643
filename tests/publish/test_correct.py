"""Corrections by hand outlive what is generated."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rindoku.archive import Archive
from rindoku.archive.rows import fetch_rows
from rindoku.errors import BadInput, NotFound
from rindoku.publish.article import render_article
from rindoku.publish.correct import correct, get_answer
from rindoku.run import Run
from rindoku.sample.content import SAMPLE_WEEK

AT = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def run(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    shutil.copytree(sample_home, tmp_path / "home")
    monkeypatch.setenv("RINDOKU_HOME", str(tmp_path / "home"))
    return Run("test")


def article(run: Run, form: str = "md") -> str:
    with run.archive.read() as con:
        return render_article(con, SAMPLE_WEEK, form, "ja")


def test_a_correction_is_shown_in_place_of_the_answer_which_stays_stored(
    run: Run,
) -> None:
    found = get_answer(run, f"{SAMPLE_WEEK}/9/2")
    assert found == get_answer(run, found.question_id)
    assert found.status == "unverified"
    assert correct(
        run,
        found,
        "Eurusは<b>正しく</b>書かれます。",
        author="編集者",
        reason="名称の表記",
        at=AT,
    )
    assert not correct(
        run,
        found,
        "Eurusは<b>正しく</b>書かれます。",
        author="編集者",
        reason="名称の表記",
        at=AT,
    ), "said once"
    text = article(run)
    assert (
        "A: **訂正** Eurusは&lt;b&gt;正しく&lt;/b&gt;書かれます。"
        "(2024年05月01日、編集者。名称の表記)" in text
    )
    assert "「ユーラス」と表記" not in text
    assert "<strong>訂正</strong> Eurusは&lt;b&gt;" in article(run, "html")
    with run.archive.read() as con:
        assert (
            "ユーラス"
            in fetch_rows(
                con,
                "SELECT answer FROM questions WHERE question_id = $q",
                q=found.question_id,
            )[0]["answer"]
        )
    assert correct(
        run,
        found,
        "二度目の訂正です。",
        author="編集者",
        reason="まだ誤りがあった",
        at=datetime(2024, 5, 2, tzinfo=UTC),
    )
    assert article(run).count("**訂正**") == 1
    assert "二度目の訂正です。" in article(run)


def test_a_correction_outlives_its_generation(run: Run) -> None:
    found = get_answer(run, f"{SAMPLE_WEEK}/3/1")
    correct(run, found, "手で直した回答です。", author="編集者", reason="補足", at=AT)
    with run.archive.write() as con:
        con.execute(
            "UPDATE questions SET question = 'まったく別の質問か?' "
            "WHERE question_id = ?",
            [found.question_id],
        )
    run.archive.publish()
    text = article(run)
    assert f"**Q: {found.question}**\n\nA: **訂正** 手で直した回答です。" in text
    assert "まったく別の質問か?" in text


@pytest.mark.parametrize(
    ("answer", "author", "reason", "message"),
    [
        ("  ", "a", "b", "empty"),
        (None, "a", "b", "same as the published"),
        ("別の回答です。", " ", "b", "author"),
        ("別の回答です。", "a", "", "reason"),
    ],
)
def test_empty_corrections_change_nothing(
    run: Run, answer: str | None, author: str, reason: str, message: str
) -> None:
    found = get_answer(run, f"{SAMPLE_WEEK}/3/1")
    with pytest.raises(BadInput, match=message):
        correct(
            run,
            found,
            found.answer if answer is None else answer,
            author=author,
            reason=reason,
            at=AT,
        )
    with Archive(run.settings.home_path).read() as con:
        assert fetch_rows(con, "FROM corrections") == []


def test_an_unknown_question_is_named(run: Run) -> None:
    for reference in ("2024-W14/99/1", "b2:nothing"):
        with pytest.raises(NotFound, match="no question"):
            get_answer(run, reference)
