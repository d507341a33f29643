"""Resolving the entries of a week."""

import json
from pathlib import Path

from rindoku.lists import list_week, observe_week
from rindoku.papers import entries_to_look_up, look_up_entry, resolve_entries
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK, sample_papers
from rindoku.settings import Settings


def test_a_rerun_opens_unreachable_links_again_and_dead_ones_not(
    settings: Settings, tmp_path: Path
) -> None:
    arxiv_ids = [paper.arxiv for paper in sample_papers() if paper.arxiv]
    urls = ["https://gone.example/a", "https://busy.example/b"]
    urls += [f"https://arxiv.org/abs/{arxiv_id}" for arxiv_id in arxiv_ids]
    rows = [
        {
            "week": SAMPLE_WEEK,
            "rank": rank,
            "title": f"Paper {rank}",
            "links": [{"label": "Paper", "url": url}],
        }
        for rank, url in enumerate(urls, 1)
    ]
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    run = Run("test")
    payloads = observe_week(run, SAMPLE_WEEK, str(path), AS_OF)
    sighting = list_week(run, SAMPLE_WEEK, payloads, AS_OF).sighting_id
    gone, busy = entries_to_look_up(run, sighting)
    candidates = [look_up_entry(run, gone)]
    failed = {busy: "busy.example did not answer."}
    assert resolve_entries(run, sighting, candidates, AS_OF, failed) == []
    assert entries_to_look_up(run, sighting) == [busy]
    with run.archive.read_latest() as con:
        states = con.execute(
            "SELECT rank, state, resolved_by "
            "FROM link_checks JOIN week_entries USING (entry_id) ORDER BY rank"
        ).fetchall()
    assert states == [
        (1, "dead", "https://gone.example/a returned 404."),
        (2, "unreachable", "busy.example did not answer."),
    ]
