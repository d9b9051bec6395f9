from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from importer.core.kernels.hash64 import Words, repeated

FEW = st.lists(st.sampled_from([0, 1, 2, 1 << 16, 1 << 44, (1 << 44) + 1, 1 << 63, (1 << 64) - 1]), max_size=30)
MANY = st.integers(0, 1 << 32).map(lambda seed: np.random.default_rng(seed).integers(0, 1 << 64, 3_000, np.uint64))
WORDS = st.one_of(FEW.map(lambda numbers: np.array(numbers, np.uint64)), MANY)


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
