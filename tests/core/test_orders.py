from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.model import MONEY, Mapped
from importer.core.orders import gather
from importer.core.plan import OrderLayout

LINES = OrderLayout(rows="lines", total="once")
SUMS = OrderLayout(rows="lines", total="sum")
BLANKS = OrderLayout(rows="lines", total="sum", blank_key=True)


def mapped(*rows: dict) -> Mapped:
    """Rows of the mapped stage from what matters in a test."""
    count = len(rows)
    text = {
        name: pa.array([row.get(name) for row in rows], pa.string())
        for name in (
            "fault",
            "non_record",
            "sale",
            "order_id",
            "items",
            "value_reason",
            "time_reason",
            "time_note",
            "currency",
        )
    }
    columns = {
        "row": pa.array(range(1, count + 1), pa.int64()),
        "line": pa.array(range(2, count + 2), pa.int64()),
        **text,
        "event_name": pa.array([row.get("event_name", "Purchase") for row in rows], pa.string()),
        "event_time": pa.array([row.get("event_time", 1_790_000_000) for row in rows], pa.int64()),
        "value": pa.array([None if (v := row.get("value")) is None else Decimal(v) for row in rows], MONEY),
        "em": pa.array([row.get("em", []) for row in rows], pa.list_(pa.string())),
    }
    return Mapped(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def values(gathered):
    return gathered.orders.column("value").to_pylist()


def test_each_row_is_an_order_where_the_export_has_one_row_per_order():
    gathered = gather(mapped({"order_id": "1", "value": "5"}, {"order_id": "1", "value": "7"}), OrderLayout())
    assert values(gathered) == [Decimal(5), Decimal(7)]
    assert gathered.order_of.tolist() == [0, 1]


def test_lines_of_one_order_become_one_order_with_its_total_taken_once():
    gathered = gather(
        mapped(
            {"order_id": "1", "value": "50.63", "items": '{"id":"A"}', "em": ["a@b.c"]},
            {"order_id": "1", "items": '{"id":"B"}', "em": ["a@b.c"]},
            {"order_id": "2", "value": "9", "items": '{"id":"C"}'},
        ),
        LINES,
    )
    assert values(gathered) == [Decimal("50.63"), Decimal(9)]
    assert gathered.order_of.tolist() == [0, 0, 1]
    assert gathered.orders.column("items").to_pylist() == ['{"id":"A"},{"id":"B"}', '{"id":"C"}']
    assert gathered.orders.column("em").to_pylist() == [["a@b.c"], []]


def test_equal_lines_of_one_order_stay_two_lines():
    gathered = gather(
        mapped({"order_id": "1", "value": "2", "items": "{1}"}, {"order_id": "1", "value": "2", "items": "{1}"}), SUMS
    )
    assert gathered.orders.column("items").to_pylist() == ["{1},{1}"]
    assert values(gathered) == [Decimal(4)]


def test_an_order_whose_first_line_ended_keeps_its_own_row_among_others():
    gathered = gather(
        mapped(
            {"order_id": "1", "value": "3", "sale": "refunded"},
            {"order_id": "2", "value": "5"},
            {"order_id": "1", "value": "4"},
        ),
        SUMS,
    )
    assert gathered.order_of.tolist() == [-1, 1, 0]
    assert values(gathered) == [Decimal(4), Decimal(5)]
    assert gathered.reason.to_pylist() == ["refunded", None, None]


def test_scattered_lines_are_gathered_and_summed():
    gathered = gather(
        mapped({"order_id": "1", "value": "0.1"}, {"order_id": "2", "value": "5"}, {"order_id": "1", "value": "0.2"}),
        SUMS,
    )
    assert values(gathered) == [Decimal("0.3"), Decimal(5)]
    assert gathered.order_of.tolist() == [0, 1, 0]


def test_several_people_on_one_order_are_lists_of_keys_where_the_schema_says_so():
    rows = ({"order_id": "1", "value": "2", "em": ["a@b.c"]}, {"order_id": "1", "value": "2", "em": ["d@e.f"]})
    people = OrderLayout(rows="lines", total="once", several_people=True)
    assert gather(mapped(*rows), people).orders.column("em").to_pylist() == [["a@b.c", "d@e.f"]]
    assert gather(mapped(*rows), LINES).orders.column("em").to_pylist() == [["a@b.c"], ["d@e.f"]]


def test_strangers_under_one_id_are_sales_of_their_own():
    rows = (
        {"order_id": "1", "value": "27", "em": ["a@b.c"]},
        {"order_id": "1", "value": "27"},
        {"order_id": "1", "value": "99", "em": ["d@e.f"], "event_time": 1_790_000_060},
        {"order_id": "2", "value": "9", "em": ["g@h.i"]},
    )
    gathered = gather(mapped(*rows), LINES)
    assert values(gathered) == [Decimal(27), Decimal(99), Decimal(9)]
    assert gathered.order_of.tolist() == [0, 0, 1, 2]


def test_lines_of_a_later_day_are_another_sale_but_not_those_after_midnight():
    day = 86_400
    rows = (
        {"order_id": "1", "value": "2", "event_time": 1_790_000_000},
        {"order_id": "1", "value": "3", "event_time": 1_790_000_000 + 3 * 3_600},
        {"order_id": "1", "value": "4", "event_time": 1_790_000_000 + day},
    )
    assert values(gather(mapped(*rows), SUMS)) == [Decimal(5), Decimal(4)]


def test_one_total_with_a_date_for_each_line_stays_one_order():
    rows = (
        {"order_id": "1", "value": "5", "em": ["a@b.c"], "event_time": 1_790_000_000},
        {"order_id": "1", "value": "5", "em": ["a@b.c"], "event_time": 1_790_200_000},
    )
    assert values(gather(mapped(*rows), LINES)) == [Decimal(5)]


@pytest.mark.parametrize("odd", ["20.02", "2.00", "-20"])
def test_an_order_whose_lines_show_different_totals_is_not_sent(odd):
    rows = [{"order_id": "1", "value": value, "em": ["a@b.c"]} for value in ("20", "20", odd)]
    gathered = gather(mapped(*rows, {"order_id": "2", "value": "7"}), LINES)
    assert values(gathered) == [Decimal(7)]
    assert gathered.reason.to_pylist() == ["order_totals_differ"] * 3 + [None]
    assert values(gather(mapped(*rows), OrderLayout(rows="lines", total="first"))) == [Decimal(20)]


def test_a_total_that_was_added_up_is_rounded_to_its_currency():
    rows = (
        {"order_id": "1", "value": "19.098", "currency": "USD"},
        {"order_id": "1", "value": "19.098", "currency": "USD"},
    )
    assert values(gather(mapped(*rows), SUMS)) == [Decimal("38.20")]
    yen = gather(mapped({"order_id": "1", "value": "190.5", "currency": "JPY"}), SUMS)
    assert values(yen) == [Decimal(191)]


def test_the_status_of_an_order_ends_all_its_rows_where_the_total_stands_once():
    gathered = gather(
        mapped({"order_id": "1", "value": "2", "sale": "refunded"}, {"order_id": "1"}, {"order_id": "2", "value": "3"}),
        LINES,
    )
    assert gathered.reason.to_pylist() == ["refunded", "refunded", None]
    assert gathered.order_of.tolist() == [-1, -1, 0]


def test_a_cancelled_line_leaves_the_rest_of_its_order_where_lines_are_summed():
    gathered = gather(
        mapped({"order_id": "1", "value": "2", "sale": "cancelled"}, {"order_id": "1", "value": "3"}), SUMS
    )
    assert gathered.reason.to_pylist() == ["cancelled", None]
    assert values(gathered) == [Decimal(3)]


def test_a_faulty_line_ends_its_whole_order_since_its_total_is_unsure():
    gathered = gather(
        mapped({"order_id": "1", "value": "2", "fault": "too_many_cells"}, {"order_id": "1", "value": "3"}), SUMS
    )
    assert gathered.reason.to_pylist() == ["too_many_cells", "too_many_cells"]
    assert gathered.orders.num_rows == 0


def test_rows_without_a_key_belong_to_the_row_above_where_the_layout_says_so():
    gathered = gather(
        mapped(
            {"value": "1"},
            {"order_id": "S1", "value": "2"},
            {"value": "3"},
            {"order_id": "S2", "value": "4"},
            {"value": "5"},
        ),
        BLANKS,
    )
    assert values(gathered) == [Decimal(1), Decimal(5), Decimal(9)]
    assert gathered.order_of.tolist() == [0, 1, 1, 2, 2]


def test_rows_without_a_key_are_orders_of_their_own_elsewhere():
    gathered = gather(mapped({"order_id": "1", "value": "2"}, {"value": "3"}, {"value": "4"}), LINES)
    assert values(gathered) == [Decimal(2), Decimal(3), Decimal(4)]


@pytest.mark.parametrize(
    ("value", "event_name", "reason"),
    [
        ("0", "Purchase", "zero_value"),
        ("-0.01", "Purchase", "negative_value"),
        ("-5", "Lead", "negative_value"),
        ("0", "Lead", None),
        ("0.01", "Purchase", None),
        (None, "Purchase", None),
    ],
)
def test_worthless_totals_are_skipped(value, event_name, reason):
    gathered = gather(mapped({"value": value, "event_name": event_name}, {"value": "7"}), OrderLayout())
    assert gathered.reason.to_pylist() == [reason, None]
    assert gathered.orders.num_rows == (2 if reason is None else 1)
    assert gathered.order_of.tolist() == ([0, 1] if reason is None else [-1, 0])


def test_an_empty_batch_has_no_orders():
    for layout in (OrderLayout(), LINES, SUMS, BLANKS):
        gathered = gather(Mapped(mapped({}).slice(0, 0)), layout)
        assert gathered.orders.num_rows == 0
        assert len(gathered.order_of) == 0


@given(
    st.lists(st.tuples(st.sampled_from([None, "1", "2", "3"]), st.integers(1, 99), st.booleans()), max_size=12),
    st.sampled_from([OrderLayout(), LINES, SUMS, BLANKS]),
)
def test_every_row_either_belongs_to_an_order_or_has_a_reason(rows, layout):
    batch = mapped(
        {}, *({"order_id": key, "value": str(value), "sale": "unpaid" if skip else None} for key, value, skip in rows)
    )
    gathered = gather(Mapped(batch.slice(1)), layout)
    belongs = gathered.order_of >= 0
    assert (belongs == np.asarray(gathered.reason.is_null())).all()
    assert sorted(set(gathered.order_of[belongs].tolist())) == list(range(gathered.orders.num_rows))
