"""The ledger in a PostgreSQL database, which several runs on several machines share.

Requests are the rows that SQLite's file holds as well; beside them `sale_key` has a row for each key of each sale, so
that of two senders one alone claims it (`postgres_keys`). A run lives as long as its lease (`lease`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
from psycopg import Cursor

from importer.core.kernels.arrays import Indices
from importer.errors import LedgerError
from importer.ledger_place import shown
from importer.store.history import AcceptedSale, PastRun, RefundedSale, SentSale
from importer.store.history_rows import REFUND_COLUMNS, past_run_of, refund_of, refund_rows, sent_of
from importer.store.keys import Distinct, keys_of
from importer.store.lease import ALIVE, Lease
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
from importer.store.ledger_copy import LedgerRow, fill_postgres, postgres_rows
from importer.store.ledger_memory import LedgerMemory
from importer.store.ledger_sales import Sales, lookup_keys
from importer.store.postgres_connection import Database
from importer.store.postgres_keys import KeyClaim, accepted_batches, give_up, number_of, restore
from importer.store.postgres_schema import MIGRATIONS, migrate, version_of
from importer.store.request_row import (
    ACCEPTED,
    CLAIMED,
    HEAD,
    Head,
    checksum_of,
    claimed_row,
    verified_head,
    verified_sales,
)

T = TypeVar("T")

MAX_IDS = 100
"""Of requests that are fetched at once."""

_PLACES = ", ".join(["%s"] * (len(Head._fields) + 4))
_INSERT = f"INSERT INTO batch (id, {HEAD}, head_sum, keys, sales) VALUES ({_PLACES})"
_UPDATE = ", ".join(f"{name} = %s" for name in (*Head._fields, "head_sum"))
_FETCH = f"SELECT id, keys, sales, {HEAD}, head_sum FROM batch WHERE"


_OLDER = (
    "FROM batch WHERE dataset = %s AND max_time < %s AND file = coalesce(%s, file) "
    f"AND (state = 1 OR NOT EXISTS (SELECT FROM run WHERE run.id = batch.run AND {ALIVE}))"
)


def _older(dataset: str, before: date, file: str | None) -> tuple[str, int, str | None]:
    """Return the parameters of `_OLDER`."""
    return dataset, int(datetime.combine(before, time(), UTC).timestamp()), file


class PostgresLedger(Ledger):
    """See `Ledger`. One connection for the run's one ledger thread, and one for each lease."""

    def __init__(self, address: str, memory: Path | None = None, *, read_only: bool = False) -> None:
        self._address = address
        self._db = Database(address, on_reconnect=self._drop_unknown_claims)
        self._runs: dict[int, tuple[str, int, Lease]] = {}
        self._claims: set[int] = set()  # that are surely committed
        self._uncommitted: set[int] = set()
        self._since: dict[str, int] = {}
        self._acceptances: dict[int, Acceptance] = {}
        self._commits = 0
        try:
            self.is_new = self._db.run(migrate) if not read_only else self._require_present()
            self._secret, ledger = b"", ""
            if not (read_only and self.is_new):
                meta = dict(self._db.run(lambda cursor: cursor.execute("SELECT name, value FROM meta").fetchall()))
                self._secret, ledger = bytes.fromhex(meta["secret"]), meta["id"]
        except BaseException:
            self._db.close()
            raise
        self._memory = LedgerMemory(memory if ledger else None, ledger)

    def __repr__(self) -> str:
        return f"PostgresLedger({shown(self._address)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._runs:
            self._runs.popitem()[1][2].end()
        self._db.close()
        self._memory.close()

    def _require_present(self) -> bool:
        """Return whether there is no ledger yet; `LedgerError` where a later `send` must bring it up to date first."""
        version = self._db.run(version_of)
        if 0 < version < len(MIGRATIONS):
            message = "The ledger is of an older version; the next send brings it up to date, then it can be read."
            raise LedgerError(message)
        return version == 0

    # ------------------------------------------------------------------ runs

    def begin(self, dataset: str, files: Sequence[str], at: float, *, wait: float = LOCK_WAIT_SECONDS) -> int:  # noqa: ARG002  nobody is kept out
        """Begin a run beside any others, and its lease."""
        self.require_newest()
        row = (dataset, json.dumps([Path(file).name for file in files]), int(at), os.getpid())

        def insert(cursor: Cursor[Any]) -> tuple[int, int]:
            cursor.execute("INSERT INTO dataset (name) VALUES (%s) ON CONFLICT DO NOTHING", (dataset,))
            run = "INSERT INTO run (dataset, files, started, pid) VALUES (%s, %s, %s, %s) RETURNING id"
            return _one(cursor.execute(run, row)), number_of(cursor, dataset)

        run, number = self._db.run(insert)
        self._since[dataset] = int(at) - KEEP_SECONDS
        self._runs[run] = (dataset, number, Lease(self._address, run))
        return run

    def end(self, run: int, at: float) -> None:
        """End a run and its lease, and delete open claims that later requests made good."""
        dataset, _, lease = self._runs.pop(run)
        lease.end()
        self._write(lambda cursor: cursor.execute("UPDATE run SET ended = %s WHERE id = %s", (int(at), run)))
        dead = f"NOT EXISTS (SELECT FROM run WHERE run.id = batch.run AND {ALIVE})"
        open_claims = self._rows(f"{_FETCH} dataset = %s AND state = %s AND {dead}", (dataset, CLAIMED))
        for row in open_claims:
            claim, _, sales = self._row(row)
            if (self._known(dataset, sales, b"").claims >= 0).all():
                self.release(claim)

    def holds(self, run: int) -> bool:
        """Tell whether nobody can have taken the run for dead; `LedgerError` where another run has."""
        return self._runs[run][2].holds()

    def summarize(self, run: int, summary: str) -> None:
        """Keep what a run came to."""
        self._write(lambda cursor: cursor.execute("UPDATE run SET summary = %s WHERE id = %s", (summary, run)))

    def require_newest(self) -> None:
        """Raise LedgerError where the ledger is older than when it was last used on this machine: a restored dump."""

        def commits() -> int:
            return int(self._db.run(lambda cursor: _one(cursor.execute("SELECT last_value FROM commits"))))

        if self._secret:
            self._memory.require_not_older(commits, shown(self._address))

    def accept(self) -> None:
        """Remember the ledger as it is; LedgerError where that cannot be written."""
        self._memory.accept(self._db.run(lambda cursor: _one(cursor.execute("SELECT last_value FROM commits"))))

    # ------------------------------------------------------------------ claims

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is claimed, settled and released inside as one; inside another one, with that."""
        if self._db.in_transaction:
            yield
            return
        try:
            with self._db.transaction():
                yield
                self._db.run(self._count)
            self._claims |= self._uncommitted
        finally:
            self._uncommitted.clear()
        self._memory.remember(self._commits)

    def take(self, run: int, work: str, part: int) -> bool:
        """Take a part of a work that several runs share, unless a run that lives has it."""
        query = (
            "INSERT INTO part AS held (work, number, run) VALUES (%(work)s, %(part)s, %(run)s) "
            "ON CONFLICT (work, number) DO UPDATE SET run = excluded.run WHERE held.run = excluded.run "
            f"OR NOT EXISTS (SELECT FROM run WHERE run.id = held.run AND {ALIVE})"
        )
        values = {"work": work, "part": part, "run": run}
        return self._write(lambda cursor: cursor.execute(query, values).rowcount > 0)

    def claim(self, run: int, file: str, sales: Sales, at: float) -> Claimed:
        """Claim the sales that no living run claims and Meta has not accepted, in a row for the request."""
        dataset, number, _ = self._runs[run]

        def insert(cursor: Cursor[Any]) -> tuple[int, Indices]:
            claim = _one(cursor.execute("SELECT nextval('batch_id')"))
            keys = KeyClaim(
                cursor, number, run, claim, self._since[dataset], partial(self._fetch, cursor=cursor), self._secret
            )
            mine = keys.of(sales)
            if mine.any():
                own = sales if mine.all() else sales.take(np.flatnonzero(mine))
                cursor.execute(
                    _INSERT, (claim, *claimed_row(run, dataset, file, own, secret=self._secret, at=at).values)
                )
            return claim, np.flatnonzero(~mine)

        claim, held = self._write(insert)
        (self._uncommitted if self._db.in_transaction else self._claims).add(claim)
        return Claimed(claim, held)

    def settle(self, claim: int, sales: Sales, trace: str | None, at: float) -> None:
        """Turn the row of the request into an accepted one, with these sales only."""
        keys, columns = sales.key_bytes(), sales.keyed(self._secret).to_bytes()

        def update(cursor: Cursor[Any]) -> None:
            query = f"SELECT {HEAD}, head_sum, keys, taken FROM batch WHERE id = %s FOR UPDATE"
            row = cursor.execute(query, (claim,)).fetchone()
            if row is None:  # taken for dead, and all of it accepted by another run meanwhile
                return
            *fields, held, is_taken = row
            head = verified_head(fields, shown(self._address))._replace(state=ACCEPTED, trace=trace, at=int(at))
            if len(sales) != head.n:
                head = head._replace(n=len(sales), keys_sum=checksum_of(keys), sales_sum=checksum_of(columns))
                cursor.execute("UPDATE batch SET keys = %s, sales = %s WHERE id = %s", (keys, columns, claim))
                give_up(cursor, number_of(cursor, head.dataset), claim, keys_of(held))
            cursor.execute(f"UPDATE batch SET {_UPDATE} WHERE id = %s", (*head, head.checksum, claim))
            if is_taken or len(keys) != len(held):
                restore(cursor, number_of(cursor, head.dataset), claim, keys_of(keys))

        self._write(update)

    def release(self, claim: int) -> None:
        """Delete the request and its keys, unless it is accepted."""
        self._write(lambda cursor: _delete_claim(cursor, claim))

    def _write(self, work: Callable[[Cursor[Any]], T]) -> T:
        """Do the work in a transaction that counts as a commit of the ledger."""
        if self._db.in_transaction:
            return self._db.run(work)

        def counted(cursor: Cursor[Any]) -> T:
            result = work(cursor)
            self._count(cursor)
            return result

        result = self._db.run(counted)
        self._memory.remember(self._commits)
        return result

    def _count(self, cursor: Cursor[Any]) -> None:
        self._commits = _one(cursor.execute("SELECT nextval('commits')"))

    def _drop_unknown_claims(self, cursor: Cursor[Any]) -> None:
        """Delete claims that were committed without our learning it, when the connection was lost: they are redone."""
        query = "SELECT id FROM batch WHERE run = ANY(%s) AND state = %s AND id <> ALL(%s)"
        rows = cursor.execute(query, (list(self._runs), CLAIMED, list(self._claims))).fetchall()
        for (claim,) in rows:
            _delete_claim(cursor, claim)

    def open_claims(self, dataset: str) -> list[OpenClaim]:
        """Return the rows that are claimed only."""
        query = "SELECT id, run, file, n, at FROM batch WHERE dataset = %s AND state = %s ORDER BY id"
        return self._read(query, (dataset, CLAIMED), OpenClaim)

    # ------------------------------------------------------------------ look-ups

    def limit(self, dataset: str, at: float) -> None:
        """Leave requests aside whose sales are all older than 63 days."""
        self._since[dataset] = int(at) - KEEP_SECONDS

    def known(self, dataset: str, sales: Sales, *, facts: bool = False) -> Known:
        """Look up which requests the sales were accepted with; whole keys are compared, then day, amount, customer."""
        return self._known(dataset, sales, self._secret, facts=facts)

    def _known(self, dataset: str, sales: Sales, secret: bytes, *, facts: bool = False) -> Known:
        known = Known.nothing(len(sales), facts=facts)
        if not self._secret or not len(sales):
            return known
        wanted, owners = lookup_keys(sales)
        distinct, since = Distinct(wanted), self._since.get(dataset, 0)
        found = self._db.run(lambda cursor: accepted_batches(cursor, dataset, distinct.keys, since))
        for batch, held in self._fetch(found):
            positions = distinct.places(found[batch])
            known.compare(batch, held, sales, (wanted[positions], owners[positions]), secret)
        return known

    def _fetch(self, batches: Iterable[int], cursor: Cursor[Any] | None = None) -> Iterator[tuple[int, Sales]]:
        """Yield the sales of requests; a request that was released meanwhile is left out."""
        wanted = sorted(batches)
        for start in range(0, len(wanted), MAX_IDS):
            some = wanted[start : start + MAX_IDS]
            for row in self._rows(f"{_FETCH} id = ANY(%s) ORDER BY id", (some,), cursor):
                batch, head, sales = self._row(row)
                self._acceptances[batch] = Acceptance(head.run, head.file, head.at)
                yield batch, sales

    def _row(self, row: Sequence[Any]) -> tuple[int, Head, Sales]:
        batch, keys, columns, *fields = row
        head = verified_head(fields, shown(self._address))
        return batch, head, verified_sales(keys, columns, head, shown(self._address))

    def acceptance(self, claim: int) -> Acceptance:
        """Return what `known` has read of the row."""
        return self._acceptances[claim]

    def totals(self) -> list[Total]:
        """Return a sum for each dataset and file."""
        query = (
            "SELECT dataset, file, coalesce(sum(n) FILTER (WHERE state = 1), 0)::bigint, "
            "coalesce(sum(n) FILTER (WHERE state = 0), 0)::bigint, min(min_time), max(max_time), max(at) "
            'FROM batch GROUP BY dataset, file ORDER BY dataset COLLATE "C", file COLLATE "C"'
        )
        return self._read(query, (), Total.of_row)

    def count_before(self, dataset: str, before: date, file: str | None = None) -> int:
        """Count the events of requests that are old as a whole, and that no living run is sending."""
        rows = self._read(f"SELECT coalesce(sum(n), 0)::bigint {_OLDER}", _older(dataset, before, file), int)
        return sum(rows)

    def forget(self, dataset: str, before: date, file: str | None = None) -> int:
        """Delete old requests, but for those that a living run is sending."""

        def delete(cursor: Cursor[Any]) -> int:
            cursor.execute(
                f"WITH gone AS (DELETE {_OLDER} RETURNING id, n), "
                "keys AS (DELETE FROM sale_key WHERE batch IN (SELECT id FROM gone)) "
                "SELECT coalesce(sum(n), 0)::bigint FROM gone",
                _older(dataset, before, file),
            )
            return int(_one(cursor))

        return self._write(delete)

    def _read(self, query: str, values: tuple[Any, ...], kind: Any) -> list[Any]:
        if not self._secret:
            return []
        return [kind(*row) for row in self._rows(query, values)]

    def _rows(self, query: str, values: tuple[Any, ...], cursor: Cursor[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return what a query finds, in the transaction of the cursor or in one of its own."""
        if cursor is not None:
            return cursor.execute(query, values).fetchall()
        return self._db.run(lambda own: own.execute(query, values).fetchall())

    # ------------------------------------------------------------------ history

    def sent(self, run: int) -> Iterator[SentSale]:
        """Read the requests of a run one after another, each with its checksums verified."""
        for number in self._read("SELECT id FROM batch WHERE run = %s ORDER BY id", (run,), int):
            for row in self._rows(f"{_FETCH} id = %s", (number,)):
                _, head, sales = self._row(row)
                yield from sent_of(head, sales)

    def refund(self, run: int, sales: Sequence[AcceptedSale], at: float) -> None:
        """Add what is not yet in the table of refunds."""
        query = (
            "INSERT INTO refund (dataset, key, event_time, run, at, order_id, event_name, value, currency) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
        )
        rows = refund_rows(self._runs[run][0], run, sales, int(at))
        self._write(lambda cursor: cursor.executemany(query, rows))

    def refunds(self) -> list[RefundedSale]:
        """Return the table of refunds."""
        order = 'ORDER BY event_time, dataset COLLATE "C", order_id COLLATE "C" NULLS FIRST, key'
        return self._read(f"SELECT {REFUND_COLUMNS} FROM refund {order}", (), refund_of)

    def runs(self) -> list[PastRun]:
        """Return the rows of the table of runs, of which none is ever deleted."""
        query = "SELECT id, dataset, files, started, ended, summary FROM run ORDER BY id DESC"
        return self._read(query, (), past_run_of)

    # ------------------------------------------------------------------ care

    def faults(self) -> list[str]:
        """Verify every row's checksums, and that each key of an accepted sale is found."""
        if not self._secret:
            return []
        return self._db.run(self._faults)

    def _faults(self, cursor: Cursor[Any]) -> list[str]:
        query = "SELECT batch, count(DISTINCT key) FROM sale_key GROUP BY batch"
        keys_of_batch: dict[int, int] = dict(cursor.execute(query).fetchall())
        found: list[str] = []
        with cursor.connection.cursor("requests") as rows:
            rows.itersize = MAX_IDS
            for *row, is_taken in rows.execute(
                f"SELECT id, keys, sales, {HEAD}, head_sum, taken FROM batch ORDER BY id"
            ):
                held = keys_of_batch.pop(row[0], 0)
                try:
                    self._row(row)
                except LedgerError:
                    found.append(f"Request {row[0]} is not what was written.")
                    continue
                if not is_taken and held != len(np.unique(keys_of(row[1]), axis=0)):
                    found.append(f"Keys of request {row[0]} are missing.")
        return [*found, "Requests are missing."] if keys_of_batch else found

    def rows(self) -> Iterator[LedgerRow]:
        """Yield the rows of the tables; what cuts it off is not tried again."""
        with self._db.reading() as cursor:
            yield from postgres_rows(cursor)

    def fill(self, rows: Iterable[LedgerRow]) -> None:
        """Insert all rows, or none; what cuts it off is not tried again."""
        with self._db.transaction():
            self._db.run(lambda cursor: fill_postgres(cursor, rows))

    def backup(self, target: Path) -> None:  # noqa: ARG002
        """Refuse: PostgreSQL's own tools do it."""
        message = "A ledger in PostgreSQL is backed up by PostgreSQL's own pg_dump; nothing was written."
        raise LedgerError(message)


def _delete_claim(cursor: Cursor[Any], claim: int) -> None:
    query = "SELECT dataset, keys FROM batch WHERE id = %s AND state = %s FOR UPDATE"
    row = cursor.execute(query, (claim, CLAIMED)).fetchone()
    if row is not None:
        give_up(cursor, number_of(cursor, row[0]), claim, keys_of(row[1]))
        cursor.execute("DELETE FROM batch WHERE id = %s", (claim,))


def _one(cursor: Cursor[Any]) -> Any:
    row = cursor.fetchone()
    return None if row is None else row[0]
