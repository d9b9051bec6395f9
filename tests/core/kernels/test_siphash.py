"""SipHash-1-3, against Python's own."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.kernels.siphash import siphash

BLOCKS = (b"12345678", b"\0" * 8, bytes(range(8)), b"\xff" * 8)


@pytest.mark.skipif(sys.hash_info.algorithm != "siphash13", reason="Python was built with another hash")
def test_it_is_the_hash_of_python_itself_under_the_key_of_zeros():
    code = f"print(*(hash(block) for block in {BLOCKS!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": "0"}, capture_output=True, check=True
    )
    words = np.frombuffer(b"".join(BLOCKS), "<u8").astype(np.uint64)
    assert siphash(words, bytes(16)).view(np.int64).tolist() == [int(text) for text in done.stdout.split()]


@given(st.binary(min_size=16, max_size=16), st.lists(st.integers(0, (1 << 64) - 1), max_size=20))
def test_each_word_has_its_own_hash_wherever_it_stands_and_another_under_another_key(key, numbers):
    words = np.array(numbers, np.uint64)
    hashes = siphash(words, key)
    assert [int(siphash(words[place : place + 1], key)[0]) for place in range(len(words))] == hashes.tolist()
    other = siphash(words, bytes([key[0] ^ 1, *key[1:]]))
    assert not (hashes == other).any()
