"""What strangers wrote cannot control the terminal."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from rindoku.cli.terminal import Terminal, escape_controls


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x1b[2J\x1b[H", r"\x1b[2J\x1b[H"),
        ("\x9b2J", r"\x9b2J"),
        ("a\rb", r"a\rb"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2066b", r"a\u2066b"),
        ("one\ttwo\n", "one\ttwo\n"),
        ("日本語 é 👩‍🔬", "日本語 é 👩‍🔬"),
        ("\x1b[1;31mred\x1b[0m", "\x1b[1;31mred\x1b[0m"),
    ],
)
def test_controls_are_shown_as_escapes(text: str, shown: str) -> None:
    stream = io.StringIO()
    assert Terminal(stream).write(text) == len(text)
    assert stream.getvalue() == escape_controls(text) == shown


def test_rows_in_a_terminal_have_no_controls(home: Path) -> None:
    statement = "SELECT 'a' || chr(27) || ']0;owned' || chr(7) || chr(8238) AS x"
    reader, writer = pty.openpty()
    command = [sys.executable, "-m", "rindoku.cli", "sql", statement]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "200"}
    done = subprocess.run(
        command, stdout=writer, stderr=writer, env=environment, check=False, timeout=60
    )
    os.close(writer)
    output = os.read(reader, 100_000).decode()
    os.close(reader)
    assert done.returncode == 0, output
    assert "owned" in output
    assert "\x1b]" not in output
    assert "\x07" not in output
    assert "\u202e" not in output
