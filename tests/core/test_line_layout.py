import pytest
from raws import binding, raw

from importer.core.line_layout import infer

ITEMS = {"items": {"id": "sku", "quantity": "qty", "item_price": "price"}}


def layout(columns, **plan):
    batch = raw({"date": ["2026-11-01"] * len(columns["id"]), **columns})
    found = infer(iter([batch]), binding(batch, **plan))
    return found.rows, found.total


@pytest.mark.parametrize(
    ("columns", "plan", "expected"),
    [
        ({"id": ["1", "2"], "total": ["5", "5"]}, {}, ("orders", "once")),
        ({"id": ["1", "1"], "total": ["5", "5"]}, {}, ("orders", "once")),
        ({"id": ["1", "1"], "total": ["5", "7"]}, {}, ("lines", "sum")),
        ({"id": ["1", "2", "1"], "total": ["5", "9", "7"]}, {}, ("lines", "sum")),
        (
            {"id": ["1", "1"], "total": ["5", "5"], "sku": ["A", "B"], "qty": ["1", "1"], "price": ["2", "3"]},
            ITEMS,
            ("lines", "once"),
        ),
        (
            {"id": ["1", "1"], "total": ["5", "5"], "sku": ["A", "B"], "qty": ["1", "1"], "price": ["5", "5"]},
            ITEMS,
            ("lines", "sum"),
        ),
        ({"id": [None, None], "total": ["5", "7"]}, {}, ("orders", "once")),
    ],
)
def test_repeated_order_ids_tell_lines_from_orders(columns, plan, expected):
    assert layout(columns, **plan) == expected
