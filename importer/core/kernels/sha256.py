"""SHA-256 of text columns by `hashlib`, 330 ns a text; why not faster: docs/decisions/0008-hashing.md."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Column, Mask
from importer.core.kernels.bytes import texts_of

HEX_DIGITS, DIGEST_BYTES = 64, 32


def digests_of(texts: Column) -> bytes:
    """Return the SHA-256 over UTF-8 of each text, none of them null, 32 bytes one after another."""
    return b"".join([sha256(text).digest() for text in texts.cast(pa.large_binary()).to_pylist()])


def hex_texts(data: bytes, width: int) -> Column:
    """Return each `width` bytes of the data as a text of lower-case hexadecimal digits.

    One call for all: 24 ns a digest, where `hexdigest` and `pa.array` take 90.
    """
    digits = np.frombuffer(data.hex().encode(), np.uint8)
    return texts_of(digits, np.full(len(data) // width, 2 * width, np.int32))


def are_hashes(texts: Column) -> Mask:
    """Tell which texts are 64 lower-case hexadecimal digits, as a SHA-256 is written."""
    long: Mask = np.asarray(pc.equal(pc.binary_length(texts), HEX_DIGITS).fill_null(False))
    if not long.any():
        return long
    return np.asarray(pc.match_substring_regex(texts, "^[0-9a-f]{64}$").fill_null(False))
