"""The ledger in one SQLite file: a row for each request, its keys in one blob of 16 bytes a key."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Self

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.model import KEY_BYTES
from importer.errors import LedgerError
from importer.store.key_index import KeyIndex
from importer.store.keys import KeyPositions, Keys, keys_of
from importer.store.ledger import KEEP_SECONDS, LOCK_WAIT_SECONDS, Acceptance, Ledger, OpenClaim, Total, day_of
from importer.store.run_lock import RunLock
from importer.store.sqlite_file import DAMAGED, ledger_errors, open_for_reading, open_for_writing, transaction

CLAIMED, ACCEPTED = 0, 1

MAX_IDS = 500
"""Of rows in one query."""


class SqliteLedger(Ledger):
    """See `Ledger`. One connection; `deliver` calls it from one thread of its own."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, is_new: bool) -> None:
        self._db = connection
        self._path = path
        self.is_new = is_new
        self._runs: dict[int, tuple[str, RunLock]] = {}
        self._indexes: dict[str, KeyIndex] = {}
        self._acceptances: dict[int, Acceptance] = {}
        self._settled: list[tuple[str, int, Keys]] = []  # on the disk with the next commit, then in the index

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> SqliteLedger:
        """Open the file at the path; it is created if missing, unless only read."""
        connection, is_new = (open_for_reading if read_only else open_for_writing)(path)
        return cls(connection, path, is_new=is_new)

    def __repr__(self) -> str:
        return f"SqliteLedger({str(self._path)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ledger_errors(self._path):
            self._db.close()
        while self._runs:
            self._runs.popitem()[1][1].release()

    # ------------------------------------------------------------------ runs

    def begin(self, dataset: str, files: Sequence[str], at: float, *, wait: float = LOCK_WAIT_SECONDS) -> int:
        """Begin a run under a lock of the operating system, and load the accepted keys of the last 63 days."""
        lock = RunLock(self._path, dataset)
        lock.acquire(wait)
        try:
            self.load_index(dataset, int(at) - KEEP_SECONDS)
            row = (dataset, json.dumps([Path(file).name for file in files]), int(at), os.getpid())
            with ledger_errors(self._path):
                inserted = self._db.execute("INSERT INTO run (dataset, files, started, pid) VALUES (?, ?, ?, ?)", row)
        except BaseException:
            lock.release()
            raise
        run = int(inserted.lastrowid or 0)
        self._runs[run] = (dataset, lock)
        return run

    def end(self, run: int, at: float) -> None:
        """End a run, delete open claims that later requests made good, and release the lock."""
        dataset, lock = self._runs.pop(run)
        try:
            with ledger_errors(self._path):
                self._db.execute("UPDATE run SET ended = ? WHERE id = ?", (int(at), run))
                query = "SELECT id, n, keys FROM batch WHERE dataset = ? AND state = ?"
                open_claims = self._db.execute(query, (dataset, CLAIMED)).fetchall()
            for claim, n, keys in open_claims:
                if (self.accepted(dataset, self._keys(n, keys)) >= 0).all():
                    self.release(claim)
        finally:
            lock.release()

    # ------------------------------------------------------------------ claims

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is claimed, settled and released inside as one; inside another one, with that."""
        if self._db.in_transaction:
            yield
            return
        try:
            with ledger_errors(self._path), transaction(self._db, "IMMEDIATE"):
                yield
            for dataset, claim, keys in self._settled:
                if dataset in self._indexes:
                    self._indexes[dataset].add(claim, keys)
        finally:
            self._settled.clear()

    def claim(self, run: int, file: str, keys: Keys, times: Indices, at: float) -> int:
        """Insert a row for the request and return its id."""
        span = (int(times.min()), int(times.max()))
        row = (run, self._runs[run][0], Path(file).name, CLAIMED, len(keys), *span, int(at), keys.tobytes())
        with ledger_errors(self._path):
            inserted = self._db.execute(
                "INSERT INTO batch (run, dataset, file, state, n, min_time, max_time, at, keys) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        return int(inserted.lastrowid or 0)

    def settle(self, claim: int, keys: Keys, trace: str | None, at: float) -> None:
        """Turn the row of the request into an accepted one, with these keys only."""
        with self.transaction():
            dataset, n = self._db.execute("SELECT dataset, n FROM batch WHERE id = ?", (claim,)).fetchone()
            self._db.execute(
                "UPDATE batch SET state = ?, trace = ?, at = ? WHERE id = ?", (ACCEPTED, trace, int(at), claim)
            )
            if len(keys) != n:
                self._db.execute("UPDATE batch SET n = ?, keys = ? WHERE id = ?", (len(keys), keys.tobytes(), claim))
            self._settled.append((dataset, claim, keys))

    def release(self, claim: int) -> None:
        """Delete the row of the request, unless it is accepted."""
        with ledger_errors(self._path):
            self._db.execute("DELETE FROM batch WHERE id = ? AND state = ?", (claim, CLAIMED))

    def open_claims(self, dataset: str) -> list[OpenClaim]:
        """Return the rows that are claimed only."""
        query = "SELECT id, run, file, n, at FROM batch WHERE dataset = ? AND state = ? ORDER BY id"
        with ledger_errors(self._path):
            return [OpenClaim(*row) for row in self._db.execute(query, (dataset, CLAIMED))]

    # ------------------------------------------------------------------ look-ups

    def load_index(self, dataset: str, since: int) -> None:
        """Load the accepted keys of events from `since` (UTC seconds) on, 8 bytes a key, as of one moment."""
        where = "FROM batch WHERE dataset = ? AND state = ? AND max_time >= ?"
        values = (dataset, ACCEPTED, since)
        index = KeyIndex()
        with ledger_errors(self._path), transaction(self._db, "DEFERRED"):
            total = self._db.execute(f"SELECT coalesce(sum(n), 0) {where}", values).fetchone()[0]
            rows = self._db.execute(f"SELECT id, n, keys {where}", values)
            index.load(total, ((batch, self._keys(n, keys)) for batch, n, keys in rows))
        self._indexes[dataset] = index

    def accepted(self, dataset: str, keys: Keys) -> Indices:
        """Return for each key the id of its accepted row, -1 where there is none; whole keys are compared."""
        if dataset not in self._indexes:
            self.load_index(dataset, 0)
        found = np.full(len(keys), -1, np.int64)
        candidates = self._indexes[dataset].candidates(keys)
        for start in range(0, len(candidates), MAX_IDS):
            positions_of = dict(candidates[start : start + MAX_IDS])
            marks = ", ".join("?" * len(positions_of))
            query = f"SELECT id, run, file, at, n, keys FROM batch WHERE id IN ({marks})"  # noqa: S608
            with ledger_errors(self._path):
                rows = self._db.execute(query, list(positions_of)).fetchall()
            for batch, run, file, at, n, blob in rows:
                self._acceptances[batch] = Acceptance(run, file, at)
                held, positions = self._keys(n, blob), positions_of[batch]
                if not np.array_equal(keys[positions], held):  # as they are where a file comes again unchanged
                    positions = positions[KeyPositions(held).find(keys[positions]) >= 0]
                found[positions] = batch
        return found

    def acceptance(self, claim: int) -> Acceptance:
        """Return what `accepted` has read of the row."""
        return self._acceptances[claim]

    def totals(self) -> list[Total]:
        """Return a sum for each dataset and file."""
        query = (
            "SELECT dataset, file, sum(n * (state = 1)), sum(n * (state = 0)), min(min_time), max(max_time), max(at) "
            "FROM batch GROUP BY dataset, file ORDER BY dataset, file"
        )
        with ledger_errors(self._path):
            rows = self._db.execute(query).fetchall()
        return [
            Total(dataset, file, accepted, in_doubt, day_of(first), day_of(last), day_of(sent))
            for dataset, file, accepted, in_doubt, first, last, sent in rows
        ]

    def forget(self, dataset: str, before: date) -> int:
        """Delete old rows, and runs without any; their space is used for new ones."""
        moment = int(datetime.combine(before, time(), UTC).timestamp())
        lock = RunLock(self._path, dataset)
        lock.acquire(LOCK_WAIT_SECONDS)
        try:
            with ledger_errors(self._path), transaction(self._db, "IMMEDIATE"):
                where = "FROM batch WHERE dataset = ? AND max_time < ?"
                events = self._db.execute(f"SELECT coalesce(sum(n), 0) {where}", (dataset, moment)).fetchone()[0]
                self._db.execute(f"DELETE {where}", (dataset, moment))
                self._db.execute("DELETE FROM run WHERE ended IS NOT NULL AND id NOT IN (SELECT run FROM batch)")
        finally:
            lock.release()
        self._indexes.pop(dataset, None)
        return int(events)

    def _keys(self, n: int, blob: bytes) -> Keys:
        """Return the keys of a row; `LedgerError` if they are not as many as the row says."""
        if len(blob) != n * KEY_BYTES:
            message = f"{DAMAGED} ({self._path})"
            raise LedgerError(message)
        return keys_of(blob)
