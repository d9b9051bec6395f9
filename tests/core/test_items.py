import json

import pytest
from raws import binding, raw

from importer.core.items import item_objects

PACKED = {
    "columns": "line_item_*",
    "line_total": "total",
    "fields": {"id": ["sku", "product_id"], "quantity": "quantity", "title": "name"},
}


def items(columns, **plan):
    batch = raw(columns)
    return [
        None if text is None else json.loads(f"[{text}]")
        for text in item_objects(batch, binding(batch, **plan), {}).to_pylist()
    ]


def test_line_columns_make_one_item_of_each_row():
    found = items(
        {
            "sku": ["A", None, "C"],
            "name": ["x", 'Mug "B"', "z"],
            "qty": ["2", "1.0", "-1"],
            "price": ["$1,050.00", "3", "1"],
        },
        items={"id": ["sku", "name"], "quantity": "qty", "item_price": "price", "title": "name"},
    )
    assert found == [
        [{"id": "A", "quantity": 2, "item_price": 1050, "title": "x"}],
        [{"id": 'Mug "B"', "quantity": 1, "item_price": 3, "title": 'Mug "B"'}],
        None,
    ]


@pytest.mark.parametrize("price", ["43.20", "0.57", "19.99", "1234567.89", "0.07"])
def test_the_price_of_a_piece_is_written_as_it_stands(price):
    text = item_objects(
        raw({"sku": ["A"], "price": [price]}),
        binding(raw({"sku": ["A"], "price": [price]}), items={"id": "sku", "item_price": "price"}),
        {},
    )
    assert f'"item_price":{float(price)}' in text[0].as_py()


def test_the_price_of_a_piece_follows_from_the_line_total():
    found = items(
        {"sku": ["A"], "qty": ["3"], "sum": ["10.00"]}, items={"id": "sku", "quantity": "qty", "line_total": "sum"}
    )
    assert found == [[{"id": "A", "quantity": 3, "item_price": 3.333333}]]


def test_without_a_quantity_column_each_line_is_one_piece():
    assert items({"sku": ["A"]}, items={"id": "sku"}) == [[{"id": "A", "quantity": 1}]]


def test_packed_cells_are_taken_apart():
    found = items(
        {
            "line_item_1": ['name:Tee "L", blue|product_id:7|sku:T-L|quantity:2|total:24.95|sub_total:24.95', None],
            "line_item_2": ["name:Mug|product_id:9|sku:|quantity:1|total:5.05", "nothing to see"],
        },
        packed=PACKED,
    )
    assert found == [
        [
            {"id": "T-L", "quantity": 2, "item_price": 12.475, "title": 'Tee "L", blue'},
            {"id": "9", "quantity": 1, "item_price": 5.05, "title": "Mug"},
        ],
        None,
    ]


@pytest.mark.parametrize(
    "cell", ["sku:A|quantity:x", "sku:A|quantity:0", "sku:A|quantity:-1", "quantity:1", "::||", "sku:A|quantity:nan"]
)
def test_items_that_meta_would_refuse_are_left_out(cell):
    assert items({"line_item_1": [cell]}, packed=PACKED) == [None]


def test_an_export_without_items_has_none():
    assert items({"id": ["1", "2"]}) == [None, None]
