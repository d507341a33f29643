"""`rindoku resolve`."""

import json
from pathlib import Path

from rindoku.sample import StandIn
from rindoku.settings import find_home
from tests.conftest import Rindoku, assert_fails


def test_a_saved_page_is_resolved_without_the_network(
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
    assert not find_home("").path.exists()


def test_candidates_are_confirmed_by_arxiv(rindoku: Rindoku) -> None:
    with StandIn() as standin:
        url = "https://research.myshell.ai/jetmoe"
        done = rindoku("resolve", url, "--json", **standin.environment())
    found = json.loads(done.stdout)
    expected = {
        "paper_id": "arxiv:2404.07413",
        "version": 1,
        "confirmed": True,
        "published_on": "2024-04-11",
    }
    assert {name: found[name] for name in expected} == expected
    assert found["authors"][0] == "Yikang Shen"
    assert found["candidates"][0]["title"].startswith("JetMoE")


def test_links_without_a_paper_are_reported(rindoku: Rindoku) -> None:
    with StandIn() as standin:
        env = standin.environment()
        dead = rindoku("resolve", "https://gone.example/paper", **env)
        post = rindoku("resolve", "https://x.com/a/status/1", **env)
    assert dead.returncode == 4
    assert "dead: https://gone.example/paper returned 404" in dead.stdout
    assert_fails(post, 2, "is a post on X")
