"""The article: its order, its facts, and what it must never contain."""

import re
import shutil
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from rindoku.archive import Archive
from rindoku.errors import NotFound
from rindoku.publish import FORMS, publish_week, render_article
from rindoku.publish.article import escape_markdown, escape_url
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, sample_week
from tests.queries import sample_article


def test_the_article_of_the_sample_does_not_change(
    sample_home: Path, snapshot: SnapshotAssertion
) -> None:
    assert sample_article(Archive(sample_home), "md") == snapshot


@pytest.mark.parametrize("form", FORMS)
def test_an_article_is_rendered_from_the_published_archive_alone(
    sample_home: Path, tmp_path: Path, form: str
) -> None:
    (tmp_path / "home").mkdir()
    shutil.copy(sample_home / "archive.duckdb", tmp_path / "home")
    published = sample_home / "articles" / f"{SAMPLE_WEEK}.ja.{form}"
    assert sample_article(Archive(tmp_path / "home"), form) == published.read_text()


def test_papers_are_listed_newest_first_then_web_works_by_title(
    sample_home: Path,
) -> None:
    headings = re.findall(
        r"^## (\S+)", sample_article(Archive(sample_home), "md"), re.MULTILINE
    )
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


def test_the_facts_of_papers_are_listed(sample_home: Path) -> None:
    text = sample_article(Archive(sample_home), "md")
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
    for form in FORMS:
        text = sample_article(Archive(sample_home), form)
        assert "推論の待ち時間" not in text
        assert "ユーラスは、Mistral" not in text


def test_hostile_text_is_escaped(home: Path) -> None:
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
    html, md = (
        sample_article(Archive(home), "html"),
        sample_article(Archive(home), "md"),
    )
    assert "<script" not in html
    assert "<script" not in md
    assert "[x](javascript" not in md
    assert "default-src 'none'" in html


def test_only_a_changed_article_is_a_new_revision(home: Path) -> None:
    run = Run("")
    publish_week(run, SAMPLE_WEEK)
    with run.archive.write() as con:
        con.execute("UPDATE summaries SET tldr = 'changed'")
    publish_week(run, SAMPLE_WEEK)
    with run.archive.read() as con:
        revisions = con.execute(
            "SELECT format, revision FROM issues ORDER BY ALL"
        ).fetchall()
    assert revisions == [("html", 1), ("html", 2), ("md", 1), ("md", 2)]


def test_no_text_of_a_post_is_published(sample_home: Path) -> None:
    week = sample_week()
    for form in FORMS:
        text = sample_article(Archive(sample_home), form)
        assert not [entry.blurb for entry in week.entries if entry.blurb in text]
        assert week.promo not in text


def test_an_unknown_week_is_not_found(sample_home: Path) -> None:
    with Archive(sample_home).read() as con, pytest.raises(NotFound, match="2023-W01"):
        render_article(con, "2023-W01", "md", "ja")


def test_markdown_is_escaped_except_in_formulas() -> None:
    assert (
        escape_markdown(r"a*b [c] _d_ e_f \( x_1 * y \) <i>")
        == r"a\*b \[c\] \_d\_ e_f \( x_1 * y \) &lt;i&gt;"
    )
    assert escape_markdown("# not a heading") == "\\# not a heading"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        # A link stays a link in what only looks like a formula.
        (r"\([x](javascript:alert(1))\)", r"\\(\[x\](javascript:alert(1))\\)"),
        (r"\( [x][y] \)", r"\\( \[x\]\[y\] \\)"),
        (
            "\\(\n[x]: javascript:alert(1)\n\\)",
            "\\\\(\n\\[x\\]: javascript:alert(1)\n\\\\)",
        ),
        (r"\( \[ [0, 1] \)", r"\( \[ [0, 1] \)"),
    ],
)
def test_what_only_looks_like_a_formula_is_escaped(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


@pytest.mark.parametrize(
    ("url", "escaped"),
    [
        ("https://arxiv.org/abs/2404.02258v1", "https://arxiv.org/abs/2404.02258v1"),
        (
            "https://a.example/?q=1#:~:text=x,%20y",
            "https://a.example/?q=1#:~:text=x,%20y",
        ),
        (
            "https://a.example/><script>alert(1)</script>",
            "https://a.example/%3E%3Cscript%3Ealert(1)%3C/script%3E",
        ),
        ("https://a.example/ \n# x", "https://a.example/%20%0A#%20x"),
        ("javascript:alert(1)", ""),
        ("data:text/html,<b>", ""),
    ],
)
def test_addresses_cannot_leave_their_brackets(url: str, escaped: str) -> None:
    assert escape_url(url) == escaped
