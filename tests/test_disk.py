"""Paths that users give: whatever is wrong with one, a line says what and where."""

import errno
import socket
import subprocess
from pathlib import Path

import pytest

from rindoku.disk import check_folder, folder_errors
from rindoku.errors import (
    BadInput,
    HomeUnusable,
    Unexpected,
    disk_reason,
    known_error,
)
from rindoku.settings import Settings
from tests.conftest import Rindoku

NEEDS_PROC = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")


def make_bad_path(kind: str, folder: Path) -> str:
    """A path at which no folder can be made, and what is wrong with it, by its name."""
    (folder / "file").write_text("in the way")
    (folder / "dangling").symlink_to(folder / "nowhere" / "at all")
    (folder / "loop").symlink_to(folder / "loop")
    paths = {
        "proc": "/proc/x",
        "device": "/dev/null/x",
        "file": folder / "file",
        "in a file": folder / "file" / "x",
        "long": folder / ("n" * 300),
        "dangling": folder / "dangling",
        "in dangling": folder / "dangling" / "x",
        "loop": folder / "loop",
        "in a loop": folder / "loop" / "x",
        "user": "~no-such-user/x",
    }
    return str(paths[kind])


# What is said of each path.
REASONS = {
    "proc": "no folder can be made in /proc",
    "device": "/dev/null is not a folder",
    "file": "file is not a folder",
    "in a file": "file is not a folder",
    "long": "too long",
    "dangling": "dangling is a link to",
    "in dangling": "dangling is a link to",
    "loop": "loop is a link that leads to itself",
    "in a loop": "loop is a link that leads to itself",
    "user": "no such user",
}
PATHS = [
    pytest.param(kind, marks=NEEDS_PROC if kind == "proc" else ()) for kind in REASONS
]
# Commands that make a home, or publish to a folder.
COMMANDS = (
    ["run", "2024-W14"],
    ["ask", "2024-W14", "Why?"],
    ["text", "2404.02258"],
)


@pytest.mark.parametrize("kind", PATHS)
def test_a_home_that_cannot_be_made_is_named_with_the_reason(
    kind: str, tmp_path: Path, main: Rindoku
) -> None:
    path = make_bad_path(kind, tmp_path)
    for command in COMMANDS:
        done = main(*command, RINDOKU_HOME=path)
        assert done.returncode in {1, 2}
        assert "rindoku: " in done.stderr
        assert REASONS[kind] in done.stderr, command
        assert "RINDOKU_HOME" in done.stderr
        assert "bug" not in done.stderr
    for command in (["show"], ["restore"], ["render", "2024-W14"], ["sql", "FROM x"]):
        done = main(*command, RINDOKU_HOME=path)
        assert done.returncode in {1, 2}
        assert "bug" not in done.stderr, command
    doctor = main("doctor", "--offline", RINDOKU_HOME=path)
    assert doctor.returncode == 1, doctor.stderr
    assert REASONS[kind] in " ".join(doctor.stdout.split())


@pytest.mark.parametrize("kind", PATHS)
def test_a_published_folder_that_cannot_be_made_is_named_with_the_reason(
    kind: str, home: Path, tmp_path: Path, main: Rindoku
) -> None:
    path = make_bad_path(kind, tmp_path)
    for command in (["run", "2024-W14"], ["render", "2024-W14"], ["show", "2024-W14"]):
        done = main(*command, RINDOKU_PUBLISHED=path)
        assert done.returncode in {1, 2}
        assert REASONS[kind] in done.stderr, command
        assert "RINDOKU_PUBLISHED" in done.stderr
        assert "bug" not in done.stderr
    doctor = main("doctor", "--offline", RINDOKU_PUBLISHED=path)
    assert doctor.returncode == 1, doctor.stderr
    assert REASONS[kind] in " ".join(doctor.stdout.split())


@pytest.mark.parametrize("kind", ["proc", "long", "loop", "dangling", "in a file"])
def test_a_path_that_is_read_is_never_a_bug(
    kind: str, home: Path, tmp_path: Path, main: Rindoku
) -> None:
    path = make_bad_path(kind, tmp_path)
    for command in (
        ["entries", "2024-W14", "--source", path],
        ["text", path],
        ["text", f"https://example.org/{'long' * 100}"],
        ["audit", "--document", path, "--generation", path],
        ["resolve", "https://example.org/a", "--page", path, "--no-confirm"],
    ):
        done = main(*command, RINDOKU_LOOPBACK_URL="http://127.0.0.1:9")
        assert done.returncode in {1, 2}
        assert "bug" not in done.stderr, command


def test_a_read_only_disk_is_named(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "none", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("not allowed to mount a disk")
    try:
        with pytest.raises(HomeUnusable, match="read-only") as error:
            check_folder(disk / "home", "RINDOKU_HOME")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert "RINDOKU_HOME" in error.value.remedy


def test_a_check_leaves_no_folder_behind(tmp_path: Path) -> None:
    check_folder(tmp_path / "a" / "b", "RINDOKU_HOME")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "there").mkdir()
    check_folder(tmp_path / "there", "RINDOKU_HOME")
    assert list((tmp_path / "there").iterdir()) == []


def test_an_error_of_the_file_system_is_none_of_ours() -> None:
    missing = FileNotFoundError(errno.ENOENT, "No such file", "/proc/x")
    assert isinstance(known_error(missing), HomeUnusable)
    assert "/proc/x" in known_error(missing).message
    assert isinstance(known_error(OSError(errno.EIO, "Input/output")), HomeUnusable)
    assert isinstance(known_error(ConnectionError("no reply")), Unexpected)
    assert isinstance(known_error(socket.gaierror(-2, "unknown")), Unexpected)
    assert isinstance(known_error(KeyError("x")), Unexpected)
    same = BadInput("wrong")
    assert known_error(same) is same


def test_errors_of_the_network_pass_through(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError), folder_errors(tmp_path, "RINDOKU_HOME"):
        raise TimeoutError(errno.ETIMEDOUT, "timed out")


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    with (
        pytest.raises(HomeUnusable, match="is full"),
        folder_errors(tmp_path, "RINDOKU_HOME"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_the_reason_names_what_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = NotADirectoryError(errno.ENOTDIR, "Not a directory", "x")
    reason = disk_reason(error, tmp_path / "file" / "a" / "b")
    assert reason == f"{tmp_path / 'file'} is not a folder"


def test_a_folder_of_nobody_is_wrong_input() -> None:
    with pytest.raises(BadInput, match="RINDOKU_PUBLISHED is '~no-such-user/x'"):
        _ = Settings(published="~no-such-user/x").published_path


def test_a_run_without_a_cache_folder_is_told(home: Path, main: Rindoku) -> None:
    done = main("resolve", "https://arxiv.org/abs/1", XDG_CACHE_HOME="/dev/null/x")
    assert "bug" not in done.stderr
