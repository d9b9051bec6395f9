"""What the C library does with memory that was freed: it keeps some for what comes next, and gives back what lies idle.

Both are for glibc; with another C library they do nothing.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Options of glibc's mallopt."""


def keep_freed_memory() -> None:
    """Let glibc use the memory of freed columns again, rather than give it back and fetch it anew: 8 % of `send`."""
    with suppress(OSError, AttributeError):
        set_option = ctypes.CDLL(None).mallopt
        set_option(M_MMAP_THRESHOLD, 32 << 20)  # the most that glibc allows
        set_option(M_TRIM_THRESHOLD, 256 << 20)
        set_option(M_ARENA_MAX, 2)  # what one thread has freed another takes: 60 to 130 MB less, and no slower


def give_back_freed_memory() -> None:
    """Give back whole pages between what is in use: 150 MB after a million rows, growing with their number."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
