"""The inbox: replies and batches on disk that are not in the archive yet."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rindoku.errors import HomeUnusable, ReplyLost
from rindoku.llm.inbox import SPACE_BYTES, Inbox, RawReply

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


# A process that buys: it enters, works for a while, leaves, and removes its files
# slowly, so that another one can take the lock in between.
BUYER = """
import sys, time
from pathlib import Path
from rindoku.llm.inbox import Inbox

unlink = Path.unlink
def unlink_slowly(path, missing_ok=False):
    time.sleep(0.6)
    unlink(path, missing_ok=missing_ok)
Path.unlink = unlink_slowly

name, home, log = sys.argv[1], Path(sys.argv[2]), open(sys.argv[3], "a", buffering=1)
print("started", flush=True)
with Inbox(home).lock_generation("b2:1"):
    log.write(f"{name} in\\n")
    time.sleep(0.9)
    log.write(f"{name} out\\n")
"""


def test_of_three_processes_only_one_at_a_time_buys_a_generation(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    buyers = []
    for name in "abc":
        command = [sys.executable, "-c", BUYER, name, str(tmp_path), str(log)]
        buyers.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        time.sleep(0.5)
    for buyer in buyers:
        with buyer:
            assert buyer.wait(30) == 0
    lines = [line.split() for line in log.read_text().splitlines()]
    assert len(lines) == 6
    for entered, left in zip(lines[::2], lines[1::2], strict=True):
        assert entered[0] == left[0], f"two were in at once: {lines}"
        assert (entered[1], left[1]) == ("in", "out")
    assert not list((tmp_path / "inbox").glob("*.lock"))


def test_a_lock_that_is_held_keeps_its_file(inbox: Inbox, tmp_path: Path) -> None:
    with inbox.lock_call("b2:1"):
        inbox.remove_reply("b2:1")
        assert (tmp_path / "inbox" / "b2-1.call").exists()
    inbox.remove_reply("b2:1")
    assert not (tmp_path / "inbox" / "b2-1.call").exists()


@pytest.fixture
def full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Fills the disk: so many bytes more fit than the inbox has now."""
    fsync, folder = os.fsync, tmp_path / "inbox"

    def used() -> int:
        return sum(path.stat().st_size for path in folder.iterdir())

    def fill(free: int) -> None:
        most = used() + free

        def sync(descriptor: int) -> None:
            if used() > most:
                raise OSError(errno.ENOSPC, "No space left on device")
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", sync)

    return fill


def test_a_reply_that_arrives_when_the_disk_is_full_is_kept(
    inbox: Inbox, tmp_path: Path, full_disk: Callable[[int], None]
) -> None:
    inbox.keep_space()
    inbox.keep_space()
    assert (tmp_path / "inbox" / "space").stat().st_size == SPACE_BYTES
    full_disk(0)
    inbox.keep_reply(REPLY)
    inbox.keep_confirmation("batch", "msgbatch_1")
    assert inbox.find_reply("b2:1") == REPLY
    assert inbox.find_confirmation("batch") == "msgbatch_1"
    with pytest.raises(HomeUnusable, match="is full"):
        inbox.keep_space()
    names = {path.name for path in (tmp_path / "inbox").iterdir()}
    assert names == {"b2-1.json", "batch.json"}, "no half file is left"


def test_a_reply_that_does_not_fit_is_lost_with_a_remedy(
    inbox: Inbox, tmp_path: Path, full_disk: Callable[[int], None]
) -> None:
    (tmp_path / "inbox").mkdir()
    full_disk(0)
    with pytest.raises(ReplyLost, match="Free some space"):
        inbox.keep_reply(REPLY)
    assert list((tmp_path / "inbox").iterdir()) == []
