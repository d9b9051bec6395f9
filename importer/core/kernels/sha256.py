"""SHA-256 of whole columns, by DataFusion's kernel: 85 to 120 ns a value, without the lock that hashlib's 380 hold.

Decision and figures: docs/decisions/0008-hashing.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any

import numpy as np
import pyarrow as pa

from importer.core.kernels.arrays import Mask, one_chunk
from importer.core.kernels.bytes import Bytes, text_bytes
from importer.core.model import Column

HEX_DIGITS, DIGEST_BYTES = 64, 32
FEW = 1_000
"""Up to so many values hashlib is faster than asking the kernel, which costs 0.3 ms a call."""

_NUMBERS = count()


def sha256_hex(columns: Sequence[Column]) -> list[Column]:
    """Of each column each text's SHA-256 over UTF-8 in 64 lower-case hex characters; null stays null."""
    if sum(map(len, columns)) > FEW:
        return _by_kernel(columns, "hex")
    return [
        pa.array(
            [None if text is None else sha256(text.encode()).hexdigest() for text in column.to_pylist()], pa.string()
        )
        for column in columns
    ]


def sha256_bytes(texts: Column) -> Bytes:
    """The SHA-256 over UTF-8 of each text, none of them null, as rows of 32 bytes; without the hex a fifth cheaper."""
    if len(texts) > FEW:
        [hashed] = _by_kernel([texts], "bytes")
        digests = hashed.buffers()[2]
    else:
        digests = b"".join(sha256(text.encode()).digest() for text in texts.to_pylist())
    return np.frombuffer(digests, np.uint8, count=len(texts) * DIGEST_BYTES).reshape(-1, DIGEST_BYTES)


def hexadecimal(data: Bytes) -> Bytes:
    """The bytes in lower-case hex, two characters each; there must be an even number of bytes in a row."""
    written: Bytes = _hex_pairs()[np.ascontiguousarray(data).view(np.uint16)].view(np.uint8)
    return written


def are_hashes(texts: Column) -> Mask:
    """Which texts are 64 lower-case hex characters, as a SHA-256 is written."""
    found = text_bytes(texts)
    long: Mask = found.lengths == HEX_DIGITS
    if not long.any():
        return long
    return long & found.every(found.digits | ((found.data >= ord("a")) & (found.data <= ord("f"))))


def _by_kernel(columns: Sequence[Column], written: str) -> list[Column]:
    """The columns hashed in one call, each a batch of its own, which come back as they went."""
    context, expressions = _kernel()
    name = f"texts{next(_NUMBERS)}"  # a name of its own, since several threads share the context
    batches = [pa.record_batch([column], names=["text"]) for column in columns]
    frame = context.create_dataframe([batches], name=name)
    try:
        hashed = pa.chunked_array([batch.column(0) for batch in frame.select(expressions[written]).collect()])
    finally:
        context.deregister_table(name)
    ends = np.cumsum([len(column) for column in columns])
    return [
        one_chunk(hashed.slice(end - len(column), len(column)))
        for column, end in zip(columns, ends.tolist(), strict=True)
    ]


@cache
def _kernel() -> tuple[Any, dict[str, Any]]:
    """A context of one partition, so that rows keep their order, and the expressions that hash its one column."""
    from datafusion import SessionConfig, SessionContext, col, functions  # noqa: PLC0415  0.12 s, worth it from here on

    config = SessionConfig().with_target_partitions(1).with_batch_size(1 << 20)
    digest = functions.sha256(col("text"))
    return SessionContext(config), {"bytes": digest, "hex": functions.encode(digest, "hex")}


@cache
def _hex_pairs() -> Any:
    """The four hex characters of any two bytes, by the number that these two are."""
    pairs = np.arange(1 << 16, dtype=np.uint16).tobytes().hex().encode()
    return np.frombuffer(pairs, np.uint32)
