"""Folders that a user names: made and checked, with one message for what is wrong."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

from rindoku.errors import DISK_FULL, HomeUnusable, disk_reason, is_of_disk

HOME_SETTING = "RINDOKU_HOME or --home"
PUBLISHED_SETTING = "RINDOKU_PUBLISHED"
_OWNERS, _EVERYBODYS = 0o700, 0o755
_OWNERS_FILE, _EVERYBODYS_FILE = 0o600, 0o644


@contextmanager
def folder_errors(folder: Path, setting: str = HOME_SETTING) -> Iterator[None]:
    """Turns an error of the file system into HomeUnusable; others pass through."""
    try:
        yield
    except OSError as error:
        if not is_of_disk(error):
            raise
        if error.errno in DISK_FULL:
            raise disk_full(folder) from error
        raise HomeUnusable(
            f"The folder {folder} is not writable: {disk_reason(error, folder)}.",
            f"Put that right, or set {setting} to another folder.",
        ) from error


def disk_full(folder: Path) -> HomeUnusable:
    """The error for a full disk."""
    return HomeUnusable(
        f"The disk of {folder} is full.",
        "Free some space and run again; it continues where it stopped, and nothing "
        "saved is lost.",
    )


def check_folder(folder: Path, setting: str) -> None:
    """Raises HomeUnusable for a folder that cannot be made or written.

    Leaves nothing behind, neither a file nor a folder.
    """
    with folder_errors(folder, setting), ExitStack() as made:
        for missing in _missing_folders(folder):
            missing.mkdir()
            made.callback(_remove_empty, missing)
        with TemporaryFile(dir=folder):
            pass


def close_to_others(path: Path) -> None:
    """Closes a file or folder of the user's own to others."""
    if path.stat().st_mode & 0o077:
        # That of somebody else, who shares the home, is theirs to close.
        with suppress(PermissionError):
            path.chmod(_OWNERS if path.is_dir() else _OWNERS_FILE)


def make_private_folder(folder: Path) -> None:
    """Makes a folder of the home that only its owner may open, and the home like it."""
    with folder_errors(folder.parent):
        if not folder.parent.exists():
            folder.parent.mkdir(parents=True)
            folder.parent.chmod(_OWNERS)
        folder.mkdir(exist_ok=True)
        close_to_others(folder)


def make_folder(folder: Path, *, is_public: bool) -> None:
    """Makes a folder; one that is public may be opened by others, whatever the umask.

    A folder that is there keeps its mode.
    """
    missing = _missing_folders(folder)
    for place in missing:
        # Somebody else may make it at the same moment.
        place.mkdir(exist_ok=True)
        if is_public:
            place.chmod(_EVERYBODYS)
    if not missing:
        folder.mkdir(exist_ok=True)


def file_mode(*, is_public: bool) -> int | None:
    """The mode of a published file; None for the one that the umask gives."""
    return _EVERYBODYS_FILE if is_public else None


def is_apart(published: Path, home: Path) -> bool:
    """Whether the published folder is outside the home, for others to read."""
    real = Path(os.path.realpath(home))
    return not Path(os.path.realpath(published)).is_relative_to(real)


def is_there(path: Path) -> bool:
    """Whether there is anything of that name, be it a link that leads nowhere."""
    return os.path.lexists(path)


def is_file(path: Path) -> bool:
    """Whether there is a file; text that can be no path is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _missing_folders(folder: Path) -> list[Path]:
    """The folders to make, outermost first."""
    missing = []
    while not folder.exists() and folder != folder.parent:
        missing.append(folder)
        folder = folder.parent
    return missing[::-1]


def _remove_empty(folder: Path) -> None:
    # Another process may have begun to use it.
    with suppress(OSError):
        folder.rmdir()
