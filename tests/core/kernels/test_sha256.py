"""Hashes of columns are those of hashlib, one by one."""

from hashlib import sha256

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from importer.core.kernels.sha256 import DIGEST_BYTES, are_hashes, digests_of, hex_texts

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=70)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
nearly = st.text("0123456789abcdefABCDEFg\n", min_size=63, max_size=65)


@given(st.lists(texts, max_size=12), st.integers(0, 3))
def test_hashes_are_those_of_hashlib(cells, skipped):
    part = pa.array(cells, pa.string()).slice(min(skipped, len(cells)))
    expected = [sha256(cell.encode()).hexdigest() for cell in part.to_pylist()]
    assert hex_texts(digests_of(part), DIGEST_BYTES).to_pylist() == expected


def test_the_beginning_of_a_digest_in_hexadecimal():
    assert hex_texts(bytes(range(8)), 4).to_pylist() == ["00010203", "04050607"]


@given(st.lists(st.none() | texts | hashes | nearly, max_size=12))
def test_hashes_are_64_lower_case_hexadecimal_digits(cells):
    expected = [cell is not None and len(cell) == 64 and not cell.strip("0123456789abcdef") for cell in cells]
    assert are_hashes(pa.array(cells, pa.string())).tolist() == expected
