"""The inbox: replies and batches on disk that are not in the archive yet."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rindoku.llm.inbox import Inbox, RawReply

REPLY = RawReply(
    call_id="call",
    generation_id="b2:1",
    request_id=None,
    url="https://api.example/v1/messages",
    body=b'{"content": "\xe5\x9b\x9e\xe7\xad\x94 \xff"}',
    arrived_at=datetime(2024, 4, 8, 6, 30, tzinfo=UTC),
)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


def test_a_reply_is_found_as_it_arrived(inbox: Inbox) -> None:
    inbox.keep_reply(REPLY)
    assert inbox.find_reply("b2:1") == REPLY, "even bytes that are not UTF-8"
    assert inbox.find_reply("b2:2") is None


def test_a_removed_reply_leaves_no_file(inbox: Inbox, tmp_path: Path) -> None:
    inbox.keep_reply(REPLY)
    inbox.remove_reply("b2:1")
    assert inbox.find_reply("b2:1") is None
    assert list((tmp_path / "inbox").iterdir()) == []
    inbox.remove_reply("b2:1")


def test_a_killed_write_leaves_no_reply(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "b2-1.part").write_text('{"call_id"')
    assert inbox.find_reply("b2:1") is None
    inbox.keep_reply(REPLY)
    assert inbox.find_reply("b2:1") == REPLY


def test_a_batch_has_requests_and_later_a_confirmation(
    inbox: Inbox, tmp_path: Path
) -> None:
    requests = [{"custom_id": "b2-1", "params": {"model": "模型"}}]
    assert inbox.find_requests("batch") is None
    inbox.keep_requests("batch", requests)
    assert inbox.find_confirmation("batch") is None
    inbox.keep_confirmation("batch", "msgbatch_1")
    assert inbox.find_requests("batch") == requests
    assert inbox.find_confirmation("batch") == "msgbatch_1"
    inbox.remove_batch("batch")
    assert list((tmp_path / "inbox").iterdir()) == []


def test_the_lock_of_a_generation_is_removed_after_use(
    inbox: Inbox, tmp_path: Path
) -> None:
    with inbox.lock_generation("b2:1"):
        assert [path.name for path in (tmp_path / "inbox").iterdir()] == ["b2-1.lock"]
    assert list((tmp_path / "inbox").iterdir()) == []
