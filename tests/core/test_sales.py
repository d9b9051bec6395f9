from decimal import Decimal

import pyarrow as pa
import pytest
from raws import binding, raw

from importer.core.model import MONEY
from importer.core.sales import verdicts

RULE = {
    "column": "status",
    "sale": ["Paid", "closed won*"],
    "refunded": ["refunded"],
    "unpaid": ["on-hold"],
    "cancelled": ["void"],
}


def verdict(rules, value="10", **cells):
    batch = raw({"id": ["1"], **{name: [cell] for name, cell in cells.items()}})
    amounts = pa.array([None if value is None else Decimal(value)], MONEY)
    return verdicts(batch, binding(batch, sale=rules), amounts, {})[0].as_py()


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("paid", None),
        (" PAID ", None),
        ("Closed Won (Sales Pipeline)", None),
        ("refunded", "refunded"),
        ("On Hold", "unpaid"),
        ("on_hold", "unpaid"),
        ("VOID", "cancelled"),
        ("something", "unknown_status"),
        (None, None),
    ],
)
def test_a_status_says_what_a_row_is_whatever_its_case_and_dashes(status, told):
    assert verdict([RULE], status=status) == told


@pytest.mark.parametrize(
    ("blank", "told"), [("sale", None), ("unpaid", "unpaid"), ("unknown_status", "unknown_status")]
)
def test_an_empty_status_means_what_the_schema_says(blank, told):
    assert verdict([RULE | {"blank": blank}], status=None) == told


@pytest.mark.parametrize(("other", "told"), [("sale", None), ("not_a_sale", "not_a_sale")])
def test_any_other_status_means_what_the_schema_says(other, told):
    assert verdict([RULE | {"other": other}], status="something") == told


def test_the_first_rule_that_speaks_wins():
    cancelled = {"column": "cancelled at", "other": "cancelled"}
    assert verdict([cancelled, RULE], **{"status": "refunded", "cancelled at": "2026-11-01"}) == "cancelled"
    assert verdict([cancelled, RULE], **{"status": "refunded", "cancelled at": None}) == "refunded"


@pytest.mark.parametrize(
    ("refunded", "value", "told"),
    [
        ("10.00", "10", "refunded"),
        ("-10.00", "10", "refunded"),
        ("2.50", "10", None),
        ("0", "10", None),
        (None, "10", None),
        ("0", "0", None),
        ("5", None, None),
    ],
)
def test_a_refund_of_the_whole_value_is_no_sale_and_a_part_of_it_still_is(refunded, value, told):
    assert verdict([{"column": "refund", "full_refund": True}], value, refund=refunded) == told
