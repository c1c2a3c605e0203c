"""Wait for a condition with a generous end; after it, fail and say what was missing."""

import time

PATIENCE_S = 60


def wait_until(test, what, patience_s=PATIENCE_S):
    """Wait until `test` returns something true; return that, and how many seconds it took."""
    began = time.monotonic()
    while not (found := test()):
        if time.monotonic() - began > patience_s:
            raise AssertionError(f"after {patience_s} s still not: {what}")
        time.sleep(0.05)
    return found, time.monotonic() - began
