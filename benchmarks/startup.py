"""Times the read-only commands, next to a bare `python -c pass` in the same run.

rindoku demo --home FOLDER                   # makes a home with the sample week
python benchmarks/startup.py --home FOLDER
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "--help": ["-m", "rindoku.cli", "--help"],
    "show": ["-m", "rindoku.cli", "show", "2024-W14"],
    "show --json": ["-m", "rindoku.cli", "show", "2024-W14", "--json"],
    "sql": ["-m", "rindoku.cli", "sql", "FROM unverified_answers"],
    "render --form md": ["-m", "rindoku.cli", "render", "2024-W14", "--form", "md"],
    "doctor --offline": ["-m", "rindoku.cli", "doctor", "--offline"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", required=True)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    environment = os.environ | {"RINDOKU_HOME": options.home}
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    # Interleaved, so that a slow moment of the machine affects every command.
    for _ in range(options.runs):
        for name, arguments in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, *arguments],
                env=environment,
                stdout=subprocess.DEVNULL,
                check=True,
            )
            seconds[name].append(time.perf_counter() - began)
    bare = statistics.median(seconds["python -c pass"])
    print(f"{'command':<18} {'median s':>9} {'min s':>7} {'x python':>9}")
    for name, times in seconds.items():
        median = statistics.median(times)
        print(f"{name:<18} {median:>9.3f} {min(times):>7.3f} {median / bare:>9.1f}")


if __name__ == "__main__":
    main()
