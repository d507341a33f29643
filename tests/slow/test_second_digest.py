"""Another weekly list, followed in the same home by one entry in digests.toml."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rindoku.sample.content import SAMPLE_WEEK, sample_papers
from rindoku.sample.standin import StandIn
from rindoku.sample.x_posts import make_post
from tests.conftest import Rindoku
from tests.queries import answered_calls, select_rows
from tests.slow.conftest import Prefect

TWIN = "https://lists.example/{year}.md"
DIGEST = rf"""
[five]
account = "five_papers"
series = "Five Papers"
heading = '\bfive\s+papers\s+to\s+read\b'
numbering = '#(?P<rank>\d)'
entries = 5
twin = "{TWIN}"
days = {{ first = -2, due = -2, last = 1, overdue = 4 }}

[five.title]
ja = "{{series}}:{{starts_on}}から{{ends_on}}まで"
"""
ACCOUNT_ID = "55"
HEADING = "Five papers to read (April 1 - April 7)"
FRIDAY = datetime(2024, 4, 5, 16, tzinfo=UTC)


def arxiv_ids() -> list[str]:
    """Papers of the sample week; the other list has them in another order."""
    return [paper.arxiv for paper in sample_papers() if paper.arxiv][4::-1]


def posts() -> list[dict[str, Any]]:
    """The list as the account posts it; the last entry has no link."""
    root = make_post(FRIDAY, HEADING, author=ACCOUNT_ID)
    thread = [root]
    for rank, arxiv_id in enumerate(arxiv_ids(), 1):
        link = f" https://arxiv.org/abs/{arxiv_id}" if rank < 5 else ""
        at = FRIDAY + timedelta(seconds=rank)
        text = f"#{rank} Paper {rank} - worth reading.{link}"
        thread.append(
            make_post(at, text, root=root, parent=thread[-1], author=ACCOUNT_ID)
        )
    return thread


def year_file() -> str:
    rows = [
        f"| #{rank} **Paper {rank}** - short. | [Paper](https://arxiv.org/abs/{paper})"
        for rank, paper in enumerate(arxiv_ids(), 1)
    ]
    return "\n".join([f"## {HEADING}", "| **Paper** | **Links** |", *rows])


def test_a_second_digest_beside_the_first(
    prefect: Prefect,
    rindoku_here: Rindoku,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "digests.toml").write_text(DIGEST, encoding="utf-8")
    with StandIn() as standin:
        standin.x.accounts["five_papers"] = ACCOUNT_ID
        standin.x.post(posts())
        standin.put(TWIN.format(year=2024), year_file(), "text/plain")
        env = prefect.environment_of(standin, home)
        first = rindoku_here("run", SAMPLE_WEEK, **env)
        assert first.returncode == 0, first.stdout + first.stderr
        paid = len(answered_calls(standin))
        five = rindoku_here("run", SAMPLE_WEEK, "--digest", "five", **env)
        assert five.returncode == 0, five.stdout + five.stderr
        assert "complete: 5 entries" in five.stdout
        # The papers were explained for the first digest.
        assert len(answered_calls(standin)) == paid
        again = rindoku_here("run", SAMPLE_WEEK, "--digest", "five", **env)
        assert "nothing was done" in again.stdout
    article = (home / "articles" / "five" / f"{SAMPLE_WEEK}.ja.md").read_text("utf-8")
    assert article.startswith("# Five Papers:2024-04-01から2024-04-07まで")
    assert "[@five_papers](https://x.com/five_papers)" in article
    assert "dair_ai" not in article
    assert (home / "articles" / f"{SAMPLE_WEEK}.ja.md").is_file()
    shown = rindoku_here("show", SAMPLE_WEEK, **env)
    assert "complete: 10 entries" in shown.stdout
    monkeypatch.setenv("RINDOKU_HOME", str(home))
    sightings = select_rows(
        "SELECT digest, source, count(*) AS entries FROM sightings "
        "JOIN entries USING (sighting_id) GROUP BY ALL ORDER BY ALL"
    )
    assert [tuple(row.values()) for row in sightings] == [
        ("dair_ai", "twin", 10),
        ("dair_ai", "x", 10),
        ("five", "twin", 5),
        ("five", "x", 5),
    ]


def test_a_digest_that_does_not_exist(rindoku: Rindoku, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = rindoku("run", "last", "--digest", "five", "--home", str(home))
    assert done.returncode == 2, done.stderr
    assert "There is no digest 'five'." in done.stderr
    assert "dair_ai" in done.stderr
    assert not home.exists()
