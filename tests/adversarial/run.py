"""Starts the child process again and again, until all readers had their texts."""

import json
import subprocess
import sys
from typing import Any

from tests.conftest import ROOT


def find_slow(kind: str, longest: int, share: int = 1, part: int = 0) -> list[str]:
    """The readers that take more than proportional time, each with the text.

    The arguments are those of the child process.
    """
    slow: list[str] = []
    first = 0
    while True:
        child = subprocess.run(
            [sys.executable, "-m", "tests.adversarial.child", kind]
            + [str(number) for number in (longest, share, part, first)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        lines: list[dict[str, Any]] = [
            json.loads(line) for line in child.stdout.splitlines()
        ]
        slow += [line["slow"] for line in lines if "slow" in line]
        if child.returncode == 0:
            assert lines or first, "nothing was read"
            return slow
        assert lines, child.stderr
        last = [line for line in lines if "reader" in line][-1]
        reason = child.stderr.strip().splitlines()[-1:] or ["it took too long"]
        slow.append(f"{last['name']}: {last['text']} ended the process ({reason[0]})")
        first = last["reader"] + 1
