"""A connection to PostgreSQL that outlives a restart of the server; its errors in plain sentences.

No message of the server's is passed on: it may quote what it was sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from psycopg import Connection, Cursor, errors

from importer.errors import LedgerError
from importer.ledger_place import shown
from importer.store.postgres_schema import SCHEMA

LOG = logging.getLogger("importer")

T = TypeVar("T")

PATIENCE_SECONDS = 60.0
"""How long a server that was there may be away: a restart, a failover."""

_PAUSE_SECONDS = 0.5
_MOST_RETRIES = 20
_OPTIONS = {
    "application_name": "capi-import",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A server that vanished without a word is noticed within half a minute."""

_REFUSALS = (
    ("does not exist", "has no such database or user; create it, or correct --ledger"),
    ("no password supplied", "asks for a password; put it into the environment's PGPASSWORD or into ~/.pgpass"),
    ("password", "refuses the password; correct the environment's PGPASSWORD or ~/.pgpass"),
    ("pg_hba", "refuses this machine or user; allow it in the server's pg_hba.conf"),
    ("SSL", "and this program do not agree on TLS; correct the address's sslmode and sslrootcert"),
    ("certificate", "and this program do not agree on TLS; correct the address's sslmode and sslrootcert"),
    ("too many", "has no connection left; close some, then run the same command again"),
)
"""What the text of a refused connection contains, and what it means; texts of older servers may be localized."""

_SENTENCES: tuple[tuple[type[psycopg.Error], str], ...] = (
    (
        errors.InsufficientPrivilege,
        "does not let this user read or write the ledger; grant what docs/scale.md lists",
    ),
    (errors.DiskFull, "has no room left on its disk; free some space, then run the same command again"),
    (errors.ReadOnlySqlTransaction, "is read-only, perhaps a standby; give the address of the primary one"),
    (errors.UndefinedTable, "holds a schema capi_import that is not a ledger; give --ledger another database"),
    (errors.DataCorrupted, "says that the data are damaged; restore a backup made by pg_dump"),
)


class Database:
    """One connection, opened again where it is lost; a unit of work that was cut off is done again as a whole."""

    def __init__(self, address: str, *, on_reconnect: Callable[[Cursor[Any]], None] | None = None) -> None:
        self.address = address
        self._on_reconnect = on_reconnect
        self._connection: Connection[Any] | None = _connected(address)
        self._cursor: Cursor[Any] | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()

    @property
    def in_transaction(self) -> bool:
        """Whether a `transaction` is open, to which `run` adds its work."""
        return self._cursor is not None

    def run(self, work: Callable[[Cursor[Any]], T]) -> T:
        """Commit the work as one transaction and return its result; inside `transaction` as a part of that.

        Work that was cut off by a lost connection or a deadlock is done again, so it must bear that its first try was
        committed after all.
        """
        if self._cursor is not None:
            with ledger_errors(self.address):
                return work(self._cursor)
        deadline, tries = time.monotonic() + PATIENCE_SECONDS, 0
        while True:
            tries += 1
            try:
                return self._committed(work)
            except (errors.DeadlockDetected, errors.SerializationFailure) as error:
                if tries >= _MOST_RETRIES:
                    raise _error(self.address, error) from error
            except psycopg.Error as error:
                if not _is_lost(error, self._connection) or time.monotonic() > deadline:
                    raise _error(self.address, error) from error
                self.close()
                self._connection = None
                time.sleep(_PAUSE_SECONDS)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what `run` does inside as one, or nothing of it; what is cut off is not done again."""
        if self._cursor is not None:
            yield
            return
        with ledger_errors(self.address):
            connection = self._open()
            try:
                with connection.transaction(), connection.cursor() as self._cursor:
                    yield
            finally:
                self._cursor = None

    @contextmanager
    def reading(self) -> Iterator[Cursor[Any]]:
        """Yield a cursor in a transaction of its own, for what is read piece by piece."""
        with ledger_errors(self.address):
            connection = self._open()
            with connection.transaction(), connection.cursor() as cursor:
                yield cursor

    def _committed(self, work: Callable[[Cursor[Any]], T]) -> T:
        connection = self._open()
        with connection.transaction(), connection.cursor() as cursor:
            return work(cursor)

    def _open(self) -> Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = connect(self.address)
            if self._on_reconnect is not None:
                with self._connection.transaction(), self._connection.cursor() as cursor:
                    self._on_reconnect(cursor)
        return self._connection


def connect(address: str) -> Connection[Any]:
    """Open a connection whose names stand for the ledger's tables."""
    # no prepared statements: a plan that was made while the tables were small would be kept when they are large
    connection = psycopg.connect(address, autocommit=True, prepare_threshold=None, **_OPTIONS)  # type: ignore[arg-type]
    try:
        connection.execute(f"SET search_path TO {SCHEMA}, pg_temp")
        connection.execute("SET default_transaction_isolation TO 'read committed'")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def ledger_errors(address: str) -> Iterator[None]:
    """Raise PostgreSQL's errors inside as a `LedgerError` that says what to do."""
    try:
        yield
    except psycopg.Error as error:
        raise _error(address, error) from error


def _connected(address: str) -> Connection[Any]:
    with ledger_errors(address):
        return connect(address)


def _is_lost(error: psycopg.Error, connection: Connection[Any] | None) -> bool:
    """Tell whether the connection was lost or could not be had, as by a restart, not the work refused."""
    passing = (errors.AdminShutdown, errors.CrashShutdown, errors.CannotConnectNow, errors.TooManyConnections)
    if isinstance(error, passing) or connection is None:
        return True
    return connection.closed or connection.broken


def _error(address: str, error: psycopg.Error) -> LedgerError:
    what = next((text for kind, text in _SENTENCES if isinstance(error, kind)), None)
    if what is None and error.sqlstate is None:
        said = str(error)
        reached = "FATAL" in said or "no password" in said or "SSL" in said or "certificate" in said
        what = next((text for mark, text in _REFUSALS if reached and mark in said), None)
        what = what or "cannot be reached; check that it runs, its host, port and user, then run the same command again"
    what = what or f"failed (SQLSTATE {error.sqlstate}); look into its log, then run the same command again"
    return LedgerError(f"The ledger's PostgreSQL server {what}. ({shown(address)})")
