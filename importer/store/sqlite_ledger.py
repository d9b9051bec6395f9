"""The ledger in one SQLite file: a row for each request, its keys in one blob, its sales in another."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Self

from importer.errors import FileError, LedgerError
from importer.store.history import AcceptedSale, PastRun, RefundedSale, SentSale
from importer.store.key_index import KeyIndex
from importer.store.keys import Distinct, Keys, keys_of
from importer.store.ledger import (
    KEEP_SECONDS,
    LOCK_WAIT_SECONDS,
    Acceptance,
    Claimed,
    Known,
    Ledger,
    OpenClaim,
    Total,
)
from importer.store.ledger_copy import LedgerRow, fill_sqlite, sqlite_rows
from importer.store.ledger_memory import LedgerMemory
from importer.store.ledger_sales import Sales, lookup_keys
from importer.store.request_row import (
    ACCEPTED,
    CLAIMED,
    HEAD,
    Head,
    checksum_of,
    claimed_row,
    damaged,
    verified_head,
    verified_keys,
    verified_sales,
)
from importer.store.reserve import Reserve
from importer.store.run_lock import RunLock
from importer.store.sqlite_care import backup, faults
from importer.store.sqlite_file import ledger_errors, open_for_reading, open_for_writing, transaction
from importer.store.sqlite_history import note_refunds, past_runs, refunded_sales, sent_sales
from importer.store.sqlite_schema import INSERT

MAX_IDS = 500
"""Of rows in one query."""

OLDER = "FROM batch WHERE dataset = ? AND max_time < ? AND file = coalesce(?, file)"


def _older(dataset: str, before: date, file: str | None) -> tuple[str, int, str | None]:
    """Return the parameters of `OLDER`."""
    return dataset, int(datetime.combine(before, time(), UTC).timestamp()), file


class SqliteLedger(Ledger):
    """See `Ledger`. One connection; `deliver` calls it from one thread of its own."""

    def __init__(self, connection: sqlite3.Connection, path: Path, memory: Path | None, *, is_new: bool) -> None:
        self._db = connection
        self._path = path
        self._place = path.stat() if path.exists() else None
        self.is_new = is_new
        meta = dict(connection.execute("SELECT name, value FROM meta"))
        self._secret: bytes = meta["secret"]
        self._commits = int(meta["commits"])
        self._memory = LedgerMemory(memory, meta["id"])
        self._runs: dict[int, tuple[str, RunLock]] = {}
        self._reserves: dict[int, Reserve] = {}
        self._indexes: dict[str, KeyIndex] = {}
        self._acceptances: dict[int, Acceptance] = {}
        self._settled: list[tuple[str, int, Keys]] = []  # on the disk with the next commit, then in the index
        self._full: LedgerError | None = None  # why nothing more may be claimed

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, memory: Path | None = None) -> SqliteLedger:
        """Open the file at the path; it is created if missing, unless only read."""
        resolved = path.resolve()  # beside which its side files and locks lie, whatever name it is given by
        connection, is_new = (open_for_reading if read_only else open_for_writing)(resolved)
        with ledger_errors(resolved):
            return cls(connection, resolved, memory, is_new=is_new)

    def __repr__(self) -> str:
        return f"SqliteLedger({str(self._path)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ledger_errors(self._path):
            self._db.close()
        self._memory.close()
        while self._reserves:
            self._reserves.popitem()[1].free()
        while self._runs:
            self._runs.popitem()[1][1].release()

    # ------------------------------------------------------------------ runs

    def begin(self, dataset: str, files: Sequence[str], at: float, *, wait: float = LOCK_WAIT_SECONDS) -> int:
        """Begin a run under a lock of the operating system, and load the accepted keys of the last 63 days."""
        lock = RunLock(self._path, dataset)
        lock.acquire(wait)
        reserve: Reserve | None = None
        try:
            self.require_newest()
            self.load_index(dataset, int(at) - KEEP_SECONDS)
            row = (dataset, json.dumps([Path(file).name for file in files]), int(at), os.getpid())
            reserve = Reserve(lock.reserve_path)
            with self.transaction():
                inserted = self._db.execute("INSERT INTO run (dataset, files, started, pid) VALUES (?, ?, ?, ?)", row)
        except BaseException:
            if reserve is not None:
                reserve.free()
            lock.release()
            raise
        run = int(inserted.lastrowid or 0)
        self._runs[run], self._reserves[run] = (dataset, lock), reserve
        return run

    def end(self, run: int, at: float) -> None:
        """End a run, delete open claims that later requests made good, and release the lock."""
        dataset, lock = self._runs.pop(run)
        self._reserves.pop(run).free()
        try:
            with self.transaction():
                self._db.execute("UPDATE run SET ended = ? WHERE id = ?", (int(at), run))
                query = f"SELECT id, keys, sales, {HEAD}, head_sum FROM batch WHERE dataset = ? AND state = ?"  # noqa: S608
                open_claims = self._db.execute(query, (dataset, CLAIMED)).fetchall()
            for claim, keys, columns, *head in open_claims:
                sales = verified_sales(keys, columns, verified_head(head, self._path), self._path)
                if (self._known(dataset, sales, b"").claims >= 0).all():
                    self.release(claim)
        finally:
            lock.release()

    def summarize(self, run: int, summary: str) -> None:
        """Keep what a run came to."""
        with self.transaction():
            self._db.execute("UPDATE run SET summary = ? WHERE id = ?", (summary, run))

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
                self._require_same_file()
                count = "UPDATE meta SET value = value + 1 WHERE name = 'commits' RETURNING value"
                self._commits = int(self._db.execute(count).fetchone()[0])
            self._memory.remember(self._commits)
            try:
                for dataset, claim, keys in self._settled:
                    if dataset in self._indexes:
                        self._indexes[dataset].add(claim, keys)
            except FileError as error:  # what was to be committed is; without the index nothing more may be claimed
                self._full = LedgerError(str(error))
        finally:
            self._settled.clear()

    def require_newest(self) -> None:
        """Raise LedgerError where the ledger is older than when it was last used on this machine."""

        def commits() -> int:
            with ledger_errors(self._path):
                return int(self._db.execute("SELECT value FROM meta WHERE name = 'commits'").fetchone()[0])

        self._memory.require_not_older(commits, self._path)

    def accept(self) -> None:
        """Remember the ledger as it is; LedgerError where that cannot be written."""
        self._memory.accept(self._commits)

    def _require_same_file(self) -> None:
        """Raise LedgerError where the file was deleted or replaced since it was opened: SQLite would not notice."""
        try:
            is_same = self._place is None or os.path.samestat(self._place, self._path.stat())
        except OSError:
            is_same = False
        if not is_same:
            message = f"The ledger was moved, deleted or replaced while it was in use; put it back. ({self._path})"
            raise LedgerError(message)

    def holds(self, run: int) -> bool:  # noqa: ARG002
        """Tell that the claims are the run's own: it holds the lock."""
        return True

    def take(self, run: int, work: str, part: int) -> bool:  # noqa: ARG002
        """Tell that the part is the run's own: there is no other run."""
        return True

    def claim(self, run: int, file: str, sales: Sales, at: float) -> Claimed:
        """Insert a row for the request with all of its sales."""
        if self._full is not None:
            raise self._full
        row = claimed_row(run, self._runs[run][0], file, sales, secret=self._secret, at=at)
        with self.transaction():
            inserted = self._db.execute(INSERT, row.values)
        return Claimed(int(inserted.lastrowid or 0))

    def settle(self, claim: int, sales: Sales, trace: str | None, at: float) -> None:
        """Turn the row of the request into an accepted one, with these sales only.

        Where the disk is full, the room that was kept for this is freed, and it is tried again.
        """
        is_part = self._db.in_transaction
        try:
            self._settle(claim, sales, trace, at)
        except LedgerError as error:
            freed = [] if is_part else [reserve.free() for reserve in self._reserves.values()]
            if not any(freed):
                raise
            self._full = error
            self._settle(claim, sales, trace, at)

    def _settle(self, claim: int, sales: Sales, trace: str | None, at: float) -> None:
        with self.transaction():
            row = self._db.execute(f"SELECT {HEAD}, head_sum FROM batch WHERE id = ?", (claim,)).fetchone()  # noqa: S608
            head = verified_head(row, self._path)._replace(state=ACCEPTED, trace=trace, at=int(at))
            keys = sales.key_bytes()
            if len(sales) != head.n:
                columns = sales.keyed(self._secret).to_bytes()
                head = head._replace(n=len(sales), keys_sum=checksum_of(keys), sales_sum=checksum_of(columns))
                self._db.execute("UPDATE batch SET keys = ?, sales = ? WHERE id = ?", (keys, columns, claim))
            fields = ", ".join(f"{name} = ?" for name in (*Head._fields, "head_sum"))
            self._db.execute(f"UPDATE batch SET {fields} WHERE id = ?", (*head, head.checksum, claim))  # noqa: S608
            self._settled.append((head.dataset, claim, keys_of(keys)))

    def release(self, claim: int) -> None:
        """Delete the row of the request, unless it is accepted."""
        with self.transaction():
            self._db.execute("DELETE FROM batch WHERE id = ? AND state = ?", (claim, CLAIMED))

    def open_claims(self, dataset: str) -> list[OpenClaim]:
        """Return the rows that are claimed only."""
        query = "SELECT id, run, file, n, at FROM batch WHERE dataset = ? AND state = ? ORDER BY id"
        with ledger_errors(self._path):
            return [OpenClaim(*row) for row in self._db.execute(query, (dataset, CLAIMED))]

    # ------------------------------------------------------------------ look-ups

    def load_index(self, dataset: str, since: int) -> None:
        """Load the accepted keys of events from `since` (UTC seconds) on, as of one moment.

        Every row's checksum is verified, also those of other datasets: one whose name a flipped bit changed would be
        missed, and its sales sent again.
        """
        where = "FROM batch WHERE dataset = ? AND state = ? AND max_time >= ?"
        values = (dataset, ACCEPTED, since)
        index = KeyIndex()
        with ledger_errors(self._path), transaction(self._db, "DEFERRED"):
            heads = 0
            for row in self._db.execute(f"SELECT {HEAD}, head_sum FROM batch"):  # noqa: S608
                verified_head(row, self._path)
                heads += 1
            if self._db.execute("SELECT value FROM meta WHERE name = 'batches'").fetchone() != (heads,):
                raise damaged(self._path)
            rows = self._db.execute(f"SELECT id, keys, keys_sum {where}", values)
            index.load((batch, verified_keys(keys, keys_sum, self._path)) for batch, keys, keys_sum in rows)
        self._indexes[dataset] = index

    def limit(self, dataset: str, at: float) -> None:
        """Load the accepted keys of the last 63 days."""
        self.load_index(dataset, int(at) - KEEP_SECONDS)

    def known(self, dataset: str, sales: Sales, *, facts: bool = False) -> Known:
        """Look up which requests the sales were accepted with; whole keys are compared, then day, amount, customer."""
        return self._known(dataset, sales, self._secret, facts=facts)

    def _known(self, dataset: str, sales: Sales, secret: bytes, *, facts: bool = False) -> Known:
        """Look up sales; secret: under which their customers are yet to be hashed, none for sales of the ledger's."""
        if dataset not in self._indexes:
            self.load_index(dataset, 0)
        known = Known.nothing(len(sales), facts=facts)
        wanted, owners = lookup_keys(sales)
        distinct = Distinct(wanted)
        with ledger_errors(self._path):
            candidates = self._indexes[dataset].candidates(distinct.keys)
        for start in range(0, len(candidates), MAX_IDS):
            positions_of = dict(candidates[start : start + MAX_IDS])
            marks = ", ".join("?" * len(positions_of))
            query = f"SELECT id, keys, sales, {HEAD}, head_sum FROM batch WHERE id IN ({marks})"  # noqa: S608
            with ledger_errors(self._path):
                rows = self._db.execute(query, list(positions_of)).fetchall()
            for batch, keys, columns, *fields in rows:
                head, positions = verified_head(fields, self._path), distinct.places(positions_of[batch])
                self._acceptances[batch] = Acceptance(head.run, head.file, head.at)
                hits = (wanted[positions], owners[positions])
                known.compare(batch, verified_sales(keys, columns, head, self._path), sales, hits, secret)
        return known

    def acceptance(self, claim: int) -> Acceptance:
        """Return what `known` has read of the row."""
        return self._acceptances[claim]

    def totals(self) -> list[Total]:
        """Return a sum for each dataset and file."""
        query = (
            "SELECT dataset, file, sum(n * (state = 1)), sum(n * (state = 0)), min(min_time), max(max_time), max(at) "
            "FROM batch GROUP BY dataset, file ORDER BY dataset, file"
        )
        with ledger_errors(self._path):
            rows = self._db.execute(query).fetchall()
        return [Total.of_row(*row) for row in rows]

    def count_before(self, dataset: str, before: date, file: str | None = None) -> int:
        """Count the events of rows that are old as a whole."""
        with ledger_errors(self._path):
            found = self._db.execute(f"SELECT coalesce(sum(n), 0) {OLDER}", _older(dataset, before, file))
            return int(found.fetchone()[0])

    def forget(self, dataset: str, before: date, file: str | None = None) -> int:
        """Delete old rows; their space is used for new ones. The list of runs stays."""
        lock = RunLock(self._path, dataset)
        lock.acquire(LOCK_WAIT_SECONDS)
        try:
            with ledger_errors(self._path), transaction(self._db, "IMMEDIATE"):
                events = self.count_before(dataset, before, file)
                self._db.execute(f"DELETE {OLDER}", _older(dataset, before, file))
        finally:
            lock.release()
        self._indexes.pop(dataset, None)
        return events

    # ------------------------------------------------------------------ history

    def sent(self, run: int) -> Iterator[SentSale]:
        """Read the requests of a run one after another, each with its checksums verified."""
        with ledger_errors(self._path):
            yield from sent_sales(self._db, self._path, run)

    def refund(self, run: int, sales: Sequence[AcceptedSale], at: float) -> None:
        """Add what is not yet in the table of refunds."""
        with self.transaction():
            note_refunds(self._db, self._runs[run][0], run, sales, int(at))

    def refunds(self) -> list[RefundedSale]:
        """Return the table of refunds."""
        with ledger_errors(self._path):
            return refunded_sales(self._db)

    def runs(self) -> list[PastRun]:
        """Return the rows of the table of runs, of which none is ever deleted."""
        with ledger_errors(self._path):
            return past_runs(self._db)

    # ------------------------------------------------------------------ care

    def faults(self) -> list[str]:
        """Let SQLite look through the whole file, and verify every row's checksums."""
        return faults(self._db, self._path)

    def rows(self) -> Iterator[LedgerRow]:
        """Yield the rows of the file."""
        with ledger_errors(self._path), transaction(self._db, "DEFERRED"):
            yield from sqlite_rows(self._db)

    def fill(self, rows: Iterable[LedgerRow]) -> None:
        """Insert all rows, or none."""
        with ledger_errors(self._path), transaction(self._db, "IMMEDIATE"):
            fill_sqlite(self._db, rows)

    def backup(self, target: Path) -> None:
        """Copy page by page by SQLite's own means; the copy stands under its name once it is whole."""
        backup(self._db, self._path, target)
