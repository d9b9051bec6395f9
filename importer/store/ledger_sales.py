"""Sales as the ledger keeps them: keys and columns side by side, and the bytes in which they lie on disk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

import numpy as np
import pyarrow as pa
from pyarrow import ipc

from importer.core.kernels.arrays import Indices, as_lists, one_chunk
from importer.core.kernels.siphash import siphash
from importer.core.model import KEY_BYTES, MONEY, Column
from importer.store.history import AcceptedSale
from importer.store.keys import Keys, keys_of

ID_DIGITS = 2 * KEY_BYTES
_OWN_ID = re.compile(f"[0-9a-f]{{{ID_DIGITS}}}")

COLUMNS = pa.schema(
    [
        pa.field("keys", pa.list_(pa.binary(KEY_BYTES))),  # further keys of a sale without order id
        pa.field("day", pa.int32()),  # as the source writes it; null where the keys alone say which sale it is
        pa.field("event_time", pa.int64()),
        pa.field("value", MONEY),
        pa.field("currency", pa.string()),
        pa.field("customers", pa.list_(pa.uint64())),  # on disk hashed under the ledger's secret
        pa.field("order_id", pa.string()),
        pa.field("event_id", pa.string()),
        pa.field("event_name", pa.string()),
        pa.field("body", pa.binary(32)),  # SHA-256 of the event's JSON as it was posted
    ]
)
"""What the ledger keeps of each sale beside its key. Readers take further columns of a later version as they come."""

_OPTIONS = ipc.IpcWriteOptions(compression="lz4")  # 53 bytes a sale; zstd takes five times as long for a fifth less


@dataclass(frozen=True, eq=False)
class Sales:
    """Some sales. keys: shape (n, 2); columns: a batch of `COLUMNS`; old_keys: looked up beside the keys, not kept."""

    keys: Keys
    columns: pa.RecordBatch
    old_keys: Column

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def of_keys(cls, keys: Keys, times: Indices | None = None) -> Self:
        """Return sales of which the keys are known, and perhaps the event times, as an older ledger holds them."""
        count = len(keys)
        nothing = [pa.nulls(count, field.type) for field in COLUMNS]
        if times is not None:
            nothing[COLUMNS.get_field_index("event_time")] = pa.array(times, pa.int64())
        return cls(keys, pa.RecordBatch.from_arrays(nothing, schema=COLUMNS), _no_keys(count))

    def take(self, places: Indices) -> Self:
        """Return the sales at these places."""
        if len(places) and (places[1:] - places[:-1] == 1).all():  # side by side, as most: nothing is copied
            start, count = int(places[0]), len(places)
            rest = (self.columns.slice(start, count), one_chunk(self.old_keys.slice(start, count)))
            return type(self)(self.keys[start : start + count], *rest)
        rows = pa.array(places)
        return type(self)(self.keys[places], self.columns.take(rows), one_chunk(self.old_keys.take(rows)))

    def with_ids(self, ids: Mapping[int, str | None]) -> Self:
        """Return the sales with these event ids at their places."""
        texts = self.columns.column("event_id").to_pylist()
        for place, text in ids.items():
            texts[place] = text
        return self._with("event_id", pa.array(texts, pa.string()))

    def with_amounts(self, amounts: Column) -> Self:
        """Return the sales with other amounts."""
        return self._with("value", amounts)

    def with_bodies(self, digests: Mapping[int, bytes]) -> Self:
        """Return the sales with the SHA-256 of the bodies at some places."""
        found = [digests.get(place) for place in range(len(self))]
        return self._with("body", pa.array(found, COLUMNS.field("body").type))

    def own_id(self, place: int) -> str:
        """Return an event id that follows from the whole sale, not from its key alone."""
        row = self.columns.slice(place, 1).to_pylist()[0]
        facts = (row["event_time"], row["value"], row["currency"], *sorted(row["customers"] or ()))
        text = "\x1f".join([self.keys[place].tobytes().hex(), *map(str, facts)])
        return sha256(text.encode()).hexdigest()[:ID_DIGITS]

    def _with(self, name: str, column: Column) -> Self:
        place = COLUMNS.get_field_index(name)
        columns = self.columns.set_column(place, COLUMNS.field(place), column)
        return type(self)(self.keys, columns, self.old_keys)

    def keyed(self, secret: bytes) -> Self:
        """Return the same sales with the customers' words hashed under a secret of 16 bytes."""
        lists = as_lists(self.columns.column("customers"))
        offsets = np.asarray(lists.offsets)
        words = np.asarray(lists.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))).astype(np.uint64)
        mask = pa.array(np.asarray(lists.is_null())) if lists.null_count else None
        hashed = pa.ListArray.from_arrays(
            pa.array((offsets - offsets[0]).astype(np.int32)), pa.array(siphash(words, secret)), mask=mask
        )
        return self._with("customers", one_chunk(hashed))

    @property
    def times(self) -> Indices:
        """Event times, UTC seconds."""
        return np.asarray(self.columns.column("event_time")).astype(np.int64)

    def amount(self, place: int) -> str:
        """Return value and currency of one sale as the report writes them."""
        value, currency = (self.columns.column(name)[place].as_py() for name in ("value", "currency"))
        return " ".join(part for part in ("" if value is None else f"{value.normalize():f}", currency or "") if part)

    def sale(self, place: int) -> AcceptedSale:
        """Return one sale; of one that bears another's order id, its own event id stands for the key."""
        row = self.columns.slice(place, 1).to_pylist()[0]
        key, named = self.keys[place].tobytes(), row["event_id"]
        if named is not None and _OWN_ID.fullmatch(named):
            key = bytes.fromhex(named)
        facts = (row[name] for name in ("event_name", "value", "currency"))
        return AcceptedSale(key, row["event_time"], row["order_id"], named or key.hex(), *facts)

    def key_bytes(self) -> bytes:
        """Return the keys one after another, then the further ones."""
        return all_keys(self).tobytes()

    def further(self) -> tuple[Keys, Indices]:
        """Return the further keys, and for each the place of its sale."""
        return _flat(self.columns.column("keys"))

    def to_bytes(self) -> bytes:
        """Write the columns as one compressed Arrow message with its schema."""
        sink = pa.BufferOutputStream()
        with ipc.new_stream(sink, self.columns.schema, options=_OPTIONS) as writer:
            writer.write_batch(self.columns)
        return bytes(sink.getvalue())

    @classmethod
    def from_bytes(cls, keys: bytes, columns: bytes) -> Self:
        """Read the first of `keys` and the columns that `to_bytes` wrote; pyarrow's errors where they are damaged."""
        with ipc.open_stream(columns) as reader:
            batch = reader.read_next_batch()
        count = batch.num_rows
        return cls(keys_of(keys)[:count], batch, _no_keys(count))


def all_keys(sales: Sales) -> Keys:
    """Return the keys under which the sales are held, further ones last."""
    further, _ = sales.further()
    return np.concatenate([sales.keys, further]) if len(further) else sales.keys


def lookup_keys(sales: Sales) -> tuple[Keys, Indices]:
    """Return every key under which the sales may be held, and for each the place of its sale."""
    further, owners = sales.further()
    present = np.flatnonzero(np.asarray(sales.old_keys.is_valid()))
    if not len(present) and not len(further):
        return sales.keys, np.arange(len(sales))
    old = keys_of(b"".join(sales.old_keys.drop_null().to_pylist()))
    return np.concatenate([sales.keys, further, old]), np.concatenate([np.arange(len(sales)), owners, present])


def _flat(lists: Column) -> tuple[Keys, Indices]:
    if lists.null_count == len(lists):
        return keys_of(b""), np.empty(0, np.int64)
    of_sales = as_lists(lists)
    counts = np.asarray(of_sales.value_lengths().fill_null(0)).astype(np.int64)
    return keys_of(b"".join(of_sales.flatten().to_pylist())), np.repeat(np.arange(len(lists)), counts)


def _no_keys(count: int) -> Column:
    column: Column = pa.nulls(count, pa.binary(KEY_BYTES))
    return column
