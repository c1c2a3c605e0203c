"""How the process uses memory: what a check of a password took is given back to the operating system."""

from __future__ import annotations

import ctypes
from contextlib import suppress

# Of mallopt, in glibc's malloc.h.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_LARGE = 1024 * 1024  # bytes; a check of a password takes 19 times as much
_ARENAS = 2


def give_back_large_blocks() -> None:
    """Give every large block of memory back when it is freed; does nothing where the C library is not glibc.

    By default glibc keeps a block of the size that was freed once, in an arena of each thread: after forty sign-ins
    the twenty threads for slow work held 285 MB for good.
    """
    with suppress(OSError, AttributeError, TypeError):
        set_option = ctypes.CDLL(None).mallopt
        set_option(_M_MMAP_THRESHOLD, _LARGE)
        set_option(_M_ARENA_MAX, _ARENAS)
