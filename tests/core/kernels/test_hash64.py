from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from importer.core.kernels.hash64 import Sieve, Words, ascending, order_of, repeated

FEW = st.lists(st.sampled_from([0, 1, 2, 1 << 16, 1 << 44, (1 << 44) + 1, 1 << 63, (1 << 64) - 1]), max_size=30)
MANY = st.integers(0, 1 << 32).map(lambda seed: np.random.default_rng(seed).integers(0, 1 << 64, 3_000, np.uint64))
WORDS = st.one_of(FEW.map(lambda numbers: np.array(numbers, np.uint64)), MANY)


@given(WORDS)
def test_words_are_sorted_and_equal_ones_keep_their_order(words: Words) -> None:
    assert ascending(words).tolist() == sorted(words.tolist())
    assert order_of(words).tolist() == np.argsort(words, kind="stable").tolist()


@given(WORDS, st.integers(0, 1 << 32))
def test_repeated_are_those_that_stand_more_than_once(words: Words, seed: int) -> None:
    chance = np.random.default_rng(seed)
    both = chance.permutation(np.concatenate([words, words[: chance.integers(0, len(words) + 1)]]))
    assert repeated(both).tolist() == _repeated(both)
    assert repeated(words).tolist() == _repeated(words)


def _repeated(words: npt.NDArray[np.uint64]) -> list[int]:
    values, counts = np.unique(words, return_counts=True)
    often = set(values[counts > 1].tolist())
    return [place for place, word in enumerate(words.tolist()) if word in often]


@given(WORDS, WORDS, st.sampled_from([0, 1, 3_000, 1_000_000]))
def test_a_sieve_never_denies_a_word_that_it_holds(held: Words, others: Words, size: int) -> None:
    sieve = Sieve(size)
    assert not sieve.may_hold(others).any()
    sieve.add(held)
    assert sieve.may_hold(held).all()
    below = np.uint64(64 - size.bit_length() - 4)
    strangers = others[~np.isin(others >> below, held >> below)]
    assert not sieve.may_hold(strangers).any()
