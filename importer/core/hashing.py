"""SHA-256 of customer columns: values that repeat once, values that are hashes already as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import one_chunk, repeats
from importer.core.kernels.sha256 import are_hashes, sha256_hex
from importer.core.model import KEYS, Column, Hashed, Normal

_DISTINCT = 970
"""How many of a thousand values may differ: then 32,000 hold about half as many distinct ones at most, and
to hash only these is worth its 40 nanoseconds a value; hashing one takes 110."""


def hash_batch(events: Normal, *, raw_external_id: bool) -> Hashed:
    """The events with every customer key that Meta wants hashed [CIP] as 64 lower-case hex characters."""
    columns = {name: events.column(name) for name in events.schema.names}
    names = [
        key.name
        for key in KEYS
        if key.hashed and key.name in columns and not (raw_external_id and key.name == "external_id")
    ]
    lists = [cast("pa.ListArray", columns[name]) for name in names]
    hashes = hash_columns([column.values for column in lists])
    for name, column, values in zip(names, lists, hashes, strict=True):
        columns[name] = pa.ListArray.from_arrays(column.offsets, values)
    return Hashed(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def hash_columns(columns: Sequence[Column]) -> list[Column]:
    """SHA-256 over UTF-8 in lower-case hex; what is such a hash already stays as it is.

    Values that repeat are hashed once, and come back dictionary-encoded. The kernel is asked once for all columns.
    """
    few = [pa.types.is_string(column.type) and repeats(column, _DISTINCT) for column in columns]
    encoded = [column.dictionary_encode() if mine else column for column, mine in zip(columns, few, strict=True)]
    texts = [column.dictionary if isinstance(column, pa.DictionaryArray) else column for column in encoded]
    hashes = [_kept(*pair) for pair in zip(texts, sha256_hex(texts), strict=True)]
    return [
        pa.DictionaryArray.from_arrays(column.indices, mine) if isinstance(column, pa.DictionaryArray) else mine
        for column, mine in zip(encoded, hashes, strict=True)
    ]


def _kept(texts: Column, hashes: Column) -> Column:
    """The hashes, but the text itself where it is one."""
    done = are_hashes(texts)
    return one_chunk(pc.if_else(pa.array(done), texts, hashes)) if done.any() else hashes
