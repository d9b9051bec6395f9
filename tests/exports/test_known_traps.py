"""Traps of exports known by name: facts that stand beside a status, and columns that a schema once overlooked."""

from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from truth import compare, journey

NOW = datetime.fromisoformat("2026-11-23T23:00:00Z")
STORE = {"action_source": "physical_store"}


def sent(folder, header, *rows, **options):
    """Send a file with these rows; the money that arrived, by order."""
    path = folder / "export.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    went = journey(path, folder, STORE | options, NOW)
    return {order: event["custom_data"]["value"] for order, [event] in went.events.items()}, went.rows


@pytest.mark.parametrize("created", ["Created (UTC)", "Created date (UTC)"])
@pytest.mark.parametrize(
    ("header", "cells", "is_sent"),
    [
        ("Dispute Status,Disputed Amount", "needs_response,60.00", False),
        ("Dispute Status,Disputed Amount", "lost,60.00", False),
        ("Dispute Status,Disputed Amount", "won,60.00", True),
        ("Dispute Status,Disputed Amount", ",60.00", False),
        ("Dispute Status,Disputed Amount", ",0.00", True),
        ("Dispute Status,Disputed Amount", ",", True),
        ("Disputed Amount,Dispute Reason", "60.00,fraudulent", False),
        ("Dispute Date (UTC),Dispute Reason", "2026-11-21 10:00:00,fraudulent", False),
        ("Disputed,Dispute Reason", "true,", False),
        ("Disputed,Dispute Reason", "false,", True),
    ],
)
def test_a_disputed_charge_of_stripe_is_not_sent_unless_the_dispute_was_won(tmp_path, created, header, cells, is_sent):
    values, _ = sent(
        tmp_path,
        f"id,{created},Amount,Amount Refunded,Currency,Status,Captured,Taxes On Fee,Is Link,Customer Email,{header}",
        f"ch_1,2026-11-20 10:00:00,60.00,0.00,usd,Paid,true,,,a@example.com,{cells}",
        "ch_2,2026-11-20 10:00:00,5.00,0.00,usd,Paid,true,,,b@example.com,,",
    )
    assert values == ({"ch_1": 60} if is_sent else {}) | {"ch_2": 5}


def test_a_won_dispute_that_was_refunded_all_the_same_is_not_sent(tmp_path):
    values, rows = sent(
        tmp_path,
        "id,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer Email,Dispute Status",
        "ch_1,2026-11-20 10:00:00,60.00,60.00,usd,Paid,a@example.com,won",
    )
    assert (values, rows[0]["reason"]) == ({}, "refunded")


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("disputed", [True, False]),
        ("disputed", ["true", "false"]),
        ("dispute", ["dp_1", None]),
        ("dispute_id", ["dp_1", ""]),
    ],
)
def test_a_disputed_charge_of_stripe_s_tables_is_not_sent(tmp_path, name, cells):
    path = tmp_path / "charges.parquet"
    charges = {
        "id": ["ch_1", "ch_2"],
        "amount": [6000, 500],
        "amount_refunded": [0, 0],
        "currency": ["usd", "usd"],
        "created": [datetime(2026, 11, 20, 10), datetime(2026, 11, 20, 11)],  # noqa: DTZ001  Stripe's are UTC without saying so
        "refunded": [False, False],
        "status": ["succeeded", "succeeded"],
        "receipt_email": ["a@example.com", "b@example.com"],
        name: cells,
    }
    pq.write_table(pa.table(charges), path)
    went = journey(path, tmp_path, STORE, NOW)
    assert {order: event["custom_data"]["value"] for order, [event] in went.events.items()} == {"ch_2": 5}


@pytest.mark.parametrize("won", ["", ",Is Closed Won"])
def test_the_contact_s_place_of_a_hubspot_deal_is_a_key(tmp_path, won):
    path = tmp_path / "deals.csv"
    path.write_text(
        "Record ID,Deal Name,Deal Stage,Amount,Currency,Close Date,Contact Email,Contact City,Contact State/Region,"
        f"Contact Postal Code,Contact Country/Region,City{won}\n"
        "1,Lamps,Closed Won,80.5,USD,2026-11-20 10:00,a@example.com,Boston,Massachusetts,02116,United States,Austin"
        f"{',true' if won else ''}\n",
        encoding="utf-8",
    )
    keys = {"em": "a@example.com", "ct": "boston", "st": "ma", "zp": "02116", "country": "us"}
    order = {"order_id": "1", "sale": True, "event_time": "2026-11-20T15:00:00Z", "value": 80.5, "keys": keys}
    assert compare(path, tmp_path, {"timezone": "America/New_York"}, [order], 1, NOW) == []


def test_the_coupon_of_an_etsy_item_was_not_paid(tmp_path):
    values, _ = sent(
        tmp_path,
        "Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Discount Amount,Order Shipping,Item Total,Currency,"
        "Transaction ID,Listing ID,Date Paid,Ship Name,Order ID,Email",
        "11/20/26,Star,Ann,2,5.00,,0,0,10.00,USD,1,11,11/20/2026,Ann Boe,9001,b1@example.com",
        "11/20/26,Star,Bob,1,5.00,TENOFF,1.00,0,5.00,USD,2,11,11/20/2026,Bob Cee,9002,b2@example.com",
        "11/20/26,Star,Cyd,1,5.00,TENOFF,-0.50,0,5.00,USD,3,11,11/20/2026,Cyd Doe,9003,b3@example.com",
        "11/20/26,Moon,Cyd,1,8.00,TENOFF,0.80,0,8.00,USD,4,12,11/20/2026,Cyd Doe,9003,b3@example.com",
        timezone="America/New_York",
    )
    assert values == {"9001": 10, "9002": 4, "9003": 11.7}


def test_a_cancelled_order_of_tiktok_shop_is_not_sent_whatever_its_status_says(tmp_path):
    header = "Order ID,Order Status,SKU ID,Quantity,Order Amount,Created Time,Paid Time,Cancelled Time,Phone #"
    when = "11/20/2026 10:15:30 AM"
    values, rows = sent(
        tmp_path,
        header,
        f"1,Shipped,S1,1,12.00,{when},{when},,+12025550101",
        f"2,Shipped,S1,1,12.00,{when},{when},{when},+12025550102",
        timezone="America/New_York",
        currency="USD",
    )
    assert values == {"1": 12}
    assert [row["reason"] for row in rows] == ["", "cancelled"]
