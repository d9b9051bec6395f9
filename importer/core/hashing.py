"""SHA-256 of the customer columns that Meta wants hashed."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import as_lists, one_chunk, repeats
from importer.core.kernels.sha256 import DIGEST_BYTES, are_hashes, digests_of, hex_texts
from importer.core.model import KEYS, Column, Hashed, Normal

_DISTINCT = 990
"""How many of a thousand values may differ for distinct values first to be worth its 50 ns a value: where ten of them
repeat, about every fifth of a batch of 24,000 does, and to hash one takes 330."""


def hash_batch(events: Normal, *, raw_external_id: bool) -> Hashed:
    """Hash every customer key that Meta wants hashed [CIP], to 64 lower-case hexadecimal digits."""
    columns = {name: events.column(name) for name in events.schema.names}
    for key in KEYS:
        if key.hashed and key.name in columns and not (raw_external_id and key.name == "external_id"):
            lists = as_lists(columns[key.name])
            columns[key.name] = pa.ListArray.from_arrays(lists.offsets, hash_texts(lists.values))
    return Hashed(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def hash_texts(texts: Column) -> Column:
    """Return the SHA-256 over UTF-8 of each text, none of them null; a text that is such a hash stays as it is."""
    if repeats(texts, _DISTINCT):
        encoded = texts.dictionary_encode()
        return one_chunk(_hash_each(encoded.dictionary).take(encoded.indices))
    return _hash_each(texts)


def _hash_each(texts: Column) -> Column:
    done = are_hashes(texts)
    if done.all():
        return texts
    hashes = hex_texts(digests_of(texts), DIGEST_BYTES)
    return one_chunk(pc.if_else(pa.array(done), texts, hashes)) if done.any() else hashes
