"""The terminal that goes away while the program runs."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress


def hang_ups() -> tuple[signal.Signals, ...]:
    """Return SIGHUP, where there is one and it is not ignored, as `nohup` has it."""
    hang_up: signal.Signals | None = getattr(signal, "SIGHUP", None)
    return () if hang_up is None or signal.getsignal(hang_up) is signal.SIG_IGN else (hang_up,)


def let_go_of_terminal() -> None:
    """Let what is still said go nowhere, where it would go to a terminal that is gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            if os.isatty(stream.fileno()) or not _is_open(stream.fileno()):
                os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _is_open(handle: int) -> bool:
    try:
        os.write(handle, b"")
    except OSError:
        return False
    return True
