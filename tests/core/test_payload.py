import json
from decimal import Decimal
from hashlib import sha256

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.hashing import hash_batch, hash_texts
from importer.core.model import MONEY, SEPARATOR, Hashed, Normal
from importer.core.payload import build
from importer.core.sale_identity import identity


def events(*rows: dict) -> Hashed:
    text = (
        "event_name",
        "action_source",
        "currency",
        "order_id",
        "item_number",
        "items",
        "event_source",
        "lead_event_source",
    )
    defaults = {"event_name": "Purchase", "action_source": "physical_store", "currency": "EUR"}
    columns = {name: pa.array([row.get(name, defaults.get(name)) for row in rows], pa.string()) for name in text}
    columns["event_time"] = pa.array([row.get("event_time", 1_790_000_000) for row in rows], pa.int64())
    columns["value"] = pa.array([Decimal(row.get("value", "9.90")) for row in rows], MONEY)
    for name in ("em", "ct", "lead_id"):
        columns[name] = pa.array([row.get(name, []) for row in rows], pa.list_(pa.string()))
    for name in {key for row in rows for key in row} - set(columns):
        columns[name] = pa.array([row.get(name) for row in rows], pa.string())
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    return hash_batch(Normal(batch), raw_external_id=False)


def _hash(text):
    return hash_texts(pa.array([text]))[0].as_py()


def payloads(*rows: dict):
    batch = events(*rows)
    known = identity(batch)
    built = known | build(batch, known["event_id"], pa.nulls(len(rows), pa.string()))
    return [json.loads(text.removesuffix(SEPARATOR)) for text in built["payload"].to_pylist()], built


def test_a_payload_is_the_event_that_meta_documents():
    [event], built = payloads(
        {"order_id": "#1", "em": ["a@b.c", "d@e.f"], "items": '{"id":"A","quantity":2}', "lead_id": ["123456789012345"]}
    )
    assert event == {
        "event_id": built["event_id"][0].as_py(),
        "event_name": "Purchase",
        "event_time": 1_790_000_000,
        "action_source": "physical_store",
        "user_data": {"em": [_hash("a@b.c"), _hash("d@e.f")], "lead_id": 123456789012345},
        "custom_data": {
            "value": 9.9,
            "currency": "EUR",
            "order_id": "#1",
            "contents": [{"id": "A", "quantity": 2}],
            "content_type": "product",
        },
    }
    assert built["match_keys"].to_pylist() == ["em+lead_id"]


def test_hashes_are_sha256_of_utf8_and_hashed_values_stay():
    assert _hash("müller") == sha256("müller".encode()).hexdigest()
    assert _hash("a" * 64) == "a" * 64


def test_keys_follow_from_name_order_and_item_number_alone():
    _, built = payloads(
        {"order_id": "1", "value": "5"},
        {"order_id": "1", "value": "7", "em": ["x@y.z"]},
        {"order_id": "1", "item_number": "2"},
        {"order_id": "2"},
        {"order_id": "1", "event_name": "Lead"},
    )
    keys = built["key"].to_pylist()
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4
    assert all(len(key) == 16 for key in keys)


def test_without_an_order_id_the_content_was_the_key_of_earlier_versions():
    _, built = payloads({"em": ["a@b.c"]}, {"em": ["a@b.c"]}, {"em": ["a@b.c"], "ct": ["x"]}, {"order_id": "1"})
    keys = built["body_key"].to_pylist()
    assert keys[0] == keys[1] != keys[2]
    assert keys[3] is None
    content = (
        '"event_name":"Purchase","event_time":1790000000,"action_source":"physical_store",'
        f'"user_data":{{"em":["{_hash("a@b.c")}"]}},"custom_data":{{"value":9.9,"currency":"EUR"}}'
    )
    assert keys[0] == sha256(content.encode()).digest()[:16]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("content_ids", "A|B", ["A", "B"]),
        ("content_ids", "A, B", ["A", "B"]),
        ("content_ids", "['A','B']", ["A", "B"]),
        ("content_ids", "A;B", ["A", "B"]),
        ("content_ids", "A\nB", ["A", "B"]),
        ("content_ids", '["A", 2, null]', ["A", "2"]),
        ("content_ids", "{A,B}", ["A", "B"]),
        ("content_ids", '[{"id": "A", "quantity": 2}, {"id": "B"}]', ["A", "B"]),
        ("content_ids", "A-1", ["A-1"]),
        ("content_ids", " ", None),
        ("num_items", "3", 3),
        ("num_items", "3.0", 3),
        ("num_items", "three", None),
        ("content_type", "Product_Group", "product_group"),
        ("content_type", "thing", None),
        ("delivery_category", "in_store", "in_store"),
        ("delivery_category", "drone", None),
        ("content_name", 'A "B" \\ \n', 'A "B" \\ \n'),
    ],
)
def test_custom_data_takes_only_what_meta_takes(field, value, expected):
    [event], _ = payloads({"order_id": "1", field: value})
    assert event["custom_data"].get(field) == expected


def test_what_meta_does_not_take_is_told():
    _, built = payloads({"content_type": "thing"}, {"content_type": "product"})
    assert built["payload_warnings"].to_pylist() == ["content_type:dropped", None]


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_any_text_gives_valid_json(order_id, name):
    [event], _ = payloads({"order_id": order_id, "event_name": name, "custom:shop": order_id})
    assert event["custom_data"]["order_id"] == order_id
    assert event["custom_data"]["shop"] == order_id
    assert event["event_name"] == name


def test_the_same_row_gives_the_same_bytes_whatever_stands_beside_it():
    alone, _ = payloads({"order_id": "1", "em": ["a@b.c"]})
    beside, _ = payloads({"order_id": '"', "ct": ["x"]}, {"order_id": "1", "em": ["a@b.c"]})
    assert alone[0] == beside[1]


def test_thousands_of_events_are_written_as_each_is_alone():
    rows = [
        {
            "order_id": f"{place * 37}" if place % 5 else None,
            "value": f"{place}.{place % 100:02}",
            "em": [f"{place}@b.c", "d@e.f"][: place % 3],
            "ct": ["x"] if place % 4 else [],
            "content_name": "name " * (place % 9) or None,
        }
        for place in range(5_000)
    ]
    _, built = payloads(*rows)
    for place in (0, 1, 2, 3, 7, 2_047, 2_048, 4_095, 4_096, 4_998, 4_999):
        _, alone = payloads(rows[place])
        for name in ("key", "event_id", "payload", "match_keys"):
            assert built[name][place].as_py() == alone[name][0].as_py(), (place, name)


def test_external_ids_may_stay_clear():
    batch = pa.RecordBatch.from_pydict(
        {name: events({"order_id": "1"}, {"order_id": "2"}).column(name) for name in events({}).schema.names}
        | {"external_id": pa.array([['a"b', "c"], ["d"]], pa.list_(pa.string()))}
    )
    hashed = hash_batch(Normal(batch), raw_external_id=True)
    built = build(hashed, identity(hashed)["event_id"], pa.nulls(2, pa.string()), raw_external_id=True)
    found = [
        json.loads(text.removesuffix(SEPARATOR))["user_data"]["external_id"] for text in built["payload"].to_pylist()
    ]
    assert found == [['a"b', "c"], ["d"]]


def test_an_event_keeps_the_id_that_its_source_names():
    (own, derived), built = payloads({"order_id": "1", "event_id": 'web"7'}, {"order_id": "2"})
    assert own["event_id"] == 'web"7'
    assert derived["event_id"] == built["key"][1].as_py().hex()
    assert built["event_id"].to_pylist() == ['web"7', derived["event_id"]]


def test_members_without_a_column_stand_where_they_belong():
    more = {"event_members": '"referrer_url":"https://a.example"', "custom_members": '"gift":true,"tags":["a","b"]'}
    (event, plain), _ = payloads({"order_id": "1", **more}, {"order_id": "2"})
    assert event["referrer_url"] == "https://a.example"
    assert event["custom_data"]["gift"] is True
    assert event["custom_data"]["tags"] == ["a", "b"]
    assert "referrer_url" not in plain
    assert "gift" not in plain["custom_data"]
