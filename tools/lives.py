"""Live the state machine's lives of a centre, and take a long walk through one, with many seeds.

    python -m tools.lives [--seeds 8] [--lives 60] [--first 1]

A few of them are lived by the test suite; here are the long runs. The exit status is 1 at the first broken promise;
the life is then printed as it was, and the same seed shows it again.
"""

import argparse
import sys
import time
import traceback

from tests.conftest import settings
from tests.hall.test_machine import EVERY_VARIANT, CentreMachine, live
from tests.hall.test_walk import PRESSES, walked


def main(seeds: int = 8, lives: int = 60, first: int = 1) -> int:
    """Live so many lives with each seed from `first` on; return the exit status."""
    settings.load_profile("suite")
    for seed in range(first, first + seeds):
        began = time.process_time()
        try:
            commands = live(lives, seed) + PRESSES
            walked(seed)
        except BaseException:  # noqa: BLE001  whatever breaks a promise is shown, also hypothesis's own groups of errors
            traceback.print_exc()
            print(f"seed {seed}: a promise is broken after {CentreMachine.pressed} commands", flush=True)
            return 1
        left_out = sorted(EVERY_VARIANT - set(CentreMachine.lived))
        print(f"seed {seed}: {commands} commands in {time.process_time() - began:.0f} s of processor time", flush=True)
        print(f"  left out: {left_out}" if left_out else "  every variant of every event", flush=True)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("seeds", 8), ("lives", 60), ("first", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    sys.exit(main(**vars(parser.parse_args())))
