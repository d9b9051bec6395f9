"""No person leaves in clear: e-mails and phones in order ids are hashed, in other clear-text fields left out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from pathlib import Path

import pytest

import importer
from importer.core.cells.people_in_text import has_email, has_person
from importer.core.clear_text import without_person
from importer.graph.client import GraphClient
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

NOW = "2026-11-23T23:00:00Z"
WHEN = "2026-11-20T10:00:00Z"
HEAD = ["id", "mail", "tel", "when", "total", "cur", "land", "search", "sub", "page", "what", "till"]
PLAIN = [
    "1001",
    "ada@example.com",
    "0151 23456789",
    WHEN,
    "12.50",
    "EUR",
    "DE",
    "red shoes",
    "s-1",
    "",
    "Purchase",
    "2",
]
SCHEMA = """
name = "mine"
[columns]
order_id = "id"
em = "mail"
ph = "tel"
event_time = "when"
value = "total"
currency = "cur"
country = "land"
search_string = "search"
subscription_id = "sub"
event_source_url = "page"
event_name = "what"
[custom]
till = "till"
"""


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(SCHEMA, encoding="utf-8")


def sent(*rows: dict[str, str], command=importer.send) -> tuple[list[dict], list[dict], str]:
    """The events as the sandbox took them, the report's rows, and the report's text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for changes in rows:
        writer.writerow([changes.get(name, value) for name, value in zip(HEAD, PLAIN, strict=True)])
    Path("sales.csv").write_text(text.getvalue(), encoding="utf-8")
    graph = Sandbox(SandboxOptions())
    bodies = []
    with serve(graph) as running:
        post = GraphClient.post_events

        async def keep(self, dataset, body):
            bodies.append(bytes(body))
            return await post(self, dataset, body)

        GraphClient.post_events = keep
        try:
            summary = command(
                "sales.csv",
                schema="mine.toml",
                dataset="1001",
                token="t",
                graph_url=running.url,
                now=NOW,
                report="r.csv",
                ledger="l.db",
            )
        finally:
            GraphClient.post_events = post
    events = [event for body in bodies for event in json.loads(body)["data"]]
    report = Path(summary.report).read_text(encoding="utf-8")
    return events, list(csv.DictReader(io.StringIO(report))), report


OWN = [
    "ada@example.com",
    "Ada@Example.com",
    "#7 ada@example.com",
    "0151 23456789",
    "015123456789",
    "+4915123456789",
    "004915123456789",
    "49-151-23456789",
    "15123456789",
]
OTHERS = [
    "1001",
    "A-1001",
    "#1001",
    "0151 23456780",
    "+4915199999999",
    "4915123456780",
    "A@1",
    "user@host",
    "23456789",
    "2026-11-20",
    "1234567",
]


@pytest.mark.parametrize("order_id", OWN)
@pytest.mark.parametrize("value", ["12.50", "0"])
def test_an_order_id_that_is_a_person_is_hashed_and_never_shown(here, order_id: str, value: str) -> None:
    events, rows, report = sent({"id": order_id, "total": value})
    assert order_id not in report
    assert order_id not in json.dumps(events)
    assert rows[0]["order_id"] == sha(order_id.strip("'"))
    if value != "0":
        assert events[0]["custom_data"]["order_id"] == sha(order_id)
        assert "order_id:hashed" in rows[0]["warnings"]
        _, rows, _ = sent({"id": order_id}, {"id": order_id})
        assert [row["status"] for row in rows] == ["accepted", "duplicate"]


def test_the_name_of_a_deal_ties_its_rows_together_and_never_leaves_in_clear(here) -> None:
    name, other = "Ada Lovelace - renewal", "Deal 7"
    Path("mine.toml").write_text(SCHEMA + '[orders]\nrows = "lines"\nby_name = true\n', encoding="utf-8")
    rows = [{"id": name}, {"id": name, "mail": "bo@example.com"}, {"id": other, "total": "0"}, {"id": ""}]
    events, lines, report = sent(*rows)
    assert {event["custom_data"].get("order_id") for event in events} == {sha(name), None}
    assert [line["order_id"] for line in lines] == [sha(name), sha(name), sha(other), ""]
    assert "order_id:hashed" in lines[0]["warnings"]
    assert "order_id:hashed" not in lines[3]["warnings"]
    assert "Lovelace" not in report
    assert other not in report


@pytest.mark.parametrize("order_id", OTHERS)
def test_another_order_id_is_never_touched(here, order_id: str) -> None:
    events, rows, _ = sent({"id": order_id})
    assert events[0]["custom_data"]["order_id"] == rows[0]["order_id"].removeprefix("'") == order_id
    assert not rows[0]["warnings"]


def test_the_key_in_the_ledger_is_that_of_the_id_itself(here) -> None:
    _, (hashed,), _ = sent({"id": "ada@example.com"})
    key = hashlib.sha256(b"Purchase\x1fada@example.com\x1f").hexdigest()[:32]
    assert hashed["event_id"] == key


PEOPLE = [
    "ada@example.com",
    "for Ada <ada@example.com>",
    "ada%40example.com",
    "mail=ada&#64;example.com",
    "\uff41da\uff20example.com",
    "call +49 151 23456789",
    "+1 (415) 555-2671",
    "%2B4915123456789",
    "j\u00f6rg@m\u00fcller.example",
]


@pytest.mark.parametrize("text", PEOPLE)
@pytest.mark.parametrize(
    ("column", "field"), [("search", "search_string"), ("till", "till"), ("sub", "subscription_id")]
)
def test_a_person_in_a_clear_field_is_left_out(here, text: str, column: str, field: str) -> None:
    events, rows, report = sent({column: text})
    assert rows[0]["warnings"] == f"{field}:person"
    assert text not in report
    assert field not in events[0]["custom_data"]
    assert field not in events[0]["user_data"]
    assert rows[0]["status"] == "accepted"


INNOCENT = [
    "red+shoes 12345678",
    "logo@2x.png",
    "C++ 11",
    "2+2",
    "@ada",
    "GMT+02:00",
    "a@b",
    "10 @ 1.50",
    "+1",
    "size +12",
    "order 1234567890",
]


@pytest.mark.parametrize("text", INNOCENT)
@pytest.mark.parametrize(("column", "field"), [("search", "search_string"), ("till", "till")])
def test_other_text_is_sent_as_it_is(here, text: str, column: str, field: str) -> None:
    events, rows, _ = sent({column: text})
    assert events[0]["custom_data"][field] == text
    assert not rows[0]["warnings"]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://shop.example/a?x=1&mail=ada%40example.com&y=2", "https://shop.example/a?x=1&y=2"),
        ("https://shop.example/a?m=ada@example.com", "https://shop.example/a"),
        ("https://shop.example/a?p=%2B4915123456789", "https://shop.example/a"),
        ("https://shop.example/ada@example.com/x?y=1", "https://shop.example/?y=1"),
        ("https://shop.example/a#ada@example.com", "https://shop.example/a"),
        ("https://ada@example.com/a", "https://example.com/a"),
        ("https://shop.example/@ada?q=red+shoes", "https://shop.example/@ada?q=red+shoes"),
    ],
)
def test_of_a_page_only_the_part_with_the_person_is_left_out(here, address: str, kept: str) -> None:
    assert without_person(address) == kept
    events, rows, _ = sent({"page": address})
    assert events[0]["event_source_url"] == kept
    assert rows[0]["warnings"] == ("" if address == kept else "event_source_url:person")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "shop.example", "ftp://shop.example", "https://", "data:,x"]
)
def test_a_page_that_is_no_web_address_is_left_out(here, address: str) -> None:
    events, rows, _ = sent({"page": address})
    assert "event_source_url" not in events[0]
    assert rows[0]["warnings"] == "event_source_url:dropped"


def test_an_event_named_after_a_person_is_not_sent(here) -> None:
    events, rows, report = sent({"what": "Lead ada@example.com"}, {"id": "1002"})
    assert [row["status"] for row in rows] == ["invalid", "accepted"]
    assert "ada@" not in report + json.dumps(events)


def test_a_single_event_is_held_to_the_same() -> None:
    event = {
        "event_name": "Purchase",
        "event_time": WHEN,
        "event_id": "ada@example.com",
        "action_source": "website",
        "event_source_url": "https://shop.example/a?m=ada@example.com",
        "referrer_url": "https://shop.example/b?m=ada@example.com",
        "original_event_data": {"event_name": "Lead", "order_id": "ada@example.com"},
        "user_data": {"em": "ada@example.com", "client_user_agent": "Mozilla/5.0", "anon_id": "ada@example.com"},
        "custom_data": {
            "value": 5, "currency": "EUR", "order_id": "ada@example.com", "search_string": "ada@example.com",
            "note": {"for": ["ada@example.com", "red"]}, "ada@example.com": 1,
            "contents": [{"id": "ada@example.com", "quantity": 1, "title": "for ada@example.com"}, {"id": "2", "quantity": 1}],
        },
    }  # fmt: skip
    item = importer.event(event, dry_run=True, now=NOW).items[0]
    assert item["success"], item
    shown = json.dumps(item)
    assert "ada@" not in shown
    payload = item["payload"]
    assert payload["custom_data"]["order_id"] == sha("ada@example.com")
    assert payload["original_event_data"] == {"event_name": "Lead", "order_id": sha("ada@example.com")}
    assert payload["custom_data"]["note"] == {"for": ["red"]}
    assert payload["custom_data"]["contents"] == [
        {"id": sha("ada@example.com"), "quantity": 1},
        {"id": "2", "quantity": 1},
    ]
    assert payload["event_source_url"] == "https://shop.example/a"
    told = {f"{one['field']}:{one['code']}" for one in item["warnings"]}
    assert {"order_id:hashed", "search_string:person", "anon_id:person", "event_id:person", "contents:person"} <= told


@pytest.mark.parametrize("letter", ["a", "@", "+", "1", "a@", "+1", ".", "a.", "%40", "&#64;", " "])
def test_looking_for_people_takes_no_longer_than_the_text_is_long(letter: str) -> None:
    text = letter * (1_000_000 // len(letter))
    began = time.perf_counter()
    has_email(text)
    has_person(text)
    assert time.perf_counter() - began < 8
