"""SHA-256 of whole columns, by DataFusion's kernel: 85 to 120 ns a value, without the lock that hashlib's 380 hold.

Decision and figures: docs/decisions/0008-hashing.md.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Mask, one_chunk
from importer.core.model import Column
from importer.core.octets import octets

HEX_DIGITS = 64
FEW = 1_000
"""Up to so many values hashlib is faster than asking the kernel, which costs 0.3 ms a call."""

_NUMBERS = count()


def sha256_hex(texts: Column) -> Column:
    """Each text's SHA-256 over UTF-8 in 64 lower-case hex characters; null stays null."""
    if len(texts) <= FEW:
        hashes = [None if text is None else sha256(text.encode()).hexdigest() for text in texts.to_pylist()]
        return one_chunk(pa.array(hashes, pa.string()))
    context, expression = _kernel()
    name = f"texts{next(_NUMBERS)}"  # a name of its own, since several threads share the context
    frame = context.create_dataframe([[pa.record_batch([texts], names=["text"])]], name=name)
    try:
        parts = [batch.column(0) for batch in frame.select(expression).collect()]
    finally:
        context.deregister_table(name)
    return one_chunk(pa.concat_arrays(parts).cast(pa.string()))


def are_hashes(texts: Column) -> Mask:
    """Which texts are 64 lower-case hex characters, as a SHA-256 is written."""
    long = np.asarray(pc.fill_null(pc.equal(pc.binary_length(texts), HEX_DIGITS), False)).astype(np.bool_)
    if not long.any():
        return long
    found = octets(texts)
    return long & found.every(found.digits | ((found.data >= ord("a")) & (found.data <= ord("f"))))


@cache
def _kernel() -> tuple[Any, Any]:
    """A context of one partition, so that rows keep their order, and the expression that hashes its one column."""
    from datafusion import SessionConfig, SessionContext, col, functions  # noqa: PLC0415  0.12 s, worth it from here on

    config = SessionConfig().with_target_partitions(1).with_batch_size(1 << 20)
    return SessionContext(config), functions.encode(functions.sha256(col("text")), "hex")
