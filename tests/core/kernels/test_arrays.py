"""Columns and lists: what whole-column operations leave is what a loop over the rows would."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from importer.core.kernels.arrays import (
    coalesce,
    first_of,
    from_flat,
    join_notes,
    join_present,
    lists_of,
    null_if_empty,
    one_text,
    parents_of,
    repeats,
    where,
    with_context_pair,
)

texts = st.none() | st.sampled_from(["", "a", "b", "é"])
rows = st.lists(st.lists(texts, max_size=4), max_size=12)


def column(values):
    return pa.array(values, pa.string())


def distinct(values):
    return list(dict.fromkeys(value for value in values if value is not None))


@given(st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[texts] * width), min_size=1, max_size=12)))
def test_cells_side_by_side_become_lists(cells):
    assert lists_of([column(values) for values in zip(*cells, strict=True)]).to_pylist() == [
        distinct(row) for row in cells
    ]


@given(rows)
def test_flat_values_become_lists_without_repeats(lists):
    flat = [value for values in lists for value in values]
    parents = parents_of(pa.array(lists, pa.list_(pa.string())))
    assert parents.tolist() == [row for row, values in enumerate(lists) for _ in values]
    found = from_flat(column(flat), parents, len(lists))
    found.validate(full=True)
    assert found.to_pylist() == [distinct(values) for values in lists]
    firsts = from_flat(column(flat), parents, len(lists), first_only=True)
    assert firsts.to_pylist() == [distinct(values)[:1] for values in lists]


@given(st.lists(st.none() | st.lists(texts, max_size=3), max_size=12), st.integers(0, 3))
def test_lists_are_read_also_where_they_are_null_or_a_part(lists, skipped):
    part = pa.array(lists, pa.list_(pa.string())).slice(min(skipped, len(lists)))
    lists = lists[min(skipped, len(lists)) :]
    assert parents_of(part).tolist() == [row for row, values in enumerate(lists) for _ in values or []]
    if not part.null_count:
        assert first_of(part).to_pylist() == [values[0] if values else None for values in lists]


@given(st.lists(st.tuples(texts, texts), max_size=20))
def test_pairs_are_decided_as_one_by_one(pairs):
    first, second = (column([pair[place] for pair in pairs]) for place in (0, 1))
    for context in (second, second.dictionary_encode()):
        forms, codes = with_context_pair(first, context, lambda text, other: (f"{text}/{other}", other))
        assert forms.to_pylist() == [None if text is None else f"{text}/{other}" for text, other in pairs]
        assert codes.to_pylist() == [None if text is None else other for text, other in pairs]


@given(st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[texts] * width), max_size=12)))
def test_values_of_a_row_are_joined_or_the_first_is_taken(cells):
    columns = [column(values) for values in zip(*cells, strict=True)] or [column([])]
    present = [[value for value in row if value is not None] for row in cells]
    assert join_present(columns, ",").to_pylist() == [",".join(row) for row in present]
    assert coalesce(columns).to_pylist() == [row[0] if row else None for row in present]
    assert join_notes(columns, len(cells)).to_pylist() == ["; ".join(row) or None for row in present]
    assert null_if_empty(columns[0]).to_pylist() == [row[0] or None for row in cells]


@given(st.lists(st.booleans(), max_size=12))
def test_a_text_where_a_mask_is_true(flags):
    assert where(pa.array(flags, pa.bool_()), "x").to_pylist() == ["x" if flag else None for flag in flags]


def test_a_column_repeats_where_its_sample_does():
    assert repeats(column(["a", "b", None] * 400))
    assert not repeats(column(["a", "b"] * 100))
    assert not repeats(column([str(number) for number in range(2_000)]))


@given(st.lists(st.sampled_from(["a", "aa", "", "EUR", "é", None]), max_size=4), st.integers(0, 2))
def test_the_one_text_of_a_column(texts, skipped):
    texts = texts * 2
    column, kept = pa.array(texts, pa.string()).slice(min(skipped, len(texts))), texts[skipped:]
    assert one_text(column) == (kept[0] if kept and len(set(kept)) == 1 else None)
