from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from importer.core.kernels.arrays import one_text
from importer.core.model import MONEY
from importer.results.advice import WORTH_COUNTING, Observations
from importer.results.value_counts import among, counts, those

TEXTS = st.lists(st.sampled_from(["", "a", "aa", "ab", "aaa", "a; b", "é"]) | st.none(), max_size=6)
SAME = st.tuples(st.sampled_from(["", "ready", "aa", "é"]), st.integers(0, 6)).map(lambda cell: [cell[0]] * cell[1])


@given(TEXTS | SAME, st.integers(0, 3))
def test_texts_are_counted_as_a_counter_would(texts, start):
    column, kept = pa.array(texts, pa.string())[start:], texts[start:]
    assert counts(column) == Counter(text for text in kept if text is not None)
    assert one_text(column) == (kept[0] if len(set(kept)) == 1 else None)
    assert among(column, ("aa", "b")).tolist() == [text in ("aa", "b") for text in kept]
    batch = pa.RecordBatch.from_arrays([column], names=["text"])
    assert those(batch, among(column, ("aa",))).column(0).to_pylist() == [text for text in kept if text == "aa"]


@given(st.lists(st.tuples(st.integers(0, 3) | st.integers(0, 10**9), st.integers(-3, 3) | st.none()), max_size=400))
def test_what_makes_a_hundredth_of_the_sales_is_counted_and_nothing_else(sales):
    times = pa.array([time for time, _ in sales], pa.int64())
    values = pa.array([None if value is None else Decimal(value) for _, value in sales], MONEY)
    seen = Observations()
    seen.add(pa.RecordBatch.from_arrays([times, values], names=["event_time", "value"]))
    for found, column in ((seen.times, times), (seen.values, values)):
        cells = [cell for cell in column.to_pylist() if cell is not None]
        often = {cell: count for cell, count in Counter(cells).items() if count * WORTH_COUNTING >= len(cells)}
        assert found == often
