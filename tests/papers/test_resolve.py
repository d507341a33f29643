"""Resolving the entries of a week."""

import json
from pathlib import Path

import pytest

from rindoku.lists import observe
from rindoku.papers import resolve as resolving
from rindoku.run import Run
from rindoku.sample.content import AS_OF, SAMPLE_WEEK, sample_papers
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings


@pytest.fixture
def run(settings: Settings) -> Run:
    return Run("test")


def test_a_dead_link_is_not_asked_again_by_a_rerun_and_an_unreachable_one_is(
    standin: StandIn, settings: Settings, tmp_path: Path
) -> None:
    rows = [
        {
            "week": SAMPLE_WEEK,
            "rank": rank,
            "title": f"Paper {rank}",
            "links": [{"label": "Paper", "url": url}],
        }
        for rank, url in enumerate(
            [
                "https://gone.example/a",
                "https://busy.example/b",
                *(
                    f"https://arxiv.org/abs/{p.arxiv}"
                    for p in sample_papers()
                    if p.arxiv
                ),
            ],
            1,
        )
    ]
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    run = Run("test")
    sighting = observe.list_week(
        run,
        SAMPLE_WEEK,
        observe.observe_week(run, SAMPLE_WEEK, str(path), AS_OF),
        AS_OF,
    ).sighting_id
    gone, busy = resolving.entries_to_look_up(run, sighting)
    candidates = [resolving.look_up_entry(run, gone)]
    assert (
        resolving.resolve_entries(
            run, sighting, candidates, AS_OF, {busy: "busy.example did not answer."}
        )
        == 8
    )
    assert resolving.entries_to_look_up(run, sighting) == [busy]
    with run.archive.write() as con:
        states = con.execute(
            "SELECT rank, state, resolved_by FROM link_checks JOIN week_entries USING (entry_id) ORDER BY rank"
        ).fetchall()
    assert states == [
        (1, "dead", "https://gone.example/a answers 404."),
        (2, "unreachable", "busy.example did not answer."),
    ]
