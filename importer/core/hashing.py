"""SHA-256 of whole columns: distinct values once, values that are hashes already as they are."""

from __future__ import annotations

import re
from hashlib import sha256

import pyarrow as pa

from importer.core.columns import by_distinct
from importer.core.model import KEYS, Column, Hashed, Normal

HASHED_ALREADY = re.compile(r"[0-9a-f]{64}")


def hash_batch(events: Normal, *, raw_external_id: bool) -> Hashed:
    """The events with every customer key that Meta wants hashed [CIP] as 64 lower-case hex characters."""
    columns = {name: events.column(name) for name in events.schema.names}
    for key in KEYS:
        if key.hashed and key.name in columns and not (raw_external_id and key.name == "external_id"):
            columns[key.name] = hash_lists(columns[key.name])
    return Hashed(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def hash_lists(lists: Column) -> Column:
    """Each value of each list hashed; the lists keep their lengths."""
    hashes: Column = pa.ListArray.from_arrays(lists.offsets, by_distinct(lists.values, hash_text))
    return hashes


def hash_text(text: str) -> str:
    """SHA-256 over UTF-8 in lower-case hex; what is such a hash already stays as it is."""
    return text if HASHED_ALREADY.fullmatch(text) else sha256(text.encode()).hexdigest()
