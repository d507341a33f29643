"""`python -m tests.simulator SEED` replays a schedule; `--schedules N` runs many."""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.simulator.schedule import draw
from tests.simulator.simulate import Ended, simulate

_PROCESSES = 2


def main() -> int:
    """Runs one schedule, or many with a summary; returns 1 if any fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int, nargs="?", help="the schedule to replay")
    parser.add_argument("--schedules", type=int, default=0, metavar="N")
    options = parser.parse_args()
    if options.schedules:
        first = options.seed or random.SystemRandom().randrange(10**9)
        return _run_many(range(first, first + options.schedules))
    seed = options.seed or random.SystemRandom().randrange(10**9)
    print(draw(seed))
    ended = simulate(seed)
    print(describe([ended]))
    return 1 if ended.error else 0


def _run_many(seeds: range) -> int:
    started, all_ended = time.monotonic(), list[Ended]()
    print(f"{len(seeds)} schedules from seed {seeds.start} on", flush=True)
    with ProcessPoolExecutor(_PROCESSES) as pool:
        for future in as_completed([pool.submit(simulate, seed) for seed in seeds]):
            ended = future.result()
            all_ended.append(ended)
            if ended.error:
                print(f"seed {ended.schedule.seed}: {ended.error}", flush=True)
            if len(all_ended) % 50 == 0:
                print(f"{len(all_ended)} have ended", flush=True)
    print(describe(all_ended))
    print(f"{time.monotonic() - started:.0f} s")
    return 1 if any(ended.error for ended in all_ended) else 0


def describe(all_ended: Iterable[Ended]) -> str:
    """What the schedules did, in numbers, and the seeds of those that failed."""
    ended = list(all_ended)
    failed = sorted(e.schedule.seed for e in ended if e.error)
    kills = Counter(kill for e in ended for kill in e.kills)
    faults: Counter[str] = sum((e.faults for e in ended), Counter())
    works = Counter(
        f"{e.schedule.work} of {len(e.schedule.papers)} from {e.schedule.start}"
        for e in ended
    )
    lines = [f"{len(ended)} schedules, {len(failed)} failed: {failed or 'none'}"]
    for name, counts in (("works", works), ("kills", kills), ("faults", faults)):
        lines.append(f"{name}: {counts.total()}")
        lines += [f"  {number:5} {what}" for what, number in counts.most_common()]
    lines += [f"seed {e.schedule.seed}: {e.error}" for e in ended if e.error]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
