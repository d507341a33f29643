"""Functions that only read, while opening the archive for writing is an error."""

from pathlib import Path

import pytest

from rindoku.archive import Archive
from rindoku.explain import documents_to_explain, plan
from rindoku.explain.ask import find_targets
from rindoku.lists import get_saved_sighting
from rindoku.models import Outcome
from rindoku.papers import due_entries, papers_to_read
from rindoku.publish import outcome_of
from rindoku.publish.correct import get_answer
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK
from tests.queries import select_rows


def test_the_read_functions_leave_the_writers_file_untouched(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Archive) -> None:
        raise AssertionError("opened for writing")

    before = Archive(home).writer_path.read_bytes()
    monkeypatch.setattr(Archive, "_open_for_writing", refuse)
    run = Run("reading")
    [sighting] = select_rows("SELECT sighting_id FROM current_sightings")
    assert get_saved_sighting(run, sighting["sighting_id"]).week == SAMPLE_WEEK
    assert papers_to_read(run, sighting["sighting_id"]) == []
    assert documents_to_explain(run, sighting["sighting_id"]) == []
    assert outcome_of(run, SAMPLE_WEEK) == Outcome.COMPLETE
    assert plan(run, SAMPLE_WEEK).papers == ()
    assert due_entries(run, AS_OF) == []
    assert find_targets(run, f"{SAMPLE_WEEK}/3", "容量は?", 1)
    assert get_answer(run, f"{SAMPLE_WEEK}/3/1").status == "verified"
    assert Archive(home).writer_path.read_bytes() == before
