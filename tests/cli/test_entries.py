"""`entries`, `diff`, `forget`, and lists given by hand."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.archive import Archive
from rindoku.archive.rows import fetch_rows
from rindoku.errors import BadInput, EmptyThread
from rindoku.lists.contract import assemble, check_age, make_link, posted_on
from rindoku.lists.differences import compare
from rindoku.lists.files import parse_file
from rindoku.models import Entry
from rindoku.sample.content import sample_week
from rindoku.sample.pages import year_file
from rindoku.sample.standin import StandIn
from rindoku.weeks import Heading
from tests.conftest import SHARED, Rindoku

APRIL = Heading(
    "Top AI Papers of the Week (April 1 - April 7)", date(2024, 4, 1), date(2024, 4, 7)
)


def entry(rank: int, title: str, *urls: str) -> Entry:
    return Entry("", rank, title, "", tuple(make_link(u) for u in urls))


PASTED = """Top AI Papers of the Week (April 1 - April 7):

1) Many-shot Jailbreaking - long prompts https://www.anthropic.com/research/many-shot-jailbreaking
2. SWE-Agent: fixes issues
https://github.com/princeton-nlp/SWE-agent
"""


def test_a_pasted_thread_is_read() -> None:
    [week] = parse_file(PASTED.encode(), "pasted.txt", date(2024, 4, 8))
    assert [
        (e.rank, e.title, [link.url for link in e.links]) for e in week.entries
    ] == [
        (
            1,
            "Many-shot Jailbreaking",
            ["https://www.anthropic.com/research/many-shot-jailbreaking"],
        ),
        (2, "SWE-Agent", ["https://github.com/princeton-nlp/SWE-agent"]),
    ]
    assert (week.week, week.source) == ("2024-W14", "file")
    assert any("lacks rank" in f.message for f in week.findings)


def test_markdown_and_json_are_read_alike(tmp_path: Path) -> None:
    [markdown] = parse_file(
        year_file(2024, [sample_week()]).encode(), "2024.md", date(2026, 1, 1)
    )
    rows = [
        {
            "week": "2024-W14",
            "rank": e.rank,
            "title": e.title,
            "links": [{"label": link.label, "url": link.url} for link in e.links],
        }
        for e in markdown.entries
    ]
    for text in (json.dumps(rows), "\n".join(map(json.dumps, rows))):
        [found] = parse_file(text.encode(), "week.json", date(2026, 1, 1))
        assert [(e.rank, e.title, e.links) for e in found.entries] == [
            (e.rank, e.title, e.links) for e in markdown.entries
        ]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("[{]", BadInput, "is not JSON"),
        ('[{"rank": 1}]', BadInput, "Entry 1 of list"),
        (
            '[{"week": "2024-W14", "rank": "x", "title": "t", "links": []}]',
            BadInput,
            "Entry 1 of list",
        ),
        ("nothing of the kind", BadInput, "lists no week"),
        ("", BadInput, "lists no week"),
        (
            "Top AI Papers of the Week (April 1 - April 7)",
            EmptyThread,
            "no numbered entry",
        ),
    ],
)
def test_what_cannot_be_used_is_named(
    text: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        parse_file(text.encode(), "list", date(2024, 4, 8))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_a_clear_error(body: bytes) -> None:
    try:
        parse_file(body, "list", date(2024, 4, 8))
    except (BadInput, EmptyThread):
        return


def test_sources_are_compared_by_id_then_name() -> None:
    x = assemble(
        "x",
        APRIL,
        "1",
        [
            entry(1, "Eurus", "https://arxiv.org/abs/2404.02078"),
            entry(2, "Only on X"),
            entry(3, "ReFT: a way"),
        ],
    )
    twin = assemble(
        "twin",
        APRIL,
        "t",
        [
            entry(1, "ReFT"),
            entry(2, "Advancing reasoning", "https://arxiv.org/pdf/2404.02078v1"),
            entry(3, "Only there"),
        ],
    )
    findings, pairs = compare(x, twin)
    assert [(a.title, b.title) for a, b in pairs] == [
        ("Eurus", "Advancing reasoning"),
        ("ReFT: a way", "ReFT"),
    ]
    messages = " ".join(f.message for f in findings)
    for part in (
        "'Only on X', is not in twin",
        "twin lists 'Only there'",
        "Entry 1 is at rank 2 in twin",
        "called 'Advancing reasoning'",
    ):
        assert part in messages


def test_posts_long_before_the_week_are_findings() -> None:
    old = str(((1_600_000_000_000 - 1_288_834_974_657) << 22) + 7)
    week = assemble(
        "twin",
        APRIL,
        "t",
        [
            entry(1, "A", f"https://x.com/a/status/{old}"),
            entry(2, "B", "https://x.com/a/status/1775782800362242157"),
        ],
    )
    assert str(posted_on(old)) == "2020-09-13"
    assert [f.message for f in check_age(week)] == [
        "Entry 1 links a post of 2020-09-13, long before the week."
    ]


def test_doubles_and_shared_ids_are_findings() -> None:
    week = assemble(
        "twin",
        APRIL,
        "t",
        [
            entry(8, "A", "https://arxiv.org/abs/2404.00001"),
            entry(8, "B", "https://arxiv.org/pdf/2404.00001v2"),
        ],
    )
    messages = " ".join(f.message for f in week.findings)
    assert "lists rank 8 2 times" in messages
    assert "arXiv 2404.00001 is linked by 2 entries" in messages


def test_entries_and_diff_show_the_sources(rindoku: Rindoku, tmp_path: Path) -> None:
    with StandIn() as standin:
        env = standin.environment() | {"RINDOKU_HOME": str(tmp_path / "home")}
        for source in ("x", "twin"):
            done = rindoku("entries", "2024-W14", "--source", source, "--json", **env)
            assert done.returncode == 0, done.stderr
            rows = [json.loads(line) for line in done.stdout.splitlines()]
            assert [(r["rank"], r["title"], r["source"]) for r in rows] == [
                (e.rank, e.title, source) for e in sample_week().entries
            ]
        assert not [
            a for a in standin.log if "/v1/" in a.target or "/api/query" in a.target
        ]
    shown = rindoku("diff", "2024-W14", **env)
    assert shown.returncode == 0
    assert "x" in shown.stdout.splitlines()[0]
    assert "Mixture-of-Depths" in shown.stdout
    assert rindoku("diff", "2023-W05", **env).returncode == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded year files are not here")
def test_a_recorded_year_is_listed_as_by_hand(rindoku: Rindoku) -> None:
    done = rindoku("entries", "--source", str(SHARED / "dair-ai" / "2024.md"), "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    wanted = [
        json.loads(line)
        for line in (SHARED / "dair-ai" / "weeks-2023-2024.jsonl")
        .read_text()
        .splitlines()
    ]
    keys = ("week", "starts_on", "ends_on", "heading", "rank", "title")

    def facts(row: dict) -> tuple:
        return *(row[k] for k in keys), *(
            (link["label"], link["url"]) for link in row["links"]
        )

    assert sorted(map(facts, rows)) == sorted(
        facts(r) for r in wanted if r["file"] == "years/2024.md"
    )
    shared = [
        f["message"]
        for r in rows
        if r["week"] == "2024-W33"
        for f in r["findings"]
        if f["check"] == "identifiers"
    ]
    assert len(shared) == 1, "two entries of that week carry the same id upstream"


def test_a_file_is_a_source_of_a_run_and_its_missing_week_is_named(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text(PASTED)
    wrong = rindoku("entries", "2024-W20", "--source", "list.txt")
    assert wrong.returncode == 1
    assert "list.txt does not list 2024-W20" in wrong.stderr
    assert rindoku("run", "2024-W14", "--source", "no-such-file").returncode == 2


def test_a_local_clone_of_the_twin_is_a_source(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    (tmp_path / "clone" / "years").mkdir(parents=True)
    (tmp_path / "clone" / "years" / "2024.md").write_text(
        year_file(2024, [sample_week()])
    )
    for arguments in (["2024-W14"], []):
        done = rindoku("entries", *arguments, "--source", "clone", "--json")
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) == 10
    missing = rindoku("entries", "2023-W14", "--source", "clone")
    assert missing.returncode == 2
    assert "no year file for 2023" in missing.stderr


def test_a_forgotten_post_leaves_its_id_and_nothing_else(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn() as standin:
        env = standin.environment() | {"RINDOKU_HOME": str(tmp_path / "home")}
        assert rindoku("entries", "2024-W14", "--source", "x", **env).returncode == 0
    archive = Archive(tmp_path / "home")
    with archive.write() as con:
        [post] = fetch_rows(
            con, "SELECT post_id, text FROM raw.post_texts WHERE text LIKE '3).%'"
        )
    done = rindoku("forget", post["post_id"], **env)
    assert done.returncode == 0, done.stderr
    with archive.read() as con:
        assert (
            fetch_rows(
                con,
                "SELECT 1 FROM raw.post_texts WHERE post_id = $i",
                i=post["post_id"],
            )
            == []
        )
        assert (
            fetch_rows(
                con,
                "SELECT 1 FROM raw.payloads WHERE contains(decode(body), $i)",
                i=post["post_id"],
            )
            == []
        )
        assert fetch_rows(
            con,
            "SELECT forgotten_at IS NOT NULL AS gone FROM posts WHERE post_id = $i",
            i=post["post_id"],
        ) == [{"gone": True}]
    assert b"each block of the transformer picks" not in archive.path.read_bytes()
    assert "already" in rindoku("forget", post["post_id"], **env).stdout
    assert rindoku("forget", "1", **env).returncode == 1
    assert rindoku("forget", "abc", **env).returncode == 2


def test_posts_that_x_no_longer_has_are_found_and_forgotten(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with StandIn() as standin:
        env = standin.environment() | {"RINDOKU_HOME": str(home)}
        assert rindoku("entries", "2024-W14", "--source", "x", **env).returncode == 0
        gone = standin.x.posts.pop(3)["id"]
        assert rindoku("forget", "--check", **env).returncode == 1, "nobody said yes"
        done = rindoku("forget", "--check", "--yes", **env)
    assert done.returncode == 0, done.stderr
    assert "13 posts checked, 1 are gone" in done.stdout
    assert f"Post {gone} is forgotten" in done.stdout
