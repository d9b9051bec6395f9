from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spilling import lower_bounds

from importer.core.kernels.hash64 import Words
from importer.core.kernels.seen_keys import NEW, SeenKeys
from importer.core.kernels.sorted_run import SortedRun, merged
from importer.private_files import SpillFile

KEYS = st.lists(st.sampled_from([0, 1, 2, 3, 1 << 24, (1 << 24) + 1, 1 << 63, (1 << 64) - 1]), max_size=30)
PARTS = st.lists(KEYS, max_size=6)
BITS = st.sampled_from([0, 3, 24])


def words(keys: list[int]) -> Words:
    return np.array(keys, np.uint64)


def some_keys(count: int, seed: int = 0) -> Words:
    return np.random.default_rng(seed).integers(0, 1 << 64, count, np.uint64)


@given(PARTS, KEYS, BITS, st.booleans())
def test_a_key_is_found_once_for_each_time_it_was_added(
    parts: list[list[int]], wanted: list[int], bits: int, at_once: bool
) -> None:
    numbers = range(len(parts)) if bits else [0] * len(parts)
    seen = SeenKeys(bits)
    if at_once:
        seen.load(zip(map(words, parts), numbers, strict=True))
    else:
        for part, number in zip(parts, numbers, strict=True):
            seen.add(words(part), number)
    positions, found = seen.find(words(wanted))
    expected = [
        (position, number)
        for position, key in enumerate(wanted)
        for part, number in zip(parts, numbers, strict=True)
        for other in part
        if other >> bits == key >> bits
    ]
    assert sorted(zip(positions.tolist(), found.tolist(), strict=True)) == sorted(expected)


@given(st.lists(st.lists(st.integers(0, 8).map(lambda key: key << 30), max_size=30), max_size=6), BITS)
def test_a_key_is_new_once_and_ever_after_known_by_its_first_number(parts: list[list[int]], bits: int) -> None:
    seen, first = SeenKeys(bits), dict[int, int]()
    for place, part in enumerate(parts):
        number, expected = place if bits else 0, []
        for key in part:
            expected.append(first.get(key, NEW))
            first.setdefault(key, number)
        assert seen.first_seen(words(part), number).tolist() == expected


@pytest.mark.parametrize("sizes", [[], [0], [1], [1_000] * 9, [5, 1_000, 3, 3, 3, 700]])
def test_many_keys_are_found_with_their_numbers(sizes: list[int]) -> None:
    seen, parts = SeenKeys(24), [some_keys(size, seed=number) for number, size in enumerate(sizes)]
    for number, part in enumerate(parts):
        seen.add(part, number)
    everything = np.concatenate([*parts, some_keys(100, seed=99)])
    positions, numbers = seen.find(everything)
    found = np.full(len(everything), NEW)
    found[positions] = numbers
    assert found.tolist() == [number for number, size in enumerate(sizes) for _ in range(size)] + [NEW] * 100


def test_keys_may_have_a_number_each() -> None:
    seen, keys = SeenKeys(12), some_keys(3_000)
    seen.add(keys, np.arange(3_000))
    positions, numbers = seen.find(keys)
    assert sorted(positions.tolist()) == list(range(3_000))
    assert positions.tolist() == numbers.tolist()


def test_a_key_takes_eight_bytes_in_few_arrays() -> None:
    seen = SeenKeys()
    for number in range(300):
        seen.add(some_keys(1_000, seed=number))
    assert sum(level.nbytes for level in seen._levels) == 300 * 1_000 * 8
    assert len(seen._levels) <= 9
    assert all((level[1:] >= level[:-1]).all() for level in seen._levels)


@given(PARTS, KEYS, BITS, st.integers(1, 4))
def test_keys_in_files_are_found_as_those_in_memory(
    parts: list[list[int]], wanted: list[int], bits: int, bound: int
) -> None:
    seen, spilled = SeenKeys(bits), SeenKeys(bits, SpillFile)
    with pytest.MonkeyPatch.context() as patch:
        lower_bounds(patch, bound)
        for number, part in enumerate(parts):
            for keys in (seen, spilled):
                keys.add(words(part), number if bits else 0)
        found = [
            sorted(zip(*map(np.ndarray.tolist, keys.find(words(wanted))), strict=True)) for keys in (seen, spilled)
        ]
    assert found[0] == found[1]


@pytest.mark.parametrize("bits", [0, 24])
def test_many_keys_in_files_are_found_and_few_others_are_looked_for(bits: int) -> None:
    seen, parts = SeenKeys(bits, SpillFile), [some_keys(5_000, seed=number) for number in range(30)]
    with pytest.MonkeyPatch.context() as patch:
        lower_bounds(patch, 8_000)
        for part in parts:
            seen.add(part)
        assert {type(level) for level in seen._levels} >= {SortedRun}
        assert sorted(seen.find(np.concatenate(parts))[0].tolist()) == list(range(150_000))
        others = some_keys(100_000, seed=99)
        assert len(seen.find(others)[0]) == 0
        runs = [level for level in seen._levels if isinstance(level, SortedRun)]
        assert all(np.count_nonzero(run._may_hold(np.sort(others))) < 3_000 for run in runs)
        assert sum(run._filter.nbytes for run in runs) < 1.5 * sum(map(len, runs))


FEW = st.lists(st.integers(0, 30), max_size=20).map(sorted)


@given(FEW, FEW, st.integers(1, 4), st.integers(1, 4))
def test_two_streams_are_merged_whatever_their_pieces(left: list[int], right: list[int], size: int, other: int) -> None:
    def stream(keys: list[int], size: int) -> Iterator[Words]:
        return (words(keys[start : start + size]) for start in range(0, len(keys), size))

    united = [key for piece in merged(stream(left, size), stream(right, other)) for key in piece.tolist()]
    assert united == sorted(left + right)
