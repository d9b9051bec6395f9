import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spilling import lower_bounds

from importer.core.kernels.sorted_rows import SortedRows
from importer.private_files import SpillFile

NUMBERS = st.lists(st.sampled_from([0, 1, -1, 1 << 56, -(1 << 63), (1 << 63) - 1, 5 << 57]), max_size=20)


@given(st.lists(NUMBERS, max_size=6), st.integers(1, 2), st.integers(1, 30))
def test_rows_come_back_in_order_and_those_of_one_number_together(
    batches: list[list[int]], columns: int, bound: int
) -> None:
    rows, expected = SortedRows(columns, SpillFile), list[tuple[int, ...]]()
    with pytest.MonkeyPatch.context() as patch:
        lower_bounds(patch, bound)
        for number, batch in enumerate(batches):
            both = (np.array(batch, np.int64), np.full(len(batch), number))[:columns]
            rows.add(*both)
            expected += zip(*(column.tolist() for column in both), strict=True)
        parts = [list(zip(*(column.tolist() for column in part), strict=True)) for part in rows.parts()]
    assert sorted(row for part in parts for row in part) == sorted(expected)
    firsts = [row[0] for part in parts for row in part]
    assert firsts == sorted(firsts)
    homes = [{row[0] for row in part} for part in parts]
    assert sum(map(len, homes)) == len(set().union(*homes))


def test_many_hashes_that_are_spilled_come_back_in_even_parts() -> None:
    hashes = np.random.default_rng(0).integers(-(1 << 63), (1 << 63) - 1, 300_000)
    rows = SortedRows(1, SpillFile)
    with pytest.MonkeyPatch.context() as patch:
        lower_bounds(patch, 50_000)
        for start in range(0, len(hashes), 1_000):
            rows.add(hashes[start : start + 1_000])
        parts = [part for (part,) in rows.parts()]
    assert np.array_equal(np.concatenate(parts), np.sort(hashes))
    assert max(map(len, parts)) < 2_000
