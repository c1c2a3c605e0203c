"""Kill a real centre a thousand times, as power cuts do, and check that no acknowledged ticket is lost.

    python -m tools.kills [KILLS] [SEED]

A centre is killed at most a hundred times and then replaced, so that its log stays as long as that of a day. The exit
status is 1 at the first broken promise, and the folder of that centre is kept.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.centre import TestCentreProcess
from tests.wire.kills import cut_power

OF_ONE_HALL = 100


def main(kills: int = 1000, seed: int = 1) -> int:
    """Kill so many times; return the exit status."""
    began = time.monotonic()
    tickets = unanswered = calls = done = 0
    starts_s: list[float] = []
    while done < kills:
        of_this_centre = min(OF_ONE_HALL, kills - done)
        folder = Path(tempfile.mkdtemp(prefix="kills-"))
        centre = TestCentreProcess(folder / "data").start()
        try:
            cuts = cut_power(centre, of_this_centre, seed + done)
        finally:
            centre.stop()
        done += of_this_centre
        tickets, calls = tickets + len(cuts.acknowledged), calls + cuts.calls
        unanswered += len(cuts.unanswered)
        starts_s += cuts.starts_s
        print(
            f"{done} kills in {time.monotonic() - began:.0f} s: {tickets} tickets acknowledged, {calls} calls, "
            f"{unanswered} presses cut off; lost 0, doubled 0, verify clean"
            if not cuts.faults
            else f"after {done} kills, in {folder}: {cuts.faults}",
            flush=True,
        )
        if cuts.faults:
            return 1
        shutil.rmtree(folder)
    print(f"start after a kill: median {statistics.median(starts_s):.2f} s, slowest {max(starts_s):.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
