"""What an input may hold, and how what it may not hold is reported."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import importer
from importer.actor.meta_events import MetaEvent
from importer.actor.parameters import TASKS, Event

MAIL = {"task": "validate_event", "email": "ada@example.com", "actionSource": "email", "value": 5}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"emial": "x"}, ["emial is not a parameter; did you mean email?"]),
        ({"colour": "red", "shape": 3}, ["colour is not a parameter", "shape is not a parameter"]),
        ({"email": 5}, ["email must be text, not a number"]),
        ({"email": ["a@example.com"]}, ["email must be text, not a list"]),
        ({"value": True}, ["value must be a number such as 12.50, not true or false"]),
        ({"value": {"amount": 5}}, ["value must be a number such as 12.50, not an object"]),
        ({"isAlreadyHashed": "yes"}, ["isAlreadyHashed must be true or false, not text"]),
        ({"demoMode": "false"}, ["demoMode must be true or false, not text"]),
        ({"eventTime": [1]}, ["eventTime must be ISO 8601 text or Unix seconds, not a list"]),
        ({"contentIds": 5}, ["contentIds must be text with commas, or a list of texts, not a number"]),
        ({"events": 5}, ["events must be a list of events"]),
        ({"task": "send"}, ["task must be one of send_event"]),
        ({"task": 5}, ["task must be one of"]),
        ({"pixelId": 123}, ["pixelId must be text"]),
        ({"email": "\ud800@example.com"}, ["email holds half a character"]),
        ({"email": 1, "city": 2, "value": []}, ["email must", "city must", "value must"]),
        ({f"unknown{number}": 1 for number in range(9)}, ["And 4 more."]),
    ],
)
def test_each_wrong_parameter_is_named_with_what_it_takes(change, words):
    result = importer.task(MAIL | change)
    (item,) = result.items
    assert (item["success"], result.exit_code) == (False, 2)
    for some in words:
        assert some in item["error"]


def test_values_are_never_quoted():
    result = importer.task({**MAIL, "phone": ["+49 170 1234567"], "value": {"secret": 1}, "accessToken": 5})
    assert "1234567" not in json.dumps(result.as_json())
    assert "secret" not in json.dumps(result.as_json())


@pytest.mark.parametrize("identifier", ["orderId", "externalId", "phone", "zipCode"])
def test_identifiers_may_be_numbers(identifier):
    result = importer.task(MAIL | {identifier: 16505551212})
    assert result.success, result.items[0]


@pytest.mark.parametrize("value", [5, 5.0, "5", "5.00", "5.000000"])
def test_amounts_are_the_same_however_they_are_written(value):
    (item,) = importer.task(MAIL | {"value": value}).items
    assert item["payload"]["custom_data"]["value"] == 5


def test_amounts_and_products_keep_their_form():
    (item,) = importer.task(MAIL | {"value": 1234.5, "contentIds": ["a,b", 7], "orderId": "00012"}).items
    assert item["payload"]["custom_data"] == {
        "value": 1234.5,
        "currency": "USD",
        "order_id": "00012",
        "content_ids": ["a,b", "7"],
        "content_type": "product",
    }


def test_a_repr_shows_no_customer_and_no_token():
    event = Event(email="ada@example.com", phone="+1650", value=5, external_id=77)
    assert repr(event) == "Event(email=***, phone=***, external_id=***, value=5)"
    assert str(event) == "email=*** phone=*** external_id=*** value=5"
    with pytest.raises(ValidationError) as raised:
        Event(email=["ada@example.com"])
    assert "ada" not in str(raised.value)


def test_an_event_is_made_once():
    event = Event(email="ada@example.com")
    with pytest.raises(ValidationError):
        event.email = "bo@example.com"
    with pytest.raises(ValidationError, match="emial"):
        Event(emial="ada@example.com")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([*(field.alias for field in Event.model_fields.values()), *MetaEvent.model_fields])


@given(st.lists(st.dictionaries(NAMES, JSON, max_size=5), min_size=1, max_size=4))
@settings(max_examples=150)
def test_whatever_an_item_holds_it_has_its_own_result(events):
    result = importer.task({"task": "validate_event", "events": [MAIL_ITEM, *events]})
    assert len(result.items) == len(events) + 1
    assert result.items[0]["success"]
    assert all(item["success"] or item["error"] for item in result.items)
    json.dumps(result.as_json())


MAIL_ITEM = {name: value for name, value in MAIL.items() if name != "task"}


@pytest.mark.parametrize("task", TASKS)
def test_every_task_of_the_actor_runs_as_a_demonstration(task):
    more = {"testEventCode": "T1", "events": [MAIL_ITEM]} if task in ("test_event", "send_batch_events") else {}
    result = importer.task({**MAIL, "task": task, **more})
    assert result.success, result.items
    assert {item["task"] for item in result.items} == {task}


def test_input_files_are_read_and_their_errors_reported(tmp_path):
    path = tmp_path / "input.json"
    path.write_text("\ufeff" + json.dumps(MAIL), encoding="utf-8")
    assert importer.task(path).success
    for content, words in (
        (b'{"a":', "not valid JSON; look at line 1"),
        (b"[]", "must be a JSON object"),
        (b"\xff", "not valid JSON"),
    ):
        path.write_bytes(content)
        assert words in importer.task(path).items[0]["error"]
        assert words in importer.task(content).items[0]["error"]
    assert importer.task(json.dumps(MAIL).encode()).success
    assert "cannot be read" in importer.task(tmp_path / "none.json").items[0]["error"]
