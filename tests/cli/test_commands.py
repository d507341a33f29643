"""The command line as its user meets it: messages, exit codes, JSON."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from rindoku.archive import Archive
from rindoku.archive.resolutions import save_link_checks
from rindoku.cli.doctor import diagnose
from rindoku.models import LinkCheck
from rindoku.sample.content import AS_OF, PDF_PATH, SAMPLE_WEEK
from rindoku.sample.standin import StandIn
from tests.conftest import Rindoku


def test_help_and_looking_import_nothing_heavy(sample_home: Path) -> None:
    """Speed is benchmarked; what makes it is that these modules are not imported."""
    code = (
        "import sys\nfrom rindoku.cli.app import app\n"
        "try:\n    app(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "heavy = {'prefect', 'anthropic', 'tweepy', 'polars', 'pyarrow', 'jinja2'}\n"
        "heavy &= set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    for arguments in (
        ["--help"],
        ["show", SAMPLE_WEEK],
        ["sql", "SELECT 1"],
        ["show", SAMPLE_WEEK, "--json"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=os.environ | {"RINDOKU_HOME": str(sample_home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["run", "2024-W60"], 2, "'2024-W60' is not a week"),
        (
            ["run", "2024-04-31"],
            2,
            "Write 2024-W14, a date in the week such as 2024-04-03, or last.",
        ),
        (["run", "2099-W01"], 2, "still to come"),
        (["show", "spring"], 2, "'spring' is not a week"),
        (["run", "--source", "facebook"], 2, "facebook"),
        (["render", SAMPLE_WEEK, "--form", "pdf"], 2, "pdf"),
        (["render", "2023-W05"], 1, "Run `rindoku run 2023-W05` first"),
        (["show", "2023-W05"], 3, ""),
        (["sql", "SELECT * FROM nowhere"], 2, "nowhere"),
        (["sql", "DELETE FROM weeks"], 2, "read-only"),
        (["sample", "serve", "--entries", "missing.jsonl"], 2, "missing.jsonl"),
    ],
)
def test_bad_input_is_named_with_the_remedy(
    rindoku: Rindoku, sample_home: Path, arguments: list[str], code: int, message: str
) -> None:
    done = rindoku(
        *arguments, RINDOKU_HOME=str(sample_home), NO_COLOR="1", COLUMNS="200"
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RINDOKU_QUESTIONS", "many"),
        ("RINDOKU_TIMEZONE", "Mars/Olympus"),
        ("RINDOKU_SOURCE", "facebook"),
        ("RINDOKU_FETCH_SECONDS", "0"),
        ("RINDOKU_FETCH_MEGABYTES", "lots"),
        ("RINDOKU_LANGUAGE", "xx"),
        ("RINDOKU_LOOPBACK_URL", "http://example.org:80"),
    ],
)
def test_a_bad_setting_is_named(rindoku: Rindoku, name: str, value: str) -> None:
    done = rindoku("run", SAMPLE_WEEK, **{name: value})
    assert done.returncode == 2
    assert name in done.stderr
    assert value in done.stderr


def test_a_home_that_cannot_be_used_is_named_before_anything_starts(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    done = rindoku("run", SAMPLE_WEEK, "--home", str(tmp_path / "file" / "home"))
    assert done.returncode == 1
    assert "is not writable" in done.stderr
    assert "--home" in done.stderr


def test_errors_are_json_where_json_was_asked_for(rindoku: Rindoku) -> None:
    done = rindoku("show", "never", "--json")
    assert done.returncode != 0
    assert "remedy" in json.loads(done.stdout)


def test_show_reports_and_sql_answers(rindoku: Rindoku, sample_home: Path) -> None:
    shown = rindoku("show", "last", RINDOKU_HOME=str(sample_home))
    assert shown.returncode == 0
    assert "complete: 10 entries, 99 questions answered, 97 verified" in shown.stdout
    report = json.loads(
        rindoku("show", SAMPLE_WEEK, "--json", RINDOKU_HOME=str(sample_home)).stdout
    )
    assert [e["rank"] for e in report["entries"]] == list(range(1, 11))
    rows = json.loads(
        rindoku(
            "sql",
            "SELECT rank, paper_id FROM week_entries WHERE rank = 7",
            "--json",
            RINDOKU_HOME=str(sample_home),
        ).stdout
    )
    assert rows == [{"rank": 7, "paper_id": "arxiv:2404.07413"}]
    listed = rindoku(
        "sql",
        "SELECT observed_at FROM sightings",
        RINDOKU_HOME=str(sample_home),
        RINDOKU_TIMEZONE="Asia/Tokyo",
    )
    assert "+09:00" in listed.stdout


def test_render_prints_or_writes(rindoku: Rindoku, sample_home: Path) -> None:
    printed = rindoku(
        "render", SAMPLE_WEEK, "--form", "md", RINDOKU_HOME=str(sample_home)
    )
    assert (
        printed.stdout
        == (sample_home / "articles" / f"{SAMPLE_WEEK}.ja.md").read_text()
    )


def test_the_doctor_says_what_to_do(rindoku: Rindoku, tmp_path: Path) -> None:
    done = rindoku("doctor", "--offline", "--json", "--home", str(tmp_path / "home"))
    checks = {c["name"]: c for c in json.loads(done.stdout)}
    assert done.returncode == 0
    assert checks["ANTHROPIC_API_KEY"]["state"] == "warn"
    assert ".env" in checks["ANTHROPIC_API_KEY"]["remedy"]
    (tmp_path / "file").write_text("")
    broken = rindoku(
        "doctor", "--offline", "--json", "--home", str(tmp_path / "file" / "home")
    )
    assert broken.returncode == 1
    assert {c["name"]: c["state"] for c in json.loads(broken.stdout)}["home"] == "fail"


def test_the_doctor_finds_what_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "rindoku.cli.doctor._reachable", lambda host, _port: host == "arxiv.org"
    )
    states = {c.name: c.state for c in diagnose(offline=False)}
    assert (states["arXiv's texts"], states["X"], states["the model"]) == (
        "ok",
        "fail",
        "fail",
    )


def test_the_stand_in_serves_by_hand(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "rindoku.cli", "sample", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        exports = dict(
            serving.stdout.readline().removeprefix("export ").strip().split("=", 1)
            for _ in range(4)
        )
        env = os.environ | exports | {"RINDOKU_HOME": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-m", "rindoku.cli", "doctor", "--json"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        serving.terminate()
    assert {c["name"]: c["state"] for c in json.loads(done.stdout)}[
        "stand-in"
    ] == "warn"


def test_resolve_decides_on_a_page_at_hand_without_the_network(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<h1>Zebra: Stripes for Transformers</h1><p>Ada Braun, Kei Ito</p>"
        '<a href="https://arxiv.org/abs/2402.00002v3">Paper</a>'
        '<div class="references">'
        '<a href="https://arxiv.org/abs/2307.09288">Llama 2</a></div>'
    )
    done = rindoku(
        "resolve",
        "https://zebra.example/?utm_source=x",
        "--page",
        str(page),
        "--no-confirm",
        "--json",
    )
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    expected = {
        "canonical": "https://zebra.example/",
        "kind": "arxiv",
        "paper_id": "arxiv:2402.00002",
        "version": 3,
        "title": "Zebra: Stripes for Transformers",
        "authors": ["Ada Braun", "Kei Ito"],
        "method": "arxiv id on the page",
        "confirmed": False,
        "published_on": None,
    }
    assert {name: found[name] for name in expected} == expected
    assert [c["arxiv_id"] for c in found["candidates"]] == [
        "2402.00002v3",
        "2307.09288",
    ]
    assert "'Paper'" in found["candidates"][0]["why"]
    assert not (tmp_path / "rindoku-home").exists()


def test_resolve_asks_arxiv_and_says_where_links_end(rindoku: Rindoku) -> None:
    with StandIn() as standin:
        env = standin.environment()
        found = json.loads(
            rindoku(
                "resolve", "https://research.myshell.ai/jetmoe", "--json", **env
            ).stdout
        )
        assert (found["paper_id"], found["version"], found["confirmed"]) == (
            "arxiv:2404.07413",
            1,
            True,
        )
        assert (found["published_on"], found["authors"][0]) == (
            "2024-04-11",
            "Yikang Shen",
        )
        assert found["candidates"][0]["title"].startswith("JetMoE")
        dead = rindoku("resolve", "https://gone.example/paper", **env)
        assert dead.returncode == 4
        assert "dead: https://gone.example/paper answers 404" in dead.stdout
        post = rindoku("resolve", "https://x.com/a/status/1", **env)
        assert (post.returncode, "is a post, not a paper" in post.stderr) == (2, True)


def test_text_of_a_file_an_address_and_a_paper(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn() as standin:
        env = standin.environment() | {"RINDOKU_HOME": str(tmp_path / "home")}
        pdf = json.loads(rindoku("text", str(PDF_PATH), "--json", **env).stdout)
        assert (pdf["format"], pdf["pages"], pdf["quality"]) == ("pdf", 2, 1.0)
        assert all(
            0 <= s["start"] < s["end"] <= len(pdf["text"]) for s in pdf["sections"]
        )
        page = rindoku("text", "https://swe-agent.com/", **env)
        assert page.stdout.startswith("SWE-agent\n")
        assert "web page from page" in page.stderr
        for name in ("2404.02258", "https://arxiv.org/pdf/2404.02258v1"):
            paper = json.loads(rindoku("text", name, "--json", **env).stdout)
            assert (paper["paper_id"], paper["grounding"], paper["format"]) == (
                "arxiv:2404.02258",
                "full text",
                "html",
            )
        assert sum("/html/" in a.target for a in standin.log) == 1, (
            "what was read is not fetched again"
        )
        for bad, code, message in (
            ("no-such-file", 2, "is not a file"),
            ("2404.99999", 1, "has no paper"),
            ("https://gone.example/", 1, "404"),
        ):
            done = rindoku("text", bad, **env)
            assert (
                done.returncode,
                message in done.stderr,
                "Traceback" in done.stderr,
            ) == (code, True, False)


def test_show_says_what_became_of_links(
    rindoku: Rindoku, sample_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    with Archive(home).write() as con:
        entry = con.execute(
            "SELECT entry_id FROM week_entries WHERE rank = 2"
        ).fetchone()
        assert entry is not None
        checks = [
            LinkCheck(
                "https://a.example/", "paywalled", "https://a.example/ answers 403."
            ),
            LinkCheck("https://b.example/", "moved", "", "https://c.example/"),
        ]
        save_link_checks(con, entry[0], checks, AS_OF + timedelta(days=1), "test")
    Archive(home).publish()
    shown = rindoku("show", SAMPLE_WEEK, RINDOKU_HOME=str(home)).stdout
    assert "2. link paywalled: https://a.example/ answers 403." in shown
    assert "2. link moved: https://b.example/ is now https://c.example/" in shown
    listed = json.loads(
        rindoku("show", SAMPLE_WEEK, "--json", RINDOKU_HOME=str(home)).stdout
    )["links"]
    assert {link["state"] for link in listed} == {"read", "paywalled", "moved"}
