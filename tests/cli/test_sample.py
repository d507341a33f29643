"""`rindoku sample serve`."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_the_stand_in_prints_the_variables_that_lead_to_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "rindoku.cli", "sample", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        exports = dict(
            serving.stdout.readline().removeprefix("export ").strip().split("=", 1)
            for _ in range(4)
        )
        env = os.environ | exports | {"RINDOKU_HOME": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-m", "rindoku.cli", "doctor", "--json"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        serving.terminate()
    states = {check["name"]: check["state"] for check in json.loads(done.stdout)}
    assert states["stand-in"] == "warn"
