"""SHA-256 of customer columns: values that repeat once, values that are hashes already as they are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Mask, one_chunk
from importer.core.digests import sha256_hex
from importer.core.model import KEYS, Column, Hashed, Normal
from importer.core.octets import octets

HEX_DIGITS = 64
_SAMPLE, _OFTEN = 1_000, 4
"""Values looked at, and how often one must come on average for distinct values first to be worth it."""


def hash_batch(events: Normal, *, raw_external_id: bool) -> Hashed:
    """The events with every customer key that Meta wants hashed [CIP] as 64 lower-case hex characters."""
    columns = {name: events.column(name) for name in events.schema.names}
    for key in KEYS:
        if key.hashed and key.name in columns and not (raw_external_id and key.name == "external_id"):
            columns[key.name] = hash_lists(columns[key.name])
    return Hashed(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def hash_lists(lists: Column) -> Column:
    """Each value of each list hashed; the lists keep their lengths."""
    hashes: Column = pa.ListArray.from_arrays(lists.offsets, hash_texts(lists.values))
    return hashes


def hash_texts(texts: Column) -> Column:
    """SHA-256 over UTF-8 in lower-case hex; what is such a hash already stays as it is."""
    if _repeats(texts):
        encoded = texts.dictionary_encode()
        return one_chunk(_hashed(encoded.dictionary).take(encoded.indices))
    return _hashed(texts)


def _hashed(texts: Column) -> Column:
    hashes = sha256_hex(texts)
    done = _hashed_already(texts)
    return one_chunk(pc.if_else(pa.array(done), texts, hashes)) if done.any() else hashes


def _repeats(texts: Column) -> bool:
    sample = texts.slice(0, _SAMPLE)
    return len(sample) == _SAMPLE and len(sample.unique()) * _OFTEN <= _SAMPLE


def _hashed_already(texts: Column) -> Mask:
    long = np.asarray(pc.fill_null(pc.equal(pc.binary_length(texts), HEX_DIGITS), False))
    if not long.any():
        return long
    found = octets(texts)
    return long & found.every(found.digits | ((found.data >= ord("a")) & (found.data <= ord("f"))))
