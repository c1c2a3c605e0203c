"""Play dense days over HTTP in which the settings change all the time, and check each log.

    python -m tools.days [--seeds 8] [--actions 20000] [--first 1]

The actions are shared out among the seeds; each seed has a centre of its own on the loopback. The exit status is 1 at
the first broken promise, and where a day of 2,000 actions or more leaves out one of the acts that every day has; the
folder of that centre is kept.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.centre import TestCentreProcess
from tests.wire.days import IN_EVERY_DAY, play_day

LONG = 2_000  # actions; shorter days may leave something out


def main(seeds: int = 8, actions: int = 20_000, first: int = 1) -> int:
    """Play `actions` in all, with so many seeds from `first` on; return the exit status."""
    for seed in range(first, first + seeds):
        began, folder = time.monotonic(), Path(tempfile.mkdtemp(prefix="days-"))
        centre = TestCentreProcess(folder / "data").start()
        try:
            played = play_day(centre, -(-actions // seeds), seed)
        finally:
            centre.stop()
        print(
            f"seed {seed}: {played.actions} actions ({played.changes} changes of settings, "
            f"{sum(played.refused.values())} refused), {played.events} events in {time.monotonic() - began:.0f} s: "
            + (f"in {folder}: {played.faults}" if played.faults else "verify clean, every judge content"),
            flush=True,
        )
        print("  " + ", ".join(f"{kind} {way}".strip() + f": {played.ways[kind, way]}" for kind, way in IN_EVERY_DAY))
        if played.faults or (played.actions >= LONG and not all(played.ways[way] for way in IN_EVERY_DAY)):
            return 1
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("seeds", 8), ("actions", 20_000), ("first", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    sys.exit(main(**vars(parser.parse_args())))
