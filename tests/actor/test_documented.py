"""Events as Meta documents them, among the items of `events`."""

import hashlib
import time

import pytest
from fake_graph import DATASET

NOW = int(time.time()) - 60


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def sale(**changes):
    event = {
        "event_name": "Purchase",
        "event_time": NOW,
        "action_source": "physical_store",
        "user_data": {"em": [sha("ada@example.com")]},
        "custom_data": {"value": 12.5, "currency": "EUR"},
    }
    return {name: value for name, value in (event | changes).items() if value is not ...}


@pytest.fixture
def sent(run, graph):
    def sent(event, **parameters):
        result = run("send_batch_events", events=[event], **parameters)
        return result.items[0], graph.events[-1] if graph.events else None

    return sent


def test_a_hashed_event_goes_as_it_is(sent):
    item, event = sent(sale())
    assert item["success"]
    assert event.pop("event_id")
    assert event == sale()


def test_plain_values_are_normalised_and_hashed(sent):
    plain = {
        "em": ["John_Smith@gmail.com", sha("second@example.com")],
        "ph": "(650)555-1212",
        "fn": "Mary",
        "db": "19970216",
        "ge": "Female",
        "zp": ["94035"],
        "client_user_agent": "Mozilla/5.0",
        "fbc": "fb.1.1554763741205.AbCd",
        "lead_id": 123456789012345,
    }
    _, event = sent(sale(user_data=plain))
    assert event["user_data"] == {
        "em": ["62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f", sha("second@example.com")],
        "ph": ["e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"],
        "fn": ["6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec"],
        "db": ["01acdbf6ec7b4f478a225f1a246e5d6767eeab1a7ffa17f025265b5b94f40f0c"],
        "ge": [sha("f")],
        "zp": [sha("94035")],
        "client_user_agent": "Mozilla/5.0",
        "fbc": "fb.1.1554763741205.AbCd",
        "lead_id": 123456789012345,
    }


def test_a_country_of_the_event_or_of_the_task_reads_its_phones(sent):
    _, event = sent(sale(user_data={"ph": "030 1234567", "country": "DE"}))
    assert event["user_data"]["ph"] == [sha("49301234567")]
    _, event = sent(sale(user_data={"ph": "030 1234567"}), country="DE")
    assert event["user_data"] == {"ph": [sha("49301234567")], "country": [sha("de")]}
    _, event = sent(sale(user_data={"ph": ["+33 1 42 68 53 00", "(650) 555-1212"]}))
    assert event["user_data"] == {"ph": [sha("33142685300"), sha("16505551212")]}


def test_everything_else_of_the_event_arrives(sent):
    custom = {
        "value": "12.50",
        "currency": "eur",
        "order_id": 17,
        "contents": [
            {"id": "sku-1", "quantity": 2, "item_price": 5.25, "title": "A, B | C"},
            {"id": 77, "quantity": 1, "price": 2, "delivery_category": "in_store"},
        ],
        "content_ids": ["a,b", "c"],
        "num_items": 3,
        "predicted_ltv": 100.5,
        "gift": True,
        "tags": ["x", {"y": None}],
        "note": 'say "hi"',
    }
    beside = {
        "event_id": "pixel-1",
        "opt_out": True,
        "event_source_url": "https://example.com/a?b=c",
        "data_processing_options": ["LDU"],
        "data_processing_options_country": 1,
        "data_processing_options_state": 1000,
        "referrer_url": "https://example.org",
        "original_event_data": {"event_name": "Lead", "event_time": NOW},
    }
    _, event = sent(sale(**beside, custom_data=custom))
    assert {name: event[name] for name in beside} == beside
    assert event["custom_data"] == {
        "value": 12.5,
        "currency": "EUR",
        "order_id": "17",
        "contents": [
            {"id": "sku-1", "quantity": 2, "item_price": 5.25, "title": "A, B | C"},
            {"id": "77", "quantity": 1, "item_price": 2, "delivery_category": "in_store"},
        ],
        "content_ids": ["a,b", "c"],
        "content_type": "product",
        "num_items": 3,
        "predicted_ltv": 100.5,
        "gift": True,
        "tags": ["x", {"y": None}],
        "note": 'say "hi"',
    }


def test_no_limited_data_use_is_said_outright(sent):
    _, event = sent(sale(data_processing_options=[]))
    assert event["data_processing_options"] == []


def test_milliseconds_are_turned_into_seconds_with_a_warning(sent):
    item, event = sent(sale(event_time=NOW * 1000))
    assert event["event_time"] == NOW
    assert [warning["code"] for warning in item["warnings"]] == ["milliseconds"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"email": "a@example.com"}, "email", "not a parameter"),
        ({"event_time": True}, "event_time", "must be Unix seconds"),
        ({"event_name": 5}, "event_name", "must be text"),
        ({"user_data": []}, "user_data", "must be an object"),
        ({"user_data": {"email": "a@example.com"}}, "user_data.email", "not a customer key"),
        ({"user_data": {"em": 1.5}}, "user_data.em", "text or a list of texts"),
        ({"user_data": {"em": [{"a": 1}]}}, "user_data.em", "text or a list of texts"),
        ({"user_data": {"em": True}}, "user_data.em", "text or a list of texts"),
        ({"custom_data": {"value": [1]}}, "custom_data.value", "text or a number"),
        ({"custom_data": {"contents": "x"}}, "custom_data.contents", "a list of objects"),
        ({"custom_data": {"contents": [{"id": "a"}]}}, "custom_data.contents.0.quantity", "quantity is missing"),
        ({"custom_data": {"contents": [{"id": "a", "quantity": 0}]}}, "custom_data.contents.0.quantity", "quantity"),
        ({"custom_data": {"contents": [{"id": "a", "quantity": 1, "sku": 1}]}}, "custom_data.contents.0.sku", "sku"),
        ({"app_data": {}}, "app_data", "not a parameter"),
        ({"user_data": {}}, "user_data", "names no customer"),
        ({"action_source": ...}, "action_source", "action_source is missing"),
        ({"event_name": ...}, "event_name", "event_name is missing"),
        ({"custom_data": {"value": 5}}, "currency", "currency is missing"),
    ],
)
def test_what_is_wrong_is_named(sent, graph, changes, field, words):
    item, event = sent(sale(**changes))
    assert not item["success"]
    assert item["field"] == field
    assert words in item["error"]
    assert event is None


def test_what_the_task_says_outright_completes_an_event(sent):
    bare = {"user_data": {"em": "a@example.com"}, "custom_data": {"value": 3}}
    item, event = sent(bare, eventName="Lead", actionSource="phone_call", currency="GBP")
    assert item["success"]
    assert (event["event_name"], event["action_source"]) == ("Lead", "phone_call")
    assert event["custom_data"] == {"value": 3, "currency": "GBP"}
    assert NOW < event["event_time"] <= time.time()


def test_hashed_only_is_asked_of_these_too(sent):
    item, _ = sent(sale(user_data={"em": "a@example.com"}), isAlreadyHashed=True)
    assert (item["field"], item["reason"]) == ("user_data.em", "not_hashed")
    item, event = sent(sale(user_data={"em": sha("a@example.com").upper()}), isAlreadyHashed=True)
    assert event["user_data"]["em"] == [sha("a@example.com")]


def test_both_forms_may_stand_side_by_side(run, graph):
    events = [sale(), {"email": "b@example.com", "value": 3, "actionSource": "email"}, "neither"]
    result = run("send_batch_events", events=events)
    assert [item["success"] for item in result.items] == [True, True, False]
    assert len(graph.asked) == 1
    assert graph.asked[0].path == f"{DATASET}/events"
