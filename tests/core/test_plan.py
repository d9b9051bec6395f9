import pytest

from importer.core.binding import bind
from importer.core.plan import fold, fold_value, read_plan
from importer.errors import SchemaError

MINIMAL = {"name": "x", "columns": {"event_time": "Date", "value": "Total"}}


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        ("  E-mail Address ", "emailaddress"),
        ("Order #", "order#"),
        ("order_id", "orderid"),
        ("Discount %", "discount%"),
        ("Commande nº", "commandeno"),
        ("Ｔｏｔａｌ", "total"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_headers_are_compared_without_case_blanks_and_punctuation(header, folded):
    assert fold(header) == folded


def test_statuses_are_compared_without_case_and_with_blanks_for_dashes():
    assert fold_value(" On-Hold ") == fold_value("on_hold") == "on hold"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"colums": {}}, "colums"),
        ({"columns": {"curency": "Email"}}, "did you mean"),
        ({"columns": {"em": []}}, "columns.em"),
        ({"columns": {"em": 3}}, "columns.em"),
        ({"name": ""}, "name"),
        ({"event": {"action_source": "shop"}}, "event.action_source"),
        ({"time": {"order": "ydm"}}, "time.order"),
        ({"match": {"minimum_keys": "none"}}, "match.minimum_keys"),
        ({"orders": {"rows": "cells"}}, "orders.rows"),
        ({"items": {"sku": "SKU"}}, "sku is not a field"),
        ({"custom": {"value": "Total"}}, "move it to [columns]"),
        ({"sale": [{"sale": ["paid"]}]}, "sale.0.column"),
        ({"packed": {"columns": "x"}}, "packed.fields"),
        ({"identify": {"headers": ["A", ["B"]]}}, "identify.headers"),
        ({"identify": {"headers": [["A"], "B"]}}, "identify.headers"),
        ({"variant": [{"order": "dmy"}]}, "variant.0.headers"),
        ({"variant": [{"headers": ["A"], "decimal": "'"}]}, "variant.0.decimal"),
    ],
)
def test_a_wrong_schema_names_the_offending_key(change, key):
    with pytest.raises(SchemaError) as error:
        read_plan(MINIMAL | change, "mine.toml")
    assert key in str(error.value)
    assert str(error.value).startswith("mine.toml: ")
    assert str(error.value)[-1] in ".?"
    assert str(error.value)[-2] not in ".?"


def test_a_schema_without_columns_says_that_they_are_missing():
    with pytest.raises(SchemaError, match="the key columns is missing"):
        read_plan({"name": "x"}, "mine.toml")


def test_one_header_takes_all_its_repeated_columns_and_a_list_the_first_usable():
    plan = read_plan(MINIMAL | {"columns": {"em": "email", "ph": ["mobile", "phone"], "ct": {"all": ["a", "b"]}}}, "t")
    bound = bind(plan, ["email", "Email", "Phone", "Mobile", "b"], ["email", "Email", "Phone", "Mobile", "b"])
    assert bound.columns["em"].names == ("email", "Email")
    assert bound.columns["em"].take == "all"
    assert bound.columns["ph"].names == ("Mobile", "Phone")
    assert bound.columns["ph"].take == "first"
    assert bound.columns["ct"].names == ("b",)


def test_fields_whose_columns_are_absent_are_not_bound():
    bound = bind(read_plan(MINIMAL, "t"), ["Date", "Other"], ["Date", "Other"])
    assert set(bound.columns) == {"event_time"}
    assert bound.used == {"Date"}


def test_of_alternative_status_columns_the_first_present_one_speaks():
    plan = read_plan(MINIMAL | {"sale": [{"column": ["Cancelled at", "Canceled at"], "other": "cancelled"}]}, "t")
    bound = bind(plan, ["Canceled at", "Cancelled at"], ["Canceled at", "Cancelled at"])
    assert [name for _, name in bound.sale] == ["Cancelled at"]


def test_packed_columns_are_found_by_their_beginning():
    packed = {"columns": "line_item_*", "fields": {"id": "sku"}}
    bound = bind(read_plan(MINIMAL | {"packed": packed}, "t"), ["line_item_1", "x", "line_item_12"], ["a", "b", "c"])
    assert bound.packed == ("a", "c")
