import re
import shutil
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from rindoku.archive import Archive
from rindoku.errors import NotFound
from rindoku.publish import publish_week
from rindoku.publish.article import escape_markdown, render_article
from rindoku.run import Run
from rindoku.sample.content import SAMPLE_WEEK


def article(home: Path, form: str) -> str:
    with Archive(home).read() as con:
        return render_article(con, SAMPLE_WEEK, "md" if form == "md" else "html", "ja")


def test_the_article_is_as_it_was(
    sample_home: Path, snapshot: SnapshotAssertion
) -> None:
    assert article(sample_home, "md") == snapshot


@pytest.mark.parametrize("form", ["md", "html"])
def test_it_is_the_same_each_time_and_from_the_archive_alone(
    sample_home: Path, tmp_path: Path, form: str
) -> None:
    (tmp_path / "home").mkdir()
    shutil.copy(sample_home / "archive.duckdb", tmp_path / "home")
    assert article(tmp_path / "home", form) == article(sample_home, form)
    assert (
        sample_home / "articles" / f"{SAMPLE_WEEK}.ja.{form}"
    ).read_text() == article(sample_home, form)


def test_papers_stand_newest_first_then_web_works_then_by_title(
    sample_home: Path,
) -> None:
    headings = re.findall(r"^## (\S+)", article(sample_home, "md"), re.MULTILINE)
    assert headings == [
        "JetMoE:",
        "SWE-agent",
        "ReFT:",
        "Training",
        "Visualization-of-Thought",
        "Many-shot",
        "Advancing",
        "Long-context",
        "Mixture-of-Depths:",
        "The",
    ]


def test_facts_stand_where_readers_look(sample_home: Path) -> None:
    text = article(sample_home, "md")
    for line in (
        "# 最新論文ノート:【2024-04-01~ 2024-04-07】",
        "著者:Alexander Wettig, Carlos E. Jimenez, John Yang, et al.",
        "最終更新日:不明",
        "カテゴリ:不明",
        "URL:<https://arxiv.org/abs/2404.07413v1>",
        "最終更新日:2024年04月08日",
        "カテゴリ:Computation and Language, Machine Learning, Machine Learning",
        "URL:<https://swe-agent.com/>",
    ):
        assert line in text
    assert "**見本**" in text
    assert text.count("A: **検証できず**") == 2


def test_what_failed_verification_is_not_published_as_fact(sample_home: Path) -> None:
    for form in ("md", "html"):
        text = article(sample_home, form)
        assert "推論の待ち時間" not in text
        assert "ユーラスは、Mistral" not in text


def test_hostile_text_is_shown_and_not_run(
    sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    monkeypatch.setenv("RINDOKU_HOME", str(home))
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) **b**"
    run = Run("")
    with run.archive.write() as con:
        for table, column in (
            ("paper_versions", "title"),
            ("authors", "name"),
            ("summaries", "summary"),
            ("questions", "answer"),
        ):
            con.execute(f"UPDATE {table} SET {column} = ?", [hostile])
    publish_week(run, SAMPLE_WEEK)
    html, md = (article(home, form) for form in ("html", "md"))
    assert "<script" not in html
    assert "<script" not in md
    assert "[x](javascript" not in md
    assert "default-src 'none'" in html


def test_a_changed_text_is_a_new_revision_and_the_same_text_is_none(
    sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sample_home, tmp_path / "home")
    monkeypatch.setenv("RINDOKU_HOME", str(tmp_path / "home"))
    run = Run("")
    publish_week(run, SAMPLE_WEEK)
    with run.archive.write() as con:
        con.execute("UPDATE summaries SET tldr = 'changed'")
    publish_week(run, SAMPLE_WEEK)
    with run.archive.read() as con:
        assert con.execute(
            "SELECT format, revision FROM issues ORDER BY ALL"
        ).fetchall() == [
            ("html", 1),
            ("html", 2),
            ("md", 1),
            ("md", 2),
        ]


def test_nothing_of_a_post_is_published(sample_home: Path) -> None:
    from rindoku.sample.content import sample_week

    everything = article(sample_home, "md") + article(sample_home, "html")
    assert not [e.blurb for e in sample_week().entries if e.blurb in everything]
    assert sample_week().promo not in everything


def test_a_week_that_was_never_seen_is_named(sample_home: Path) -> None:
    with Archive(sample_home).read() as con, pytest.raises(NotFound, match="2023-W01"):
        render_article(con, "2023-W01", "md", "ja")


def test_markdown_is_escaped_and_formulas_are_left_alone() -> None:
    assert (
        escape_markdown(r"a*b [c] _d_ e_f \( x_1 * y \) <i>")
        == r"a\*b \[c\] \_d\_ e_f \( x_1 * y \) &lt;i&gt;"
    )
    assert escape_markdown("# not a heading") == "\\# not a heading"
