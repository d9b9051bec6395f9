import pytest
from hypothesis import given
from hypothesis import strategies as st
from raws import binding, parts, raw

from importer.core.survey import survey
from importer.core.whole_orders import whole_orders

LINES = {"rows": "lines", "total": "sum"}
BLANKS = {"rows": "lines", "total": "sum", "blank_key": True}


def regrouped(keys, size, orders):
    whole = raw({"id": keys, "date": ["2026-11-01"] * len(keys), "total": ["1"] * len(keys)})
    bound = binding(whole, orders=orders)
    found = survey(parts(whole, size), bound)
    return [
        batch.column("row").to_pylist()
        for batch in whole_orders(parts(whole, size), bound, found.last_rows if found.scattered else None)
    ], found


@pytest.mark.parametrize(
    ("keys", "batches"),
    [
        (["a", "a", "b", "b", "b", "c"], [[1, 2], [3, 4, 5], [6]]),
        (["a", "a", "a", "a", "a"], [[1, 2, 3, 4, 5]]),
        (["a", "b", "c", "d"], [[1], [2, 3], [4]]),
        ([None, None, None], [[1, 2], [3]]),
        (["a", None, "b", "b"], [[1, 2], [3, 4]]),
    ],
)
def test_lines_that_stand_together_are_never_parted(keys, batches):
    assert regrouped(keys, 2, LINES)[0] == batches


def test_an_order_that_goes_over_a_batch_is_not_taken_for_scattered():
    assert not regrouped(["a", "a", "a", "b"], 2, LINES)[1].scattered
    assert regrouped(["a", "b", "a"], 2, LINES)[1].scattered
    assert regrouped(["a", "b", "b", "a"], 2, LINES)[1].scattered


def test_scattered_lines_wait_for_the_last_of_their_order():
    assert regrouped(["a", "b", "a", "c", "c", "b"], 2, LINES)[0] == [[1, 3], [2, 4, 5, 6]]


def test_rows_of_one_order_each_pass_as_they_come():
    assert regrouped(["a", "a", "b"], 2, {"rows": "orders"})[0] == [[1, 2], [3]]


@given(
    st.lists(st.sampled_from([None, "a", "b", "c", "d"]), min_size=1, max_size=20),
    st.integers(1, 7),
    st.sampled_from([LINES, BLANKS]),
)
def test_no_row_is_lost_and_no_order_parted(keys, size, orders):
    batches, _ = regrouped(keys, size, orders)
    rows = [row for batch in batches for row in batch]
    assert sorted(rows) == list(range(1, len(keys) + 1))
    carried, last = [], None
    for key in keys:
        last = key or (last if orders.get("blank_key") else None)
        carried.append(last)
    homes: dict[str, set[int]] = {}
    for place, batch in enumerate(batches):
        for row in batch:
            if carried[row - 1] is not None:
                homes.setdefault(carried[row - 1], set()).add(place)
    assert all(len(places) == 1 for places in homes.values())


def test_lines_that_stand_together_are_not_parted_where_others_are_scattered():
    assert regrouped(["a", "b", "b", "b", "c", "c", "d", "a"], 2, LINES)[0] == [[2, 3, 4], [1, 5, 6, 7, 8]]
    assert regrouped(["a", "b", None, "b", "c", "a"], 2, LINES)[0] == [[3], [1, 2, 4, 5, 6]]
