"""How far a run is: the one value that delivery fills, the terminal shows and `on_progress` receives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    rows, total: source rows handed back, and in all files; sales: accepted, or ready for `check`; money: their amounts
    as people read them. sent: events posted. requests, retries: so far; in_flight, limit: requests on their way now,
    and at most. paused: seconds that Meta has asked us to wait so far; waiting: seconds until the present pause is over
    and why there is one. stage: what is done before the first row, such as surveying a file; then nothing else is told.
    """

    rows: int = 0
    total: int = 0
    sales: int = 0
    money: str = ""
    check: bool = False
    sent: int = 0
    requests: int = 0
    retries: int = 0
    in_flight: int = 0
    limit: int = 0
    paused: float = 0.0
    waiting: float = 0.0
    why: str = ""
    stage: str = ""


Watch = Callable[[Progress], None]
