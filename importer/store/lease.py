"""The lease of a run in a shared ledger: a heartbeat says that the run lives, so that nobody else takes its claims.

All times that several machines compare are the server's. A run asks its own clock only whether its last heartbeat is
so young that nobody can have taken it for dead; on Linux that clock goes on while the machine sleeps.
"""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Event, Thread

import psycopg

from importer.errors import LedgerError
from importer.store.postgres_connection import connect

LEASE_SECONDS = 40
"""A run is taken for dead when the server has heard nothing of it for so long, counted anew after its own restart."""

BEAT_SECONDS = 5.0
MARGIN_SECONDS = 12.0
"""So long before the end of its lease a run posts nothing more until it has renewed it."""

ALIVE = (
    "(run.ended IS NULL AND NOT run.lost AND "
    f"greatest(run.beat, pg_postmaster_start_time()) > clock_timestamp() - interval '{LEASE_SECONDS} seconds')"
)
"""Whether a row of `run` is of a run that lives."""

TAKEN = (
    f"This run did not reach the ledger for {LEASE_SECONDS} seconds, so another run has taken over what it was about "
    "to send; run the same command again."
)


class Lease:
    """Renews the lease of one run in a thread with a connection of its own, until it is ended."""

    def __init__(self, address: str, run: int) -> None:
        self._address, self._run = address, run
        self._until = _now() + LEASE_SECONDS - MARGIN_SECONDS
        self._lost = False
        self._ended = Event()
        self._thread = Thread(target=self._renew_on_and_on, name="lease", daemon=True)
        self._thread.start()

    def holds(self) -> bool:
        """Tell whether nobody can have taken the run for dead yet; `LedgerError` where another run has."""
        if self._lost:
            raise LedgerError(TAKEN)
        return _now() < self._until

    def end(self) -> None:
        """Renew it no more."""
        self._ended.set()
        self._thread.join(BEAT_SECONDS)

    def _renew_on_and_on(self) -> None:
        connection: psycopg.Connection[object] | None = None
        while not self._ended.wait(BEAT_SECONDS) and not self._lost:
            began = _now()
            try:
                connection = connection or connect(self._address)
                query = "UPDATE run SET beat = clock_timestamp() WHERE id = %s AND NOT lost"
                self._lost = connection.execute(query, (self._run,)).rowcount == 0
                self._until = began + LEASE_SECONDS - MARGIN_SECONDS
            except psycopg.Error:  # the server is away; the lease runs out unless it comes back
                if connection is not None:
                    with suppress(psycopg.Error):
                        connection.close()
                connection = None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()


def _now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
