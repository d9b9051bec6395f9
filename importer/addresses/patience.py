"""How long a connection that breaks is tried again: as long as it brings more, and no longer than a minute without."""

from __future__ import annotations

import time
from collections.abc import Callable

ATTEMPTS = 5
"""Attempts in a row that bring nothing."""
SECONDS = 40.0
"""Time in which something must come; what is under way then may take some seconds more."""
RESTARTS = 5
"""How often a file that changes under way is begun again."""


class Patience:
    """Counts the attempts that bring nothing. `more` says whether to try again, after a pause that doubles."""

    def __init__(self, sleep: Callable[[float], object] = time.sleep) -> None:
        self._sleep, self._furthest, self._restarts = sleep, 0, 0
        self._attempts, self._since = 0, time.monotonic()

    def reached(self, size: int) -> None:
        """Note how much of the file is here; more than ever before is progress."""
        if size > self._furthest:
            self._furthest, self._attempts, self._since = size, 0, time.monotonic()

    def more(self) -> bool:
        """Wait a little and tell whether another attempt is worth while."""
        self._attempts += 1
        if self._attempts >= ATTEMPTS or time.monotonic() - self._since > SECONDS:
            return False
        self._sleep(0.25 * 2**self._attempts)
        return True

    def restart(self) -> bool:
        """Note that the file changed under way, and tell whether to begin again."""
        self._restarts += 1
        return self._restarts <= RESTARTS
