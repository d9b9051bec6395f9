"""The refunds and cancellations of all files of a run, and which sales of the run they take back.

A sale whose refund stands on a row of its own, before or after it, in its own file or in another one of the run, is
not sent: Meta has no call to take it back. Whether a refund is of a sale is judged by what the ledger compares as well
(`store/same_sale.py`): the key, the day, the amount and the customer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from importer.core.kernels.arrays import Indices, one_chunk
from importer.core.kernels.hash64 import Words
from importer.core.model import KEY_BYTES, MONEY, Column

OF_ITSELF = ("refunded", "cancelled", "zero_value")
"""Reasons of rows that were sales themselves."""

OF_MONEY = ("refunded", "refund", "negative_value")
"""Reasons of rows whose amounts went back to the customer, wholly or in part."""

ELSEWHERE, PARTLY = "order_id:refunded_elsewhere", "value:refunded_in_part"
"""Warnings of a sale that is not sent since another row takes it back, and of one that is sent all the same."""

REFUNDS = pa.schema(
    [
        pa.field("key", pa.binary(KEY_BYTES)),  # of a sale that it may take back
        pa.field("own", pa.binary(KEY_BYTES)),  # of the refund itself
        pa.field("event_time", pa.int64()),
        pa.field("day", pa.int32()),
        pa.field("timed", pa.bool_()),  # it has a time of day
        pa.field("value", MONEY),  # with the sign of a sale
        pa.field("currency", pa.string()),
        pa.field("customers", pa.list_(pa.uint64())),
        pa.field("dataset", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("whole", pa.bool_()),  # the row speaks of its whole order, not of one of its lines
        pa.field("file", pa.int32()),
        pa.field("line", pa.int64()),
    ]
)


class Sale(NamedTuple):
    """A sale as refunds are compared with it. timed: it has a time of day; file: its number in the run."""

    event_time: int | None
    day: int | None
    timed: bool
    value: Decimal | None
    currency: str | None
    customers: frozenset[int]
    dataset: str | None
    file: int = 0


class RefundRow(NamedTuple):
    """A row of `REFUNDS`."""

    key: bytes
    own: bytes
    event_time: int | None
    day: int | None
    timed: bool
    value: Decimal | None
    currency: str | None
    customers: frozenset[int]
    dataset: str | None
    reason: str
    whole: bool
    file: int
    line: int


class RefundedBy(NamedTuple):
    """What becomes of a sale that refunds speak of. reason: of one that is not sent; None: a part was refunded."""

    reason: str | None
    by: RefundRow


@dataclass(frozen=True, eq=False)
class RunRefunds:
    """The refunds of a run by the sales' keys; some 150 bytes each. files: their names, by number."""

    table: pa.RecordBatch
    words: Words
    files: tuple[str, ...]

    @classmethod
    def of(cls, parts: Sequence[pa.RecordBatch | None], files: Sequence[str]) -> RunRefunds | None:
        """Return the refunds of all files, by their numbers; None where there is none."""
        place = REFUNDS.get_field_index("file")
        numbered = [
            part.set_column(place, REFUNDS.field(place), pa.array(np.full(part.num_rows, number), pa.int32()))
            for number, part in enumerate(parts)
            if part is not None
        ]
        table = pa.Table.from_batches(numbered, REFUNDS).combine_chunks()
        if not table.num_rows:
            return None
        words = first_words(one_chunk(table.column("key")))
        order = np.argsort(words, kind="stable")
        return cls(table.take(pa.array(order)).combine_chunks().to_batches()[0], words[order], tuple(files))

    def spoken_of(self, keys: Column) -> Indices:
        """Return the places of keys that refunds may speak of, ascending."""
        words = first_words(keys)
        places = np.minimum(np.searchsorted(self.words, words), len(self.words) - 1)
        return np.flatnonzero(self.words[places] == words)

    def about(self, keys: Collection[bytes]) -> dict[bytes, list[RefundRow]]:
        """Return the refunds by those of the keys that they speak of."""
        words = np.unique(np.frombuffer(b"".join(keys), np.uint64)[::2])
        rows = self.table.take(pa.array(np.flatnonzero(np.isin(self.words, words))))
        found: dict[bytes, list[RefundRow]] = {}
        for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            refund = RefundRow(*row)
            found.setdefault(refund.key, []).append(refund._replace(customers=frozenset(refund.customers or ())))
        return found

    def place(self, refund: RefundRow, file: int) -> str:
        """Say where a refund stands, for a row of the file with this number."""
        line = f"line {refund.line}" if refund.line else "another row"
        return line if self.files[refund.file] == self.files[file] else f"{self.files[refund.file]}, {line}"


def first_words(keys: Column) -> Words:
    """Return the first eight bytes of each key."""
    data = np.frombuffer(keys.buffers()[1], np.uint64)
    words: Words = data.reshape(-1, 2)[keys.offset : keys.offset + len(keys), 0]
    return words


def taken_back(sale: Sale, refunds: Sequence[RefundRow]) -> RefundedBy | None:
    """Return whether refunds under the sale's key take it back as a whole, or in part; None: they are not of it."""
    own = [one for one in refunds if _may_be_of(one, sale)]
    if (whole := next((one for one in own if _is_of_all(one, sale)), None)) is not None:
        return RefundedBy("cancelled" if whole.reason == "cancelled" else "refunded", whole)
    parts = [one for one in own if _may_be_of_a_part(one, sale)]
    if not parts:
        return None
    back = sum((value * count for value, count in _counted(parts)), Decimal())
    sure = any(one.customers & sale.customers for one in parts) or all(one.day == sale.day for one in parts)
    is_all = sale.value is not None and (back == sale.value or (back > sale.value and sure))
    return RefundedBy("refunded" if is_all else None, parts[-1])


def together(refunds: Sequence[RefundRow], currency: str | None, customers: frozenset[int]) -> Decimal | None:
    """Return what several refunds of one order come to; None where there is one at most."""
    parts = [
        one
        for one in refunds
        if one.reason in OF_MONEY and one.reason not in OF_ITSELF and one.value and one.currency == currency
        if not (one.customers and customers) or one.customers & customers
    ]
    counted = list(_counted(parts))
    several = sum(count for _, count in counted) > 1
    return sum((value * count for value, count in counted), Decimal()) if several else None


def _may_be_of(refund: RefundRow, sale: Sale) -> bool:
    """Tell whether currency, dataset and customer do not part them, and the refund did not come before the sale.

    A cancelled row before the sale is a payment tried in vain; money is given back to the same customer at any time.
    """
    if refund.currency != sale.currency or (refund.dataset or sale.dataset) != sale.dataset:
        return False
    shared = bool(refund.customers & sale.customers)
    if refund.customers and sale.customers and not shared:
        return False
    if (shared and refund.reason in OF_MONEY) or None in (refund.day, sale.day, refund.event_time, sale.event_time):
        return True
    if refund.day != sale.day:
        return (refund.day or 0) > (sale.day or 0)
    return not (refund.timed and sale.timed) or (refund.event_time or 0) >= (sale.event_time or 0)


def _may_be_of_a_part(refund: RefundRow, sale: Sale) -> bool:
    """Tell whether money went back for a part of the sale; a sale of another day and amount is refunded for itself."""
    of_another = refund.reason == "refunded" and refund.day != sale.day
    return refund.reason in OF_MONEY and bool(refund.value) and not (of_another or _is_own_line(refund, sale))


def _is_own_line(refund: RefundRow, sale: Sale) -> bool:
    """Tell whether it is a line of the sale's own order that its total does not hold anyway."""
    return refund.file == sale.file and refund.reason in OF_ITSELF and not refund.whole


def _is_of_all(refund: RefundRow, sale: Sale) -> bool:
    """Tell whether a refund alone takes the whole sale back.

    A row that says so of itself means the same sale, whatever its amount is now, where it stands in another file.
    """
    if refund.reason == "zero_value":
        return refund.whole and refund.file > sale.file and refund.day == sale.day
    if _is_own_line(refund, sale):
        return False
    if refund.reason in OF_ITSELF and refund.whole and refund.file != sale.file and refund.day == sale.day:
        return True
    return refund.value is not None and refund.value == sale.value


def _counted(parts: Sequence[RefundRow]) -> Iterator[tuple[Decimal, int]]:
    """Yield the amounts, each with how often it was refunded: exports overlap, so what two files say is said once."""
    by_file = Counter((one.own, one.event_time, one.value or Decimal(), one.file) for one in parts)
    most: dict[tuple[bytes, int | None, Decimal], int] = {}
    for (own, at, value, _), count in by_file.items():
        most[own, at, value] = max(count, most.get((own, at, value), 0))
    for (_, _, value), count in most.items():
        yield value, count
