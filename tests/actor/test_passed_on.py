"""Members that are passed on as they are: what Meta refuses of them is refused here, and named."""

from __future__ import annotations

import pytest

import importer

NOW = "2026-11-23T23:00:00Z"
EVENT = {
    "event_name": "Purchase",
    "event_time": "2026-11-23T10:00:00Z",
    "action_source": "website",
    "event_source_url": "https://shop.example/a",
    "user_data": {"em": "ada@example.com", "client_user_agent": "Mozilla/5.0"},
    "custom_data": {"value": 5, "currency": "EUR"},
}


def sent(event, custom=None):
    whole = {**EVENT, **event, "custom_data": EVENT["custom_data"] | (custom or {})}
    return importer.event(whole, demo=True, now=NOW).items[0]


@pytest.mark.parametrize(
    ("member", "field"),
    [
        ({"original_event_data": {"event_name": "Lead", "colour": "red"}}, "original_event_data.colour"),
        ({"original_event_data": {"event_time": "yesterday"}}, "original_event_data.event_time"),
        ({"original_event_data": {"order_id": {"a": 1}}}, "original_event_data.order_id"),
        ({"customer_segmentation": "vip"}, "customer_segmentation"),
        ({"event_source_url": "javascript:alert(1)"}, "event_source_url"),
        ({"event_source_url": "shop.example"}, "event_source_url"),
        ({"referrer_url": "javascript:alert(1)"}, "referrer_url"),
    ],
)
def test_a_member_that_meta_would_refuse_is_named(member, field) -> None:
    item = sent(member)
    assert (item["success"], item["field"]) == (False, field)


@pytest.mark.parametrize(
    ("member", "value"),
    [("status", {"a": 1}), ("status", 5), ("status", " "), ("store_data", "x"), ("customer_segmentation", "vip")],
)
def test_a_member_of_custom_data_that_meta_would_refuse_is_named(member, value) -> None:
    item = sent({}, {member: value})
    assert (item["success"], item["field"]) == (False, f"custom_data.{member}")


@pytest.mark.parametrize(
    ("member", "custom"),
    [
        (
            {"original_event_data": {"event_name": "Lead", "event_time": 1795424400, "order_id": "7", "event_id": "8"}},
            {},
        ),
        ({"customer_segmentation": "new_customer_to_business", "referrer_url": "https://search.example/"}, {}),
        ({}, {"status": "paid", "store_data": {"a": 1}, "mine": {"b": [2]}}),
        ({}, {"customer_segmentation": "customer_in_loyalty_program"}),
    ],
)
def test_what_meta_takes_is_passed_on_and_taken(member, custom) -> None:
    item = sent(member, custom)
    assert item["success"], item
    assert member.items() <= item["payload"].items()
    assert custom.items() <= item["payload"]["custom_data"].items()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fbc", "fb.9.1795168800000.abc"),
        ("fbc", "abc"),
        ("fbp", "fb.1.1795168800000.x"),
        ("fbp", "a" * 64),
        ("madid", "not-a-device"),
        ("madid", "0" * 64),
        ("lead_id", "123"),
    ],
)
def test_a_click_browser_or_device_of_another_form_is_left_out(key, value) -> None:
    item = sent({"user_data": {**EVENT["user_data"], key: value}})
    assert item["success"], item
    assert key not in item["payload"]["user_data"]
    assert f"{key}:" in ";".join(f"{one['field']}:{one['code']}" for one in item["warnings"])
