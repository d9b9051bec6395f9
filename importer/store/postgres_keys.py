"""The keys of sales in PostgreSQL: sent by COPY, looked up, claimed by one sender alone, given up.

`sale_key` has a row for each key of each sale that is claimed or accepted; `nth` tells sales under one key apart (an
order id that is used again). Most keys are new, and one INSERT claims them. Where a key is held already, or stands
twice in one request, the sales are compared, under a lock of the dataset so that two senders never decide at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from psycopg import Cursor, errors

from importer.core.kernels.arrays import Indices, Mask
from importer.core.kernels.hash64 import repeated
from importer.store.keys import Keys
from importer.store.lease import ALIVE
from importer.store.ledger import Known
from importer.store.ledger_sales import Sales, all_keys
from importer.store.same_sale import OTHER, UNSURE

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_ROW = np.dtype(
    [("fields", ">i2"), *((f"{kind}{name}", ">i4") for name in ("call", "place") for kind in ("size_", "")),
     ("size_key", ">i4"), ("key", "V16"), ("size_alone", ">i4"), ("alone", "u1")]
)  # fmt: skip
"""A row of `wanted` in COPY's binary format: the number of fields, then each with its size before it."""

_ONE_DECIDES = 7_302_641
"""Class of the advisory locks under which sales of one dataset are compared."""

_calls = count()


def send_keys(cursor: Cursor[Any], keys: Keys, alone: Mask | None = None) -> int:
    """Put the keys, numbered by their places, into the temporary table `wanted`; return the number of this call."""
    call = next(_calls) % (1 << 31)
    cursor.execute(
        "CREATE TEMP TABLE IF NOT EXISTS wanted (call int, place int, key uuid, alone boolean) ON COMMIT DELETE ROWS"
    )
    rows = np.empty(len(keys), _ROW)
    rows["fields"], rows["size_call"], rows["size_place"], rows["size_key"], rows["size_alone"] = 4, 4, 4, 16, 1
    rows["call"], rows["place"] = call, np.arange(len(keys))
    rows["key"] = np.ascontiguousarray(keys).view("V16")[:, 0]
    rows["alone"] = True if alone is None else alone
    with cursor.copy("COPY wanted FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_HEADER + rows.tobytes() + _TRAILER)
    return call


def accepted_batches(cursor: Cursor[Any], dataset: str, keys: Keys, since: int) -> dict[int, Indices]:
    """Return the accepted requests that hold some of the keys, each with the places of those keys, ascending."""
    call = send_keys(cursor, keys)
    cursor.execute(
        # OFFSET 0: key by key through the index, whatever the planner believes of tables that nobody has analyzed yet
        "WITH found AS MATERIALIZED (SELECT w.place, k.batch FROM wanted w CROSS JOIN LATERAL "
        "(SELECT batch FROM sale_key WHERE dataset = %s AND key = w.key OFFSET 0) k WHERE w.call = %s) "
        "SELECT f.batch, array_agg(DISTINCT f.place) FROM found f JOIN batch b ON b.id = f.batch "
        "WHERE b.state = 1 AND b.max_time >= %s GROUP BY f.batch ORDER BY f.batch",
        (number_of(cursor, dataset), call, since),
    )
    return {batch: np.sort(np.array(places, np.int64)) for batch, places in cursor}


def number_of(cursor: Cursor[Any], dataset: str) -> int:
    """Return the number that stands for a dataset in `sale_key`."""
    row = cursor.execute("SELECT id FROM dataset WHERE name = %s", (dataset,)).fetchone()
    return -1 if row is None else int(row[0])


def give_up(cursor: Cursor[Any], dataset: int, batch: int, keys: Keys) -> None:
    """Delete the rows of these keys that a request holds."""
    call = send_keys(cursor, keys)
    query = (
        "DELETE FROM sale_key k USING wanted w WHERE w.call = %s AND k.dataset = %s AND k.key = w.key AND k.batch = %s"
    )
    cursor.execute(query, (call, dataset, batch))


@dataclass(eq=False)
class KeyClaim:
    """The claim of one request on the keys of its sales.

    batch: the request's number; run: whose it is; since: what is older matters no more; load: fetches the sales of
    requests. taken: requests of dead runs from which sales were taken over.
    """

    cursor: Cursor[Any]
    dataset: int
    run: int
    batch: int
    since: int
    load: Callable[[Iterable[int]], Iterable[tuple[int, Sales]]]
    secret: bytes
    taken: set[int] = field(default_factory=set)

    def of(self, sales: Sales) -> Mask:
        """Claim what no living run claims and Meta has not accepted; tell which sales these are."""
        self._sales, self._keys = sales, all_keys(sales)
        self._owners = np.concatenate([np.arange(len(sales)), sales.further()[1]])
        alone = np.ones(len(self._keys), np.bool_)
        alone[repeated(self._keys[:, 0])] = False
        self._call = send_keys(self.cursor, self._keys, alone)
        doubtful = np.union1d(self._insert_new(int(alone.sum())), np.flatnonzero(~alone))
        return self._compare(doubtful) if len(doubtful) else np.ones(len(sales), np.bool_)

    def _insert_new(self, wanted: int) -> Indices:
        """Insert those of so many wanted keys that nobody holds; return the places of the others."""
        values = {"dataset": self.dataset, "batch": self.batch, "call": self._call}
        self.cursor.execute(
            "WITH added AS (INSERT INTO sale_key (dataset, key, nth, batch) "
            "SELECT %(dataset)s, w.key, 0, %(batch)s FROM wanted w WHERE w.call = %(call)s AND w.alone AND NOT EXISTS "
            "(SELECT FROM sale_key k WHERE k.dataset = %(dataset)s AND k.key = w.key) ORDER BY w.key "
            "ON CONFLICT DO NOTHING RETURNING key) SELECT count(*) FROM added",
            values,
        )
        if self.cursor.fetchone() == (wanted,):  # as nearly always; the database would look for the others for long
            return np.empty(0, np.int64)
        self.cursor.execute(
            "SELECT w.place FROM wanted w WHERE w.call = %(call)s AND w.alone AND NOT EXISTS (SELECT FROM sale_key k "
            "WHERE k.dataset = %(dataset)s AND k.key = w.key AND k.nth = 0 AND k.batch = %(batch)s)",
            values,
        )
        return np.array([place for (place,) in self.cursor], np.int64)

    def _compare(self, doubtful: Indices) -> Mask:
        """Decide on the sales of keys that are held, or that stand twice in the request."""
        self.cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_ONE_DECIDES, self.dataset))
        rows = self._held_rows(doubtful)
        live = self._known(rows, alive=True)
        named = np.asarray(self._sales.columns.column("event_id").is_valid())
        mine: Mask = (live.levels > UNSURE) & ((live.levels != OTHER) | named)
        dead = self._known(rows, alive=False)
        dead.claims[~mine | (dead.levels > UNSURE)] = -1
        self._enter(doubtful, mine, rows, dead)
        not_mine = np.flatnonzero(~mine[self._owners])
        if len(not_mine):
            give_up(self.cursor, self.dataset, self.batch, self._keys[not_mine])
        return mine

    def _held_rows(self, doubtful: Indices) -> list[_Row]:
        self.cursor.execute(
            f"SELECT w.place, k.nth, k.batch, b.run, b.state = 1 OR b.run = %(run)s OR {ALIVE} "
            "FROM wanted w JOIN sale_key k ON k.dataset = %(dataset)s AND k.key = w.key "
            "JOIN batch b ON b.id = k.batch JOIN run ON run.id = b.run "
            "WHERE w.call = %(call)s AND w.place = ANY(%(places)s) AND (b.state = 0 OR b.max_time >= %(since)s)",
            {
                "run": self.run,
                "dataset": self.dataset,
                "call": self._call,
                "places": doubtful.tolist(),
                "since": self.since,
            },
        )
        return [_Row(*row) for row in self.cursor]

    def _known(self, rows: list[_Row], *, alive: bool) -> Known:
        """Return what the sales are to those that living runs hold or Meta accepted, or to those of dead runs."""
        known = Known.nothing(len(self._sales))
        places_of: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            if row.alive == alive:
                places_of[row.batch].append(row.place)
        for batch, held in self.load(places_of):
            places = np.unique(places_of[batch])
            hits = (self._keys[places], self._owners[places])
            known.compare(batch, held, self._sales, hits, self.secret)
        return known

    def _enter(self, doubtful: Indices, mine: Mask, rows: list[_Row], dead: Known) -> None:
        """Take over the rows of dead runs for the same sales, and add a row for each other key of ours."""
        nth_of, taken_rows = self._numbers(doubtful), defaultdict(list)
        runs: set[int] = set()
        for row in rows:
            taken_rows[row.place, row.batch].append(row)
        added: list[tuple[Any, int]] = []
        for place in doubtful.tolist():
            owner, key = int(self._owners[place]), self._keys[place].tobytes()
            if not mine[owner]:
                continue
            own = taken_rows.get((place, int(dead.claims[owner])))
            if own:
                row = own.pop()
                self._take_over(key, row)
                runs.add(row.run)
            else:
                added.append((key, nth_of[key]))
                nth_of[key] += 1
        self._add(added)
        if runs:
            self._bury(runs)

    def _numbers(self, doubtful: Indices) -> Counter[bytes]:
        """Return the next free number of each key."""
        self.cursor.execute(
            "SELECT w.place, coalesce(max(k.nth) + 1, 0) FROM wanted w LEFT JOIN sale_key k "
            "ON k.dataset = %s AND k.key = w.key WHERE w.call = %s AND w.place = ANY(%s) GROUP BY w.place",
            (self.dataset, self._call, doubtful.tolist()),
        )
        return Counter({self._keys[place].tobytes(): nth for place, nth in self.cursor})

    def _take_over(self, key: bytes, row: _Row) -> None:
        self.cursor.execute(
            "UPDATE sale_key SET batch = %s WHERE dataset = %s AND key = encode(%s, 'hex')::uuid AND nth = %s",
            (self.batch, self.dataset, key, row.nth),
        )
        self.taken.add(row.batch)

    def _add(self, rows: list[tuple[bytes, int]]) -> None:
        for key, nth in rows:
            self.cursor.execute(
                "INSERT INTO sale_key (dataset, key, nth, batch) VALUES (%s, encode(%s, 'hex')::uuid, %s, %s) "
                "ON CONFLICT DO NOTHING",
                (self.dataset, key, nth, self.batch),
            )
            if not self.cursor.rowcount:  # another sender was faster by a moment: all is decided again
                raise errors.SerializationFailure

    def _bury(self, runs: set[int]) -> None:
        """Note that the runs are dead, so that none of them can renew its lease any more."""
        self.cursor.execute("UPDATE batch SET taken = true WHERE id = ANY(%s)", (sorted(self.taken),))
        self.cursor.execute(
            f"UPDATE run SET lost = true WHERE id = ANY(%s) AND NOT {ALIVE} RETURNING id",
            (sorted(runs),),
        )
        if len(self.cursor.fetchall()) < len(runs):  # one of them has come back to life
            raise errors.SerializationFailure


@dataclass(frozen=True)
class _Row:
    """A row of `sale_key` that holds the key at a place of the request."""

    place: int
    nth: int
    batch: int
    run: int
    alive: bool


def restore(cursor: Cursor[Any], dataset: int, batch: int, keys: Keys) -> None:
    """Add rows for those keys of an accepted request that another run has taken over meanwhile."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_ONE_DECIDES, dataset))
    call = send_keys(cursor, keys)
    cursor.execute(
        "INSERT INTO sale_key (dataset, key, nth, batch) SELECT DISTINCT %(dataset)s::int, w.key, "
        "(SELECT coalesce(max(k.nth) + 1, 0) FROM sale_key k WHERE k.dataset = %(dataset)s AND k.key = w.key), "
        "%(batch)s::bigint FROM wanted w WHERE w.call = %(call)s AND NOT EXISTS (SELECT FROM sale_key k "
        "WHERE k.dataset = %(dataset)s AND k.key = w.key AND k.batch = %(batch)s) ON CONFLICT DO NOTHING",
        {"dataset": dataset, "batch": batch, "call": call},
    )
