"""SHA-256 of customer columns: values that repeat once, values that are hashes already as they are."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import one_chunk
from importer.core.digests import are_hashes, sha256_hex
from importer.core.model import KEYS, Column, Hashed, Normal

_SAMPLE, _OFTEN = 1_000, 4
"""Values looked at, and how often one must come on average for distinct values first to be worth it."""


def hash_batch(events: Normal, *, raw_external_id: bool) -> Hashed:
    """The events with every customer key that Meta wants hashed [CIP] as 64 lower-case hex characters."""
    columns = {name: events.column(name) for name in events.schema.names}
    names = [
        key.name
        for key in KEYS
        if key.hashed and key.name in columns and not (raw_external_id and key.name == "external_id")
    ]
    hashes = hash_columns([columns[name].values for name in names])
    for name, values in zip(names, hashes, strict=True):
        columns[name] = pa.ListArray.from_arrays(columns[name].offsets, values)
    return Hashed(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def hash_columns(columns: Sequence[Column]) -> list[Column]:
    """SHA-256 over UTF-8 in lower-case hex; what is such a hash already stays as it is.

    The kernel is asked once for all columns, which saves 0.5 ms a column, and for repeated values once.
    """
    encoded = [column.dictionary_encode() if _repeats(column) else column for column in columns]
    texts = [column.dictionary if pa.types.is_dictionary(column.type) else column for column in encoded]
    if not texts:
        return []
    whole = one_chunk(pa.concat_arrays(texts))
    hashes, done = sha256_hex(whole), are_hashes(whole)
    if done.any():
        hashes = one_chunk(pc.if_else(pa.array(done), whole, hashes))
    found, start = [], 0
    for column, values in zip(encoded, texts, strict=True):
        mine = hashes.slice(start, len(values))
        start += len(values)
        found.append(one_chunk(mine.take(column.indices)) if pa.types.is_dictionary(column.type) else mine)
    return found


def _repeats(texts: Column) -> bool:
    sample = texts.slice(0, _SAMPLE)
    return len(sample) == _SAMPLE and len(sample.unique()) * _OFTEN <= _SAMPLE
