"""Claims and acceptances: one row for each request, its keys packed into one blob of 16 bytes a key."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Self

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.model import DAY, KEY_BYTES
from importer.errors import LedgerError
from importer.store.key_index import KeyIndex
from importer.store.keys import KeyPositions, Keys, keys_of
from importer.store.run_lock import RunLock
from importer.store.sqlite_file import open_for_reading, open_for_writing, told, transaction

CLAIMED, ACCEPTED = 0, 1

KEEP_SECONDS = 63 * DAY
"""How long a key can matter: Meta takes no event older than 62 days [OFF], and a day of grace."""

LOCK_WAIT_SECONDS = 5.0
_IDS_AT_ONCE = 500


@dataclass(frozen=True)
class Acceptance:
    """Where and when Meta accepted the events of one request. `at` is in UTC seconds."""

    run: int
    file: str
    at: int

    @property
    def day(self) -> str:
        """The day of acceptance, UTC, like 2026-11-23."""
        return day_of(self.at)


@dataclass(frozen=True)
class OpenClaim:
    """A request whose outcome no run has learnt: its events will be offered again when they come along."""

    id: int
    run: int
    file: str
    events: int
    at: int


@dataclass(frozen=True)
class Total:
    """What the ledger holds of one file: numbers of events, the days of the sales, the last day of sending (UTC)."""

    dataset: str
    file: str
    accepted: int
    in_doubt: int
    first: str
    last: str
    sent: str


class Ledger:
    """One ledger file. Not for several threads at once; `deliver` calls it from one thread of its own."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self._path = path
        self._runs: dict[int, tuple[str, RunLock]] = {}
        self._indexes: dict[str, KeyIndex] = {}
        self._acceptances: dict[int, Acceptance] = {}
        self._settled: list[tuple[str, int, Keys]] = []  # on the disk with the next commit, then in the index

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Ledger:
        """The ledger at the path; made if missing, unless only read. `LedgerError` says what is wrong with it."""
        return cls(open_for_reading(path) if read_only else open_for_writing(path), path)

    def __repr__(self) -> str:
        return f"Ledger({str(self._path)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """The file is closed and every lock given back."""
        with told(self._path):
            self._db.close()
        while self._runs:
            self._runs.popitem()[1][1].release()

    # ------------------------------------------------------------------ runs

    def begin(self, dataset: str, files: Sequence[str], at: float, *, wait: float = LOCK_WAIT_SECONDS) -> int:
        """A run that alone may send to the dataset; its number. `LedgerError` says which run holds the lock."""
        lock = RunLock(self._path, dataset)
        lock.acquire(wait)
        try:
            self.remember(dataset, int(at) - KEEP_SECONDS)
            row = (dataset, json.dumps([Path(file).name for file in files]), int(at), os.getpid())
            with told(self._path):
                made = self._db.execute("INSERT INTO run (dataset, files, started, pid) VALUES (?, ?, ?, ?)", row)
        except BaseException:
            lock.release()
            raise
        run = int(made.lastrowid or 0)
        self._runs[run] = (dataset, lock)
        return run

    def end(self, run: int, at: float) -> None:
        """The run is over and its lock given back; claims that later requests made good are gone."""
        dataset, lock = self._runs.pop(run)
        try:
            with told(self._path):
                self._db.execute("UPDATE run SET ended = ? WHERE id = ?", (int(at), run))
            self._tidy(dataset)
        finally:
            lock.release()

    # ------------------------------------------------------------------ claims

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is claimed, settled and released inside is on the disk afterwards, all of it or nothing."""
        if self._db.in_transaction:
            yield
            return
        try:
            with told(self._path), transaction(self._db):
                yield
            for dataset, claim, keys in self._settled:
                if dataset in self._indexes:
                    self._indexes[dataset].add(claim, keys)
        finally:
            self._settled.clear()

    def claim(self, run: int, file: str, keys: Keys, times: Indices, at: float) -> int:
        """It is on the disk that a request with these keys is about to be posted; the claim's number."""
        span = (int(times.min()), int(times.max()))
        row = (run, self._runs[run][0], Path(file).name, CLAIMED, len(keys), *span, int(at), keys.tobytes())
        with told(self._path):
            claim = self._db.execute(
                "INSERT INTO batch (run, dataset, file, state, n, min_time, max_time, at, keys) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        return int(claim.lastrowid or 0)

    def settle(self, claim: int, keys: Keys, trace: str | None, at: float) -> None:
        """It is on the disk that Meta accepted these keys of the claim; the others are claimed no more."""
        with self.transaction():
            row = self._db.execute("SELECT dataset, n FROM batch WHERE id = ?", (claim,)).fetchone()
            self._db.execute(
                "UPDATE batch SET state = ?, trace = ?, at = ? WHERE id = ?", (ACCEPTED, trace, int(at), claim)
            )
            if len(keys) != row[1]:
                self._db.execute("UPDATE batch SET n = ?, keys = ? WHERE id = ?", (len(keys), keys.tobytes(), claim))
            self._settled.append((row[0], claim, keys))

    def release(self, claim: int) -> None:
        """The claim is gone: it is certain that nothing of it arrived."""
        with told(self._path):
            self._db.execute("DELETE FROM batch WHERE id = ? AND state = ?", (claim, CLAIMED))

    def open_claims(self, dataset: str) -> list[OpenClaim]:
        """Requests of earlier and present runs whose outcome is not known."""
        query = "SELECT id, run, file, n, at FROM batch WHERE dataset = ? AND state = ? ORDER BY id"
        with told(self._path):
            return [OpenClaim(*row) for row in self._db.execute(query, (dataset, CLAIMED))]

    # ------------------------------------------------------------------ look-ups

    def remember(self, dataset: str, since: int) -> None:
        """The accepted keys of events from `since` (UTC seconds) on are in memory, 8 bytes a key."""
        where = "FROM batch WHERE dataset = ? AND state = ? AND max_time >= ?"
        values = (dataset, ACCEPTED, since)
        index = KeyIndex()
        with told(self._path):
            total = self._db.execute(f"SELECT coalesce(sum(n), 0) {where}", values).fetchone()[0]
            rows = self._db.execute(f"SELECT id, n, keys {where}", values)
            index.load(total, ((batch, self._sound(n, keys)) for batch, n, keys in rows))
        self._indexes[dataset] = index

    def accepted(self, dataset: str, keys: Keys) -> Indices:
        """For each key the number of the request in which Meta accepted it, -1 where it did not."""
        if dataset not in self._indexes:
            self.remember(dataset, 0)
        found = np.full(len(keys), -1, np.int64)
        candidates = self._indexes[dataset].candidates(keys)
        for start in range(0, len(candidates), _IDS_AT_ONCE):
            some = dict(candidates[start : start + _IDS_AT_ONCE])
            for batch, held in self._keys_of(list(some)):
                positions = some[batch]
                if not np.array_equal(keys[positions], held):  # as they are where a file comes again unchanged
                    positions = positions[KeyPositions(held).find(keys[positions]) >= 0]
                found[positions] = batch
        return found

    def acceptance(self, batch: int) -> Acceptance:
        """Where and when Meta accepted the events of the request that `accepted` named."""
        return self._acceptances[batch]

    def totals(self) -> list[Total]:
        """What the ledger holds for each dataset and file."""
        query = (
            "SELECT dataset, file, sum(n * (state = 1)), sum(n * (state = 0)), min(min_time), max(max_time), max(at) "
            "FROM batch GROUP BY dataset, file ORDER BY dataset, file"
        )
        with told(self._path):
            rows = self._db.execute(query).fetchall()
        return [
            Total(dataset, file, accepted, in_doubt, day_of(first), day_of(last), day_of(sent))
            for dataset, file, accepted, in_doubt, first, last, sent in rows
        ]

    def forget(self, dataset: str, before: date) -> int:
        """Requests whose events all lie before the day (UTC) are gone, their space free for new ones; the events."""
        moment = int(datetime.combine(before, time(), UTC).timestamp())
        lock = RunLock(self._path, dataset)
        lock.acquire(LOCK_WAIT_SECONDS)
        try:
            with told(self._path), transaction(self._db):
                where = "FROM batch WHERE dataset = ? AND max_time < ?"
                events = self._db.execute(f"SELECT coalesce(sum(n), 0) {where}", (dataset, moment)).fetchone()[0]
                self._db.execute(f"DELETE {where}", (dataset, moment))
                self._db.execute("DELETE FROM run WHERE ended IS NOT NULL AND id NOT IN (SELECT run FROM batch)")
        finally:
            lock.release()
        self._indexes.pop(dataset, None)
        return int(events)

    # ------------------------------------------------------------------ inside

    def _keys_of(self, batches: list[int]) -> Iterator[tuple[int, Keys]]:
        marks = ", ".join("?" * len(batches))
        query = f"SELECT id, run, file, at, n, keys FROM batch WHERE id IN ({marks})"  # noqa: S608
        with told(self._path):
            for batch, run, file, at, n, keys in self._db.execute(query, batches):
                self._acceptances[batch] = Acceptance(run, file, at)
                yield batch, self._sound(n, keys)

    def _sound(self, n: int, blob: bytes) -> Keys:
        if len(blob) != n * KEY_BYTES:
            message = f"The ledger is damaged; restore it from a backup, or give --ledger a new path. ({self._path})"
            raise LedgerError(message)
        return keys_of(blob)

    def _tidy(self, dataset: str) -> None:
        """Claims all of whose keys were accepted later on are gone."""
        query = "SELECT id, n, keys FROM batch WHERE dataset = ? AND state = ?"
        with told(self._path):
            open_claims = self._db.execute(query, (dataset, CLAIMED)).fetchall()
        for claim, n, keys in open_claims:
            if (self.accepted(dataset, self._sound(n, keys)) >= 0).all():
                self.release(claim)


def day_of(seconds: int) -> str:
    """The day of a moment in UTC, like 2026-11-23."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
