"""Time that passes while a computer sleeps, too."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime


def clock_from(now: datetime) -> Callable[[], float]:
    """Return a clock that tells UTC seconds, `now` at this moment, and goes on while the computer is suspended.

    It does not follow the wall clock, which the user or the network may set.
    """
    started = now.timestamp() - _passed()
    return lambda: started + _passed()


def _passed() -> float:
    """Return seconds since some moment, those of a suspended computer included where the system counts them."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)  # Linux; Windows' monotonic clock counts them by itself
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)
