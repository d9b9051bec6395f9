"""The exports beside the project, order by order, where they are there."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from truth import compare, journey

SHARED = Path(__file__).resolve().parents[3] / "shared" / "exports"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not there")

BUILT = {
    "shopify_orders_export.csv": {"action_source": "physical_store"},
    "woocommerce_orders.csv": {"timezone": "Europe/Berlin", "action_source": "physical_store"},
    "loyalty_transactions.parquet": {"timezone": "America/Chicago", "currency": "USD"},
}


def orders_of(name: str) -> tuple[list[dict], int]:
    truth = json.loads((SHARED / "expected.json").read_text(encoding="utf-8"))["files"][name]
    orders = [
        {
            "order_id": order["order_id"],
            "sale": order["class"] == "sale" and "outside the upload window" not in order.get("reason", ""),
            "event_time": order["event_time_utc"],
            "value": order["value"],
            "currency": order["currency"],
            "keys": order["user_data"],
        }
        for order in truth["orders_detail"]
    ]
    return orders, truth["rows"]


@pytest.mark.parametrize("name", BUILT)
def test_each_order_arrives_as_it_should_or_not_at_all(name, tmp_path):
    orders, rows = orders_of(name)
    assert compare(SHARED / name, tmp_path, BUILT[name], orders, rows) == []


@pytest.mark.parametrize(
    ("name", "options", "now", "sales", "rows"),
    [
        ("meta_offline_events_example.csv", {}, "2017-01-12T00:00:00Z", 8, 10),
        (
            "salesforce_opportunities_dataloader.csv",
            {"currency": "USD", "timezone": "UTC"},
            "2005-12-01T00:00:00Z",
            0,
            38,
        ),
        (
            "square_transactions_2018.csv",
            {"currency": "USD", "timezone": "America/New_York"},
            "2018-12-28T12:00:00Z",
            0,
            4,
        ),
    ],
)
def test_real_exports_are_read_to_the_last_row(name, options, now, sales, rows, tmp_path):  # noqa: PLR0917
    went = journey(SHARED / name, tmp_path, options, datetime.fromisoformat(now))
    assert len(went.rows) == rows
    assert went.first["events"]["accepted"] == sales
    assert went.refusals == {}
    assert went.second["events"]["sent"] == 0


def test_scattered_lines_of_the_classic_models_become_one_event_per_order(tmp_path):
    options = {"currency": "USD", "timezone": "America/New_York"}
    went = journey(
        SHARED / "classicmodels_sales_data_sample.csv",
        tmp_path,
        options,
        datetime.fromisoformat("2003-03-01T00:00:00Z"),
    )
    assert len(went.rows) == 2823
    assert went.refusals == {}
