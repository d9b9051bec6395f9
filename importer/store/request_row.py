"""A request as a row of either database: its head, its sales, and the checksums by which both are what was written."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from importer.core.model import KEY_BYTES
from importer.errors import LedgerError
from importer.store.keys import Keys, keys_of
from importer.store.ledger_sales import Sales

CLAIMED, ACCEPTED = 0, 1
"""States of a request."""

DAMAGED = "The ledger is damaged; restore it from a backup, or give --ledger a new path."


class Head(NamedTuple):
    """A request's row but for its number and its blobs, whose checksums it has."""

    run: int
    dataset: str
    file: str
    state: int
    n: int
    min_time: int
    max_time: int
    at: int
    trace: str | None
    keys_sum: int
    sales_sum: int

    @property
    def checksum(self) -> int:
        """The CRC-32 of all of it."""
        return zlib.crc32(json.dumps(self).encode())


HEAD = ", ".join(Head._fields)
"""The columns of `Head` in a query."""


def checksum_of(blob: bytes | None) -> int:
    """Return the CRC-32 of a blob, 0 of none."""
    return zlib.crc32(blob or b"")


class ClaimedRow(NamedTuple):
    """The row of a request that is about to be posted: its head, and its blobs."""

    head: Head
    keys: bytes
    columns: bytes

    @property
    def values(self) -> tuple[Any, ...]:
        """The columns of `Head`, `head_sum`, `keys` and `sales`."""
        return (*self.head, self.head.checksum, self.keys, self.columns)


def claimed_row(run: int, dataset: str, file: str, sales: Sales, *, secret: bytes, at: float) -> ClaimedRow:
    """Return the row with which a run claims sales. secret: under which their customers are hashed."""
    keys, columns, times = sales.key_bytes(), sales.keyed(secret).to_bytes(), sales.times
    head = Head(
        run=run,
        dataset=dataset,
        file=Path(file).name,
        state=CLAIMED,
        n=len(sales),
        min_time=int(times.min()),
        max_time=int(times.max()),
        at=int(at),
        trace=None,
        keys_sum=checksum_of(keys),
        sales_sum=checksum_of(columns),
    )
    return ClaimedRow(head, keys, columns)


def verified_head(row: Sequence[Any], path: Path | str) -> Head:
    """Return the row without its checksum; `LedgerError` if that does not fit it."""
    head = Head(*row[:-1])
    if head.checksum != row[-1]:
        raise damaged(path)
    return head


def verified_keys(blob: bytes, checksum: int, path: Path | str) -> Keys:
    """Return the keys of a row; `LedgerError` if they are not what was written."""
    if checksum_of(blob) != checksum or len(blob) % KEY_BYTES:
        raise damaged(path)
    return keys_of(blob)


def verified_sales(keys: bytes, columns: bytes | None, head: Head, path: Path | str) -> Sales:
    """Return the sales of a row, of a row of version 1 their keys alone; `LedgerError` as above."""
    held = verified_keys(keys, head.keys_sum, path)
    if columns is None:
        return Sales.of_keys(held)
    if checksum_of(columns) != head.sales_sum:
        raise damaged(path)
    try:
        return Sales.from_bytes(keys, columns)
    except (pa.ArrowException, OSError) as error:
        raise damaged(path) from error


def damaged(path: Path | str) -> LedgerError:
    """Return the error of a ledger that is not what was written."""
    return LedgerError(f"{DAMAGED} ({path})")
