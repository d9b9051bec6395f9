"""Rows under one order id are one sale where store, day and customer agree, as far as they are told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.same_order import SAME_DAY, STRONG, Signs, split, store_marks


def signs(rows, values=None):
    """Signs of rows of small numbers; 0 is not told."""

    def of(name):
        return np.array([row.get(name, 0) for row in rows], np.int64)

    people = {name: of(name).__getitem__ for name in (*STRONG, "name")}
    return Signs(of("time"), of("store"), people, None if values is None else np.array(values, float))


def sales(*rows, values=None):
    found = split(np.zeros(len(rows), np.int64), signs(rows, values))
    first = {}
    return [first.setdefault(number, len(first)) for number in found.tolist()]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (({"em": 1}, {"em": 1}, {"em": 1}), [0, 0, 0]),
        (({"em": 1}, {}, {"em": 2}, {}), [0, 0, 1, 1]),
        (({"em": 1, "ph": 5}, {"ph": 5}, {"em": 1}), [0, 0, 0]),
        (({"em": 1}, {"ph": 5}), [0, 0]),
        (({"em": 1, "ph": 5}, {"em": 2, "ph": 5}), [0, 1]),
        (({"em": 1, "ph": 5}, {"em": 1, "ph": 6}), [0, 0]),
        (({"external_id": 1, "ph": 5}, {"external_id": 1, "ph": 6}), [0, 1]),
        (({"external_id": 1, "name": 5}, {"external_id": 1, "name": 6}), [0, 1]),
        (({"em": 1}, {"external_id": 3, "em": 2}, {"external_id": 3}, {"em": 1}), [0, 1, 1, 0]),
        (({"em": 1, "name": 7}, {"em": 1, "name": 8}), [0, 0]),
        (({"name": 7}, {"name": 8}), [0, 1]),
        (({"store": 1}, {"store": 2}, {"store": 1}), [0, 1, 0]),
        (({"store": 1}, {}, {"store": 2}), [0, 0, 1]),
        (({"store": 1, "em": 1, "time": 9}, {"store": 2, "em": 1, "time": 9}), [0, 0]),
        (({"store": 1, "em": 1, "time": 9}, {"store": 2, "em": 1, "time": 99}), [0, 1]),
        (({"time": 100}, {"time": 100 + SAME_DAY - 1}, {"time": 100 + 3 * SAME_DAY}), [0, 0, 1]),
        (({}, {"time": 100}, {"time": 100 + 2 * SAME_DAY}), [0, 0, 1]),
        (({}, {}), [0, 0]),
    ],
)
def test_what_contradicts_parts_the_rows_of_an_id(rows, expected):
    assert sales(*rows) == expected


def test_one_total_on_all_rows_of_one_customer_holds_them_together():
    rows = ({"em": 1, "store": 1, "time": 100}, {"em": 1, "store": 2, "time": 100 + 2 * SAME_DAY})
    assert sales(*rows, values=[5, 5]) == [0, 0]
    assert sales(*rows, values=[5, 6]) == [0, 1]
    assert sales(*rows, values=[float("nan"), 6]) == [0, 0]
    assert sales(*({**row, "em": place} for place, row in enumerate(rows, 1)), values=[5, 5]) == [0, 1]


@given(st.lists(st.tuples(st.integers(0, 2), *[st.integers(0, 2)] * 4, st.integers(0, 4)), max_size=12))
def test_sales_never_cross_ids_and_only_another_store_marks_one(rows):
    codes = np.array([row[0] for row in rows], np.int64)
    told = signs(
        [
            dict(zip(("store", "em", "ph", "name", "time"), row[1:], strict=True)) | {"time": row[5] * 50_000}
            for row in rows
        ]
    )
    found = split(codes, told)
    assert len(set(zip(codes.tolist(), found.tolist(), strict=True))) == len(set(found.tolist()))
    marked = store_marks(found, codes, np.ones(len(rows), bool), told).to_pylist()
    marks_of, stores_of = dict[int, set](), dict[int, set]()
    for row, sale, mark in zip(rows, found.tolist(), marked, strict=True):
        marks_of.setdefault(sale, set()).add(mark)
        stores_of.setdefault(row[0], set()).add(row[1])
    assert all(len(found) == 1 for found in marks_of.values())
    assert {row[0] for row, mark in zip(rows, marked, strict=True) if mark is None} == {row[0] for row in rows}
    assert all(mark is None or len(stores_of[row[0]]) > 1 for row, mark in zip(rows, marked, strict=True))


def test_the_store_alone_is_the_mark_and_a_row_without_one_takes_none():
    rows = (
        {"store": 1, "em": 5, "time": 1},
        {"store": 2, "em": 5, "time": 90_000},
        {"store": 2, "em": 5, "time": 900_000},
    )
    told = signs(rows)
    found = split(np.zeros(3, np.int64), told)
    first, second, third = store_marks(found, np.zeros(3, np.int64), np.ones(3, bool), told).to_pylist()
    assert (first, second) == (None, third)
    assert second
    told = signs(({"store": 1, "em": 5, "time": 1}, {"em": 5, "time": 900_000}))
    found = split(np.zeros(2, np.int64), told)
    assert store_marks(found, np.zeros(2, np.int64), np.ones(2, bool), told).to_pylist() == [None, None]
