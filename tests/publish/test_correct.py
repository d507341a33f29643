"""Corrections by hand replace generated answers and survive regeneration."""

from datetime import UTC, datetime, timedelta

import pytest

from rindoku.archive import Archive
from rindoku.archive.rows import fetch_rows
from rindoku.errors import BadInput, NotFound
from rindoku.publish import correct
from rindoku.publish.correct import get_answer
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK
from tests.queries import sample_article

AT = datetime(2024, 5, 1, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("worked_already")


def test_a_correction_replaces_the_answer_in_the_article_only(
    run: Run,
) -> None:
    found = get_answer(run, f"{SAMPLE_WEEK}/9/2")
    assert found == get_answer(run, found.question_id)
    assert found.status == "unverified"
    answer = "Eurusは<b>正しく</b>書かれます。"
    why = {"author": "編集者", "reason": "名称の表記"}
    assert correct(run, found, answer, **why, at=AT)
    assert not correct(run, found, answer, **why, at=AT), "already saved"
    text = sample_article(run.archive)
    assert (
        "A: **訂正** Eurusは&lt;b&gt;正しく&lt;/b&gt;書かれます。"
        "(2024年05月01日、編集者。名称の表記)" in text
    )
    assert "「ユーラス」と表記" not in text
    assert "<strong>訂正</strong> Eurusは&lt;b&gt;" in sample_article(
        run.archive, "html"
    )
    with run.archive.read() as con:
        [stored] = fetch_rows(
            con,
            "SELECT answer FROM questions WHERE question_id = $id",
            id=found.question_id,
        )
    assert "ユーラス" in stored["answer"]


def test_a_later_correction_replaces_an_earlier_one(run: Run) -> None:
    found = get_answer(run, f"{SAMPLE_WEEK}/9/2")
    why = {"author": "編集者", "reason": "まだ誤りがあった"}
    correct(run, found, "一度目の訂正です。", **why, at=AT)
    assert correct(run, found, "二度目の訂正です。", **why, at=AT + timedelta(days=1))
    assert sample_article(run.archive).count("**訂正**") == 1
    assert "二度目の訂正です。" in sample_article(run.archive)


def test_a_correction_survives_a_new_generation(run: Run) -> None:
    found = get_answer(run, f"{SAMPLE_WEEK}/3/1")
    correct(run, found, "手で直した回答です。", author="編集者", reason="補足", at=AT)
    with run.archive.write() as con:
        con.execute(
            "UPDATE questions SET question = 'まったく別の質問か?' "
            "WHERE question_id = ?",
            [found.question_id],
        )
    run.archive.publish()
    text = sample_article(run.archive)
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
def test_an_incomplete_correction_is_refused(
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


def test_an_unknown_question_is_not_found(run: Run) -> None:
    for reference in ("2024-W14/99/1", "b2:nothing"):
        with pytest.raises(NotFound, match="no question"):
            get_answer(run, reference)
