"""How the process uses memory: what passwords and strangers took is given back to the operating system."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from runtime.connections import Connections

# Of mallopt, in glibc's malloc.h.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_LARGE = 1024 * 1024  # bytes; a check of a password takes 19 times as much
_ARENAS = 2

CHECK_INTERVAL_S = 15.0
MANY_ENDED = 500  # connections since it was done last; a full hall has some fifty in that time


def give_back_large_blocks() -> None:
    """Give every large block of memory back when it is freed; does nothing where the C library is not glibc.

    By default glibc keeps a block of the size that was freed once, in an arena of each thread: after forty sign-ins
    the twenty threads for slow work held 285 MB for good.
    """
    with suppress(OSError, AttributeError, TypeError):
        set_option = ctypes.CDLL(None).mallopt
        set_option(_M_MMAP_THRESHOLD, _LARGE)
        set_option(_M_ARENA_MAX, _ARENAS)


def give_back_after_crowds(connections: Connections, sleep: Callable[[float], None]) -> NoReturn:
    """Give free memory back whenever many connections have ended, for ever; only glibc has to be asked to.

    Small blocks are given back by glibc only from the end of the heap: after 2,000 slow connections 60 MB of free
    blocks were kept for good. It takes some 50 ms once, too long to do it all the time.
    """
    ended, again = connections.ended, False
    while True:
        sleep(CHECK_INTERVAL_S)
        many = connections.ended - ended >= MANY_ENDED
        if many or again:
            with suppress(OSError, AttributeError, TypeError):
                ctypes.CDLL(None).malloc_trim(0)
            ended, again = connections.ended, many  # once more, for some of the crowd may have been there still
