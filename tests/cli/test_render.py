"""`rindoku render`."""

from pathlib import Path

from rindoku.sample import SAMPLE_WEEK
from tests.conftest import Rindoku


def test_the_printed_article_is_the_published_one(rindoku: Rindoku, home: Path) -> None:
    printed = rindoku("render", SAMPLE_WEEK, "--form", "md")
    published = (home / "articles" / f"{SAMPLE_WEEK}.ja.md").read_text()
    assert printed.stdout == published
