"""The inbox after kills: what the archive has is swept by the next run."""

import os
from pathlib import Path

import pytest

from rindoku.archive.calls import confirm_batch, save_batch
from rindoku.explain import explain_document, repair_explanation
from rindoku.llm import sweep_inbox
from rindoku.llm.inbox import Inbox
from rindoku.run import Run
from rindoku.sample import StandIn
from rindoku.settings import Settings
from tests.queries import count_model_calls


@pytest.fixture
def inbox(settings: Settings) -> Path:
    return settings.home_path / "inbox"


def names(inbox: Path) -> set[str]:
    return {path.name for path in inbox.iterdir()}


def test_the_reply_of_a_repair_that_was_killed_is_swept(
    standin: StandIn, document_id: str, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation_id = explain_document(Run("first"), document_id)
    with monkeypatch.context() as patch:
        # Killed when the archive has the repair, and the inbox too.
        patch.setattr(Inbox, "remove_reply", lambda *_: None)
        assert repair_explanation(Run("first"), generation_id)
    calls = count_model_calls(standin)
    # The next run sees that the repair is there, and asks for none.
    repair_explanation(Run("second"), generation_id)
    assert len(list(inbox.glob("*.json"))) == 1
    sweep_inbox(Run("second"))
    assert names(inbox) == {"space"}
    assert count_model_calls(standin) == calls


def test_a_reply_that_is_not_saved_yet_stays(
    document_id: str, inbox: Path, settings: Settings
) -> None:
    inbox.mkdir()
    (inbox / "b2-1.json").write_text("{}")
    sweep_inbox(Run("r"))
    assert "b2-1.json" in names(inbox)


def test_batches_are_swept_unless_they_wait_for_their_confirmation(
    document_id: str, inbox: Path, settings: Settings
) -> None:
    ours = Inbox(settings.home_path)
    run = Run("r")
    for batch_key in ("b2:confirmed", "b2:waits", "b2:unknown"):
        ours.keep_requests(batch_key, [])
    ours.keep_confirmation("b2:confirmed", "id")
    ours.keep_confirmation("b2:waits", "id")
    with run.archive.write() as con:
        for batch_key in ("b2:confirmed", "b2:waits"):
            save_batch(con, batch_key, 1, run.run_id)
        confirm_batch(con, "b2:confirmed", "id")
    sweep_inbox(run)
    assert {"b2-waits.json", "b2-waits.requests"} <= names(inbox)
    assert not any("confirmed" in name or "unknown" in name for name in names(inbox))


def test_while_another_process_submits_batches_stay(
    document_id: str, inbox: Path, settings: Settings
) -> None:
    ours = Inbox(settings.home_path)
    ours.keep_requests("b2:unknown", [])
    with ours.lock_batches():
        sweep_inbox(Run("r"))
    assert "b2-unknown.requests" in names(inbox)


def test_what_killed_processes_were_writing_is_swept(
    document_id: str, inbox: Path, settings: Settings
) -> None:
    inbox.mkdir()
    # No process has so high a number.
    for name in ("b2-1.4194305.part", "space.4194305.part", "b2-1.call", "b2-2.lock"):
        (inbox / name).touch()
    (inbox / f"b2-2.{os.getppid()}.part").touch()
    held = Inbox(settings.home_path).lock_call("b2:3")
    with held:
        sweep_inbox(Run("r"))
        assert names(inbox) == {f"b2-2.{os.getppid()}.part", "b2-3.call"}
