"""Which bucket a prepared row goes to: rows of one order, and sales that may be one, always to the same."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, one_chunk
from importer.core.kernels.hash64 import Words, text_hashes
from importer.core.model import KEY_BYTES, Prepared

_SPREAD = np.uint64(0x9E37_79B9_7F4A_7C15)


def buckets_of(prepared: Prepared, count: int) -> Indices:
    """Return the bucket of each row, by a hash of its sale's key; rows without one are spread by their number."""
    rows = np.asarray(prepared.column("row")).astype(np.uint64) * _SPREAD
    key = prepared.column("key")
    has_key: npt.NDArray[np.bool_] = np.asarray(key.is_valid()).astype(np.bool_)
    words = np.where(has_key, _words(prepared), rows)
    orders = np.asarray(prepared.column("order").fill_null(-1)).astype(np.int64)
    keyed = np.flatnonzero(has_key & (orders >= 0))
    if len(keyed):
        of_order = np.zeros(int(orders.max()) + 1, np.uint64)
        is_known = np.zeros(len(of_order), np.bool_)
        of_order[orders[keyed]], is_known[orders[keyed]] = words[keyed], True
        inside = np.maximum(orders, 0)
        words = np.where((orders >= 0) & is_known[inside], of_order[inside], words)
    return ((words >> np.uint64(17)) % np.uint64(count)).astype(np.int64)


def _words(prepared: Prepared) -> Words:
    """Return a word for each sale: of its key, or, without order id, of what all of its keys have in common."""
    key = prepared.column("key")
    words = np.frombuffer(key.buffers()[1], np.uint64, 2 * len(key), key.offset * KEY_BYTES).reshape(-1, 2)[:, 0]
    bare = np.asarray(prepared.column("day").is_null()).astype(np.bool_)
    if not bare.any():
        return words
    names = ("event_name", "event_time", "value", "currency")
    parts = [prepared.column(name).cast(pa.string()).fill_null("") for name in names]
    common = text_hashes(one_chunk(pc.binary_join_element_wise(*parts, "\x1f")))
    return np.where(bare, common, words)
