"""The pure waist: what each hard rule does to a row, and what holds for every batch."""

import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raws import binding, raw

from importer.core.binding import Answers
from importer.core.model import PREPARED, SEPARATOR
from importer.core.preparation import Preparation
from importer.core.prepare import prepare
from importer.core.reasons import REASONS

NOW = 1_795_474_800  # 2026-11-23T23:00:00Z
FIELDS = (
    "order_id", "event_time", "value", "currency", "em", "ph", "fn", "ln", "ct", "st", "zp", "country", "ge", "db",
    "external_id", "lead_id", "event_name", "action_source", "event_source_url", "client_user_agent",
    "client_ip_address", "data_processing_options", "data_processing_options_country",
    "data_processing_options_state", "event_source", "lead_event_source",
)  # fmt: skip
GOOD = {
    "order_id": "1",
    "event_time": "2026-11-20T10:00:00Z",
    "value": "12.50",
    "currency": "EUR",
    "em": "ada@example.com",
}


def event_of(payload):
    return json.loads(payload.removesuffix(SEPARATOR))


def prepared(*rows, answers=None, **plan):
    names = [name for name in FIELDS if any(name in row for row in rows)]
    batch = raw({name: [row.get(name) for row in rows] for name in names})
    bound = binding(batch, columns={name: name for name in names}, **plan)
    return prepare(batch, Preparation(bound, answers or Answers(), NOW))


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({}, None, None),
        ({"event_time": None}, "missing_event_time", "event_time"),
        ({"event_time": "someday"}, "bad_event_time", "event_time"),
        ({"event_time": "2026-11-20 10:00:00"}, "needs_timezone", "event_time"),
        ({"event_time": "1795000000000"}, None, None),
        ({"event_time": "2026-09-22T23:05:00Z"}, "too_old", "event_time"),
        ({"event_time": "2026-09-22T23:15:00Z"}, None, None),
        ({"event_time": "2026-11-23T23:00:01Z"}, "in_future", "event_time"),
        ({"event_time": "2026-11-23T23:00:00Z"}, None, None),
        ({"action_source": "phone_call", "event_time": "2026-11-16T23:05:00Z"}, "too_old", "event_time"),
        ({"action_source": "phone_call", "event_time": "2026-11-16T23:15:00Z"}, None, None),
        ({"action_source": "shop"}, "bad_action_source", "action_source"),
        ({"action_source": "app"}, "unsupported_action_source", "action_source"),
        ({"action_source": "website"}, "website_incomplete", "event_source_url"),
        ({"action_source": "website", "event_source_url": "https://example.com", "client_user_agent": "Mozilla/5.0"}, None, None),
        ({"action_source": "website", "event_source_url": "https://example.com"}, None, None),
        ({"em": None}, "no_match_keys", "user_data"),
        ({"em": "n/a"}, "no_match_keys", "user_data"),
        ({"em": None, "ct": "Paris", "country": "FR", "zp": "75001", "st": "IDF", "ge": "f"}, "too_broad_keys", "user_data"),
        ({"em": None, "fn": "Ada", "ge": "f"}, "too_broad_keys", "user_data"),
        ({"em": None, "ln": "Love", "ge": "f"}, "too_broad_keys", "user_data"),
        ({"em": None, "db": "1990-06-15"}, "too_broad_keys", "user_data"),
        ({"em": None, "fn": "Ada", "ln": "Love"}, "weak_keys", "user_data"),
        ({"em": None, "external_id": "77"}, "weak_keys", "user_data"),
        ({"em": None, "ph": "+49 30 1234567"}, None, None),
        ({"em": None, "lead_id": "123456789012345"}, None, None),
        ({"em": None, "client_ip_address": "203.0.113.9", "client_user_agent": "Mozilla/5.0"}, None, None),
        ({"value": None}, "missing_value", "value"),
        ({"value": "twelve"}, "bad_value", "value"),
        ({"value": "0"}, "zero_value", None),
        ({"value": "-3"}, "negative_value", None),
        ({"currency": None}, "missing_currency", "currency"),
        ({"currency": "ABC"}, "bad_currency", "currency"),
        ({"event_name": "Lead", "value": None, "currency": None}, None, None),
        ({"event_name": "Lead", "value": "5", "currency": None}, "missing_currency", "currency"),
        ({"event_name": " purchase "}, None, None),
        ({"data_processing_options": "LDU", "data_processing_options_country": "1", "data_processing_options_state": "1000"}, None, None),
        ({"data_processing_options": "LDU", "data_processing_options_country": "1"}, "bad_data_processing_options", "data_processing_options"),
        ({"data_processing_options": "LDU", "data_processing_options_country": "2", "data_processing_options_state": "0"}, "bad_data_processing_options", "data_processing_options"),
        ({"data_processing_options": "none"}, "bad_data_processing_options", "data_processing_options"),
        ({"event_source": "crm"}, "bad_crm_event", "action_source"),
        ({"event_source": "crm", "action_source": "system_generated"}, "bad_crm_event", "lead_event_source"),
        ({"event_source": "crm", "action_source": "system_generated", "lead_event_source": "Zoho"}, None, None),
    ],
)  # fmt: skip
def test_each_rule_ends_its_row_with_field_and_reason(change, reason, field):
    row = prepared(GOOD | change, GOOD | {"order_id": "2"})
    assert (row.column("reason")[0].as_py(), row.column("field")[0].as_py()) == (reason, field)
    assert row.column("reason")[1].as_py() is None, "a row fails alone"
    assert (row.column("payload")[0].as_py() is None) == (reason is not None)


def test_a_website_event_without_the_browser_is_sent_with_a_warning():
    page = {"action_source": "website", "event_source_url": "https://example.com"}
    rows = prepared(
        GOOD | page,
        GOOD | page | {"order_id": "2", "client_user_agent": "Mozilla/5.0"},
        GOOD | {"order_id": "3", "action_source": "phone_call"},
    )
    assert rows.column("warnings").to_pylist() == ["client_user_agent:missing", None, None]
    alone = prepared(GOOD | page)
    assert alone.column("warnings").to_pylist() == ["client_user_agent:missing"]


def test_weak_keys_may_be_sent_when_the_schema_says_so():
    assert (
        prepared(GOOD | {"em": None, "fn": "A", "ln": "B"}, match={"minimum_keys": "meta"}).column("reason")[0].as_py()
        is None
    )


@pytest.mark.parametrize(
    ("told", "limited", "options"),
    [
        ({}, False, None),
        ({}, True, ["LDU"]),
        ({"data_processing_options": "[]"}, True, []),
        ({"data_processing_options": "[LDU]"}, False, ["LDU"]),
    ],
)
def test_limited_data_use_follows_the_row_then_the_option(told, limited, options):
    row = prepared(GOOD | told, answers=Answers(limited_data_use=limited))
    event = event_of(row.column("payload")[0].as_py())
    assert event.get("data_processing_options") == options
    assert ("data_processing_options_country" in event) == (options == ["LDU"])


@pytest.mark.parametrize(
    ("written", "sent", "warning"),
    [
        ("purchase", "Purchase", "event_name:case"),
        ("Purchse", "Purchse", "event_name:near_standard"),
        ("Store Visit", "Store Visit", None),
    ],
)
def test_event_names_are_put_in_metas_case(written, sent, warning):
    row = prepared(GOOD | {"event_name": written})
    assert row.column("event_name")[0].as_py() == sent
    assert row.column("warnings")[0].as_py() == warning


def test_a_date_alone_without_an_order_number_is_sent_with_a_warning():
    row = prepared(GOOD | {"order_id": None, "event_time": "2026-11-20"}, answers=Answers(zone="Europe/Berlin"))
    assert "event_time:date_only_no_order" in row.column("warnings")[0].as_py()
    assert row.column("event_time")[0].as_py() == 1_795_129_200


def test_several_mails_of_one_person_are_a_list():
    batch = raw(
        {
            "id": ["1"],
            "date": ["2026-11-20T10:00:00Z"],
            "total": ["5"],
            "cur": ["EUR"],
            "a": ["x@example.com"],
            "b": ["y@example.com"],
        }
    )
    columns = {"order_id": "id", "event_time": "date", "value": "total", "currency": "cur", "em": {"all": ["a", "b"]}}
    row = prepare(batch, Preparation(binding(batch, columns=columns), Answers(), NOW))
    assert len(event_of(row.column("payload")[0].as_py())["user_data"]["em"]) == 2


CELLS = (
    st.none()
    | st.sampled_from(
        ["1", "2", "2026-11-20T10:00:00Z", "12.50", "-1", "EUR", "a@example.com", "+49301234567", "f", "US"]
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
LAYOUTS = [
    {"rows": "orders"},
    {"rows": "lines", "total": "once"},
    {"rows": "lines", "total": "sum"},
    {"rows": "lines", "blank_key": True},
]


@settings(max_examples=60)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, CELLS)), min_size=1, max_size=6), st.sampled_from(LAYOUTS))
def test_whatever_the_cells_rows_in_are_rows_out_and_each_is_explained(rows, layout):
    out = prepared(*rows, orders=layout, answers=Answers(zone="UTC", country="us"))
    assert out.schema.equals(PREPARED)
    assert out.column("row").to_pylist() == list(range(1, len(rows) + 1))
    for row in out.to_pylist():
        if row["status"] is None:
            assert row["reason"] is None
            assert row["key"] is not None
        else:
            assert row["reason"] in REASONS
            assert row["payload"] is None
        if row["payload"]:
            assert set(event_of(row["payload"])) >= {
                "event_name",
                "event_time",
                "event_id",
                "action_source",
                "user_data",
            }


def test_without_bodies_the_verdicts_are_the_same():
    batch = raw(
        {
            "id": ["1", "2", "3"],
            "date": ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z", "bad"],
            "total": ["5", "0", "7"],
            "mail": ["a@b.com", "c@d.com", None],
        }
    )
    columns = {"order_id": "id", "event_time": "date", "value": "total", "em": "mail"}
    told = Preparation(binding(batch, columns=columns), Answers(currency="EUR"), NOW)
    whole, outlined = prepare(batch, told), prepare(batch, told, bodies=False)
    assert outlined.column("payload").is_valid().equals(whole.column("payload").is_valid())
    rest = [name for name in whole.schema.names if name != "payload"]
    assert outlined.select(rest).equals(whole.select(rest))


def test_a_column_of_nonsense_for_action_sources_is_one_reason():
    count = 3_000
    cells = {"id": [str(n) for n in range(count)], "total": ["5"] * count, "mail": ["a@b.com"] * count}
    batch = raw(cells | {"date": ["2026-11-20T10:00:00Z"] * count, "where": [f"till {n}" for n in range(count)]})
    columns = {"order_id": "id", "event_time": "date", "value": "total", "em": "mail", "action_source": "where"}
    told = Preparation(binding(batch, columns=columns), Answers(currency="EUR"), NOW)
    assert set(prepare(batch, told).column("reason").to_pylist()) == {"bad_action_source"}


@pytest.mark.parametrize(("written", "plain"), [("1001.0", "1001"), ('="A-7"', "A-7"), ("7,0", "7")])
@pytest.mark.parametrize("bodies", [True, False])
def test_an_id_written_otherwise_than_plain_is_looked_up_as_earlier_versions_kept_it_too(written, plain, bodies):
    columns = {name: name for name in GOOD}
    batch = raw({name: [cell, GOOD[name]] for name, cell in (GOOD | {"order_id": written}).items()})
    rows = prepare(batch, Preparation(binding(batch, columns=columns), Answers(), NOW), bodies=bodies)
    key, old_key = (sha256(f"Purchase\x1f{text}\x1f".encode()).digest()[:16] for text in (plain, written))
    assert rows["order_id"].to_pylist() == [plain, GOOD["order_id"]]
    assert rows["key"][0].as_py() == key
    assert rows["old_key"].to_pylist() == [old_key, None]
