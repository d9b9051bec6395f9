import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from importer.core.model import OUTCOMES, Outcomes
from importer.results import FileOrder


def batch(rows):
    return Outcomes(pa.RecordBatch.from_pylist([{"row": row} for row in rows], schema=OUTCOMES))


def rows_of(batches):
    return [row for one in batches for row in one.column("row").to_pylist()]


def test_rows_in_order_pass_at_once():
    sequence = FileOrder()
    assert rows_of(sequence.push(batch([1, 2]))) == [1, 2]
    assert rows_of(sequence.push(batch([3]))) == [3]
    assert rows_of(sequence.rest()) == []


@given(st.permutations(range(1, 13)), st.integers(1, 5))
def test_whatever_the_order_every_row_comes_out_once_and_in_sequence(rows, size):
    sequence, out = FileOrder(), []
    for start in range(0, len(rows), size):
        out += rows_of(sequence.push(batch(rows[start : start + size])))
        assert out == list(range(1, len(out) + 1))
    assert out + rows_of(sequence.rest()) == sorted(rows)


def test_a_run_that_ends_early_gives_what_it_holds_in_order():
    sequence = FileOrder()
    assert rows_of(sequence.push(batch([5, 3]))) == []
    assert rows_of(sequence.rest()) == [3, 5]
