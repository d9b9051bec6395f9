"""Typed numbers are read as the texts that identify them are."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.cells.amounts import read_amounts
from importer.core.cells.cell_text import as_text

prices = st.none() | st.decimals(min_value="-99999999", max_value="99999999", places=6).map(float)


@given(st.lists(prices, min_size=1, max_size=30))
def test_floats_of_up_to_six_decimals(numbers):
    column = pa.array(numbers, pa.float64())
    assert read_amounts(column, decimal=None).values.equals(read_amounts(as_text(column), decimal=".").values)


@pytest.mark.parametrize("kind", [pa.int8(), pa.int32(), pa.int64(), pa.uint16(), pa.uint64(), pa.float32()])
def test_whole_numbers(kind):
    read = read_amounts(pa.array([1, None, 0, 99], kind), decimal=None)
    assert [value and int(value) for value in read.values.to_pylist()] == [1, None, 0, 99]


@pytest.mark.parametrize("number", [1e13, 0.0000005, float("nan"), float("inf")])
def test_unusual_numbers_take_the_way_of_texts(number):
    column = pa.array([5.25, number])
    read = read_amounts(column, decimal=None)
    assert str(read.values[0].as_py()) == "5.250000"
    assert read.reason[0].as_py() is None


def test_the_least_integer_is_too_large_and_not_some_other_number():
    read = read_amounts(pa.array([5, -(2**63)], pa.int64()), decimal=None)
    assert read.values.null_count == 1
    assert read.reason.to_pylist() == [None, "value_too_large"]
