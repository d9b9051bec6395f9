"""Each rule of docs/rules.md, from one table: shown enforced by file and by single event, or said why only by one.

A case is a sale with one thing changed, and what becomes of it: a status with its reason, or a warning; `gone` is the
member that is then not in the event. All cases go to the sandbox, which refuses nothing that is sent to it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fake_graph import DATASET, TOKEN, FakeGraph
from pyarrow import csv as pacsv
from pyarrow import parquet as pq

import importer
from importer.actor import target
from importer.commands import send as run
from importer.core.reasons import REASONS, WARNINGS
from importer.errors import AccessError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve, unavailable

PAGE = Path(__file__).resolve().parents[1] / "docs" / "rules.md"
NOW, CLOCK = "2026-11-23T23:00:00Z", 1_795_474_800
DAY = 86_400
WHEN = CLOCK - 2 * DAY
SHA = hashlib.sha256(b"grace@example.com").hexdigest()
OF_NOTHING = hashlib.sha256(b"").hexdigest()

# ---------------------------------------------------------------------- a sale, as a row and as an event

HEADERS = [
    "order_id",
    "event_time",
    "em",
    "ph",
    "ct",
    "country",
    "madid",
    "fbc",
    "fbp",
    "fbclid",
    "lead_id",
    "anon_id",
    "subscription_id",
    "client_user_agent",
    "value",
    "currency",
    "action_source",
    "event_name",
    "event_source_url",
    "search_string",
    "content_type",
    "delivery_category",
    "num_items",
    "data_processing_options",
    "data_processing_options_country",
    "data_processing_options_state",
    "event_source",
    "lead_event_source",
    "sku",
    "quantity",
    "price",
    "item_delivery",
    "segment",
    "store",
    "state_of_order",
]
ITEMS = {"sku": "id", "quantity": "quantity", "price": "item_price", "item_delivery": "delivery_category"}
CUSTOM = {"segment": "customer_segmentation", "store": "store_data", "state_of_order": "status"}
ROW = {
    "event_time": str(WHEN),
    "em": "ada@example.com",
    "value": "12.50",
    "currency": "EUR",
    "action_source": "physical_store",
    "event_name": "Purchase",
}
SCHEMA = f"""
name = "rules"
[columns]
{"".join(f'{name} = "{name}"' + chr(10) for name in HEADERS if name not in ITEMS | CUSTOM)}
[items]
{"".join(f'{field} = "{name}"' + chr(10) for name, field in ITEMS.items())}
[custom]
{"".join(f'{field} = "{name}"' + chr(10) for name, field in CUSTOM.items())}
[orders]
rows = "lines"
"""
META = {
    "event_name": "Purchase",
    "event_time": WHEN,
    "action_source": "physical_store",
    "user_data": {"em": "ada@example.com"},
    "custom_data": {"value": 12.5, "currency": "EUR"},
}
PARAMETERS = {
    "email": "ada@example.com",
    "value": 12.5,
    "currency": "EUR",
    "eventTime": WHEN,
    "actionSource": "physical_store",
}


@dataclass(frozen=True)
class Case:
    """A change to the sale, and what becomes of it.

    told: `status reason`, or a warning `field:code`. gone: a member that is not in the event, steps joined by dots.
    """

    change: Mapping[str, Any]
    told: str
    gone: str = ""


def row(told: str, gone: str = "", **change: Any) -> Case:
    """A row with these cells."""
    return Case(change, told, gone)


def event(told: str, gone: str = "", **change: Any) -> Case:
    """An event of the actor's parameters; what is None is left out."""
    return Case({name: value for name, value in (PARAMETERS | change).items() if value is not None}, told, gone)


def meta(told: str, gone: str = "", user: Any = (), custom: Any = (), **change: Any) -> Case:
    """An event as Meta documents it."""
    whole = META | {"user_data": META["user_data"] | dict(user), "custom_data": META["custom_data"] | dict(custom)}
    return Case({name: value for name, value in (whole | change).items() if value is not None}, told, gone)


Shown = Sequence[Case] | Callable[[Path, pytest.MonkeyPatch], None] | str
"""Cases, a function that shows the rule, or why it can only be shown the other way."""


@dataclass(frozen=True)
class Rule:
    file: Shown
    event: Shown
    more: frozenset[str] = field(default_factory=frozenset)
    """Codes that the functions show."""


# ---------------------------------------------------------------------- rules of more than one sale


def write(*rows: Mapping[str, Any]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    writer.writerows([[{**ROW, **one}.get(name, "") for name in HEADERS] for one in rows])
    Path("sales.csv").write_text(text.getvalue(), encoding="utf-8")
    Path("rules.toml").write_text(SCHEMA, encoding="utf-8")
    return "sales.csv"


def send(url: str, name: str, **options: Any) -> list[dict[str, str]]:
    given = {"dataset": "1001", "token": "any", "schema": "rules.toml", "now": NOW, "report": "report.csv"}
    done = importer.send(name, graph_url=url, online_sales="send", **{"ledger": "ledger.db", **given, **options})
    with Path(done.report).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def send_events(url: str, *events: Mapping[str, Any], **options: Any) -> list[dict[str, Any]]:
    return list(importer.event(*events, dataset="1001", token="any", graph_url=url, now=NOW, **options).items)


def sandbox(**options: Any) -> Sandbox:
    return Sandbox(SandboxOptions(**options), clock=lambda: CLOCK)


def posted(graph: Sandbox) -> list[int]:
    return [one.events for one in graph.log() if one.method == "POST"]


def requests_of_a_file_have_1_to_1000_events(_here: Path, _patch: pytest.MonkeyPatch) -> None:
    graph = sandbox()
    with serve(graph) as running:
        send(running.url, write(*({"order_id": str(number)} for number in range(1_001))))
        send(running.url, write({"value": "0"}))
    assert sorted(posted(graph)) == [1, 1_000]


def requests_of_events_have_1_to_1000(_here: Path, _patch: pytest.MonkeyPatch) -> None:
    graph = sandbox()
    with serve(graph) as running:
        send_events(running.url, *(PARAMETERS | {"orderId": str(number)} for number in range(1_001)))
        send_events(running.url, PARAMETERS | {"email": ""})
    assert sorted(posted(graph)) == [1, 1_000]


def later_after_the_first_request(graph: Sandbox) -> Callable[[object], Callable[[], float]]:
    """A clock that goes on by an hour while the first request fails."""
    return lambda _now: lambda: CLOCK + (3_600 if posted(graph) else 0)


ALMOST_TOO_OLD = CLOCK - 7 * DAY + 600 + 60


def a_row_that_grew_too_old_is_not_sent(_here: Path, patch: pytest.MonkeyPatch) -> None:
    graph = sandbox(refuse=(lambda asked: unavailable() if "/events" in asked.path else None,))
    patch.setattr(run, "clock_from", later_after_the_first_request(graph))
    with serve(graph) as running:
        [line] = send(running.url, write({"event_time": ALMOST_TOO_OLD, "action_source": "email"}))
    assert (line["status"], line["reason"]) == ("unsent", "expired_waiting")
    assert len(posted(graph)) == 1


def an_event_that_grew_too_old_is_not_sent(_here: Path, patch: pytest.MonkeyPatch) -> None:
    graph = sandbox(refuse=(lambda asked: unavailable() if "/events" in asked.path else None,))
    patch.setattr(target, "clock_from", later_after_the_first_request(graph))
    with serve(graph) as running:
        [item] = send_events(running.url, PARAMETERS | {"eventTime": ALMOST_TOO_OLD, "actionSource": "email"})
    assert item["reason"] == "expired_waiting"
    assert len(posted(graph)) == 1


def a_row_of_a_test_says_so(_here: Path, _patch: pytest.MonkeyPatch) -> None:
    graph = sandbox()
    with serve(graph) as running:
        send(running.url, write({"order_id": "1"}))
        assert graph.summary().test_events == 0
        [line] = send(running.url, write({"order_id": "2"}), test_event_code="TEST1")
    assert graph.summary().test_events == 1
    assert line["status"] == "accepted"


def an_event_of_a_test_says_so(_here: Path, _patch: pytest.MonkeyPatch) -> None:
    graph = sandbox()
    with serve(graph) as running:
        send_events(running.url, PARAMETERS)
        assert graph.summary().test_events == 0
        [item] = send_events(running.url, PARAMETERS, test_event_code="TEST1")
    assert graph.summary().test_events == 1
    assert [warning["code"] for warning in item["warnings"]] == ["test_event"]


def the_same_row_is_the_same_event(_here: Path, _patch: pytest.MonkeyPatch) -> None:
    graph = sandbox()
    with serve(graph) as running:
        for ledger in ("one.db", "two.db"):
            send(running.url, write({"order_id": "1", "ph": "+1 202 555 0133"}), ledger=ledger)
    one, two = graph.events("1001")
    assert json.dumps(one) == json.dumps(two)


def the_same_event_is_the_same(_here: Path, _patch: pytest.MonkeyPatch) -> None:
    graph = sandbox()
    with serve(graph) as running:
        for _ in range(2):
            send_events(running.url, PARAMETERS)
    one, two = graph.events("1001")
    assert json.dumps(one) == json.dumps(two)


def what_was_accepted_is_a_duplicate(_here: Path, _patch: pytest.MonkeyPatch) -> None:
    graph = sandbox()
    with serve(graph) as running:
        lines = [send(running.url, write({"order_id": "1"}))[0] for _ in range(2)]
    assert [line["status"] for line in lines] == ["accepted", "duplicate"]
    assert lines[1]["reason"] == "earlier_run"
    assert len(graph.events("1001")) == 1


def lines_of_an_order_are_one_event(_here: Path, _patch: pytest.MonkeyPatch) -> None:
    graph = sandbox()
    with serve(graph) as running:
        send(running.url, write(*({"order_id": "1", "sku": name, "quantity": "1"} for name in "AB")))
    [sent] = graph.events("1001")
    assert [item["id"] for item in sent["custom_data"]["contents"]] == ["A", "B"]


def a_dataset_without_offline_events_is_not_sent_to(_here: Path, _patch: pytest.MonkeyPatch) -> None:
    with FakeGraph() as graph:
        graph.on("GET", DATASET, {"id": DATASET, "is_consolidated_container": False})
        with pytest.raises(AccessError, match="takes no offline events"):
            send(graph.url, write({}), dataset=DATASET, token=TOKEN)
        assert [asked.method for asked in graph.asked] == ["GET"]


# ---------------------------------------------------------------------- the table

ONE_EVENT = "a single event is one event"
RULES: dict[int, Rule] = {
    1: Rule(requests_of_a_file_have_1_to_1000_events, requests_of_events_have_1_to_1000),
    2: Rule(
        [row("event_name:case", event_name="purchase"), row("event_name:near_standard", event_name="Purchse")],
        [
            event("event_name:case", eventName="purchase"),
            meta("missing_event_name", event_name=None),
            meta("missing_event_name", event_name=" "),
        ],
        more=frozenset({"missing_event_name"}),
    ),
    3: Rule(
        [
            row("invalid bad_event_time", event_time="31.31.2026"),
            row("invalid missing_event_time", event_time=""),
            row("event_time:milliseconds", event_time=str(WHEN * 1_000)),
        ],
        [
            event("bad_event_time", eventTime="yesterday"),
            meta("bad_event_time", event_time="yesterday"),
            event("event_time:milliseconds", eventTime=WHEN * 1_000),
            meta("event_time:milliseconds", event_time=WHEN * 1_000),
        ],
    ),
    4: Rule(
        [row("invalid too_old", event_time=str(CLOCK - 7 * DAY), action_source="email")],
        [
            event("too_old", eventTime=CLOCK - 7 * DAY, actionSource="email"),
            meta("too_old", event_time=CLOCK - 7 * DAY, action_source="email"),
        ],
        more=frozenset({"too_old"}),
    ),
    5: Rule(
        [row("invalid too_old", event_time=str(CLOCK - 62 * DAY)), row("accepted", event_time=str(CLOCK - 61 * DAY))],
        [event("too_old", eventTime=CLOCK - 62 * DAY), meta("accepted", event_time=CLOCK - 61 * DAY)],
    ),
    6: Rule(
        [row("invalid in_future", event_time=str(CLOCK + 60))],
        [event("in_future", eventTime=CLOCK + 60), meta("in_future", event_time=CLOCK + 60)],
    ),
    7: Rule(
        a_row_that_grew_too_old_is_not_sent,
        an_event_that_grew_too_old_is_not_sent,
        more=frozenset({"expired_waiting"}),
    ),
    8: Rule(
        [
            row("invalid bad_action_source", action_source="billboard"),
            row("accepted", action_source="in-store"),
            row("accepted", action_source="Physical Store"),
        ],
        [
            event("bad_action_source", actionSource="billboard"),
            meta("bad_action_source", action_source="billboard"),
            meta("bad_action_source", action_source=None),
            meta("accepted", action_source="In-Store"),
        ],
    ),
    9: Rule(
        [
            row("invalid website_incomplete", action_source="website"),
            row("client_user_agent:missing", action_source="website", event_source_url="https://shop.example/a"),
        ],
        [
            event("website_incomplete", actionSource="website"),
            meta("website_incomplete", action_source="website"),
            event("client_user_agent:missing", actionSource="website", eventSourceUrl="https://shop.example/a"),
        ],
    ),
    10: Rule(
        [row("invalid unsupported_action_source", action_source=name) for name in ("app", "business_messaging")],
        [
            event("unsupported_action_source", actionSource="app"),
            meta("unsupported_action_source", action_source="business_messaging"),
        ],
    ),
    11: Rule(
        [
            row("invalid no_match_keys", em=""),
            row("invalid too_broad_keys", em="", ct="Berlin", country="DE"),
            row("invalid too_broad_keys", em="", ct="Berlin"),
        ],
        [
            event("no_match_keys", email=None),
            meta("no_match_keys", user_data={}),
            event("too_broad_keys", email=None, city="Berlin"),
            meta("too_broad_keys", user_data={"ct": "Berlin", "country": "DE"}),
        ],
        more=frozenset({"weak_keys"}),
    ),
    12: Rule(
        [
            row("em:md5", "user_data.em", em=hashlib.md5(b"x").hexdigest(), ph="+12025550133"),  # noqa: S324
            row("em:hash_of_nothing", "user_data.em", em=OF_NOTHING, ph="+12025550133"),
            row("invalid no_match_keys", em=OF_NOTHING),
        ],
        [
            event("em:md5", "user_data.em", email=hashlib.md5(b"x").hexdigest(), phone="+12025550133"),  # noqa: S324
            meta("em:hash_of_nothing", user={"em": [SHA, OF_NOTHING]}),
            meta("no_match_keys", user={"em": OF_NOTHING}),
        ],
    ),
    13: Rule(
        [
            row("anon_id:invalid", "user_data.anon_id", anon_id=SHA),
            row("subscription_id:person", "user_data.subscription_id", subscription_id="bo@example.com"),
            row("madid:invalid", "user_data.madid", madid=SHA),
            row("madid:invalid", "user_data.madid", madid="my phone"),
            row("lead_id:invalid", "user_data.lead_id", lead_id=SHA),
        ],
        [
            meta("anon_id:invalid", "user_data.anon_id", user={"anon_id": SHA}),
            meta("subscription_id:person", "user_data.subscription_id", user={"subscription_id": "bo@example.com"}),
            meta("madid:invalid", "user_data.madid", user={"madid": SHA}),
            meta("madid:invalid", "user_data.madid", user={"madid": "my phone"}),
            event("fbp:invalid", "user_data.fbp", fbp=SHA),
        ],
    ),
    14: Rule(
        [row("ph:no_country", "user_data.ph", ph="0151 23456789"), row("accepted", ph="+49 151 23456789")],
        [
            meta("ph:no_country", "user_data.ph", user={"ph": "0151 23456789"}),
            event("accepted", phone="0151 23456789", country="DE"),
        ],
    ),
    15: Rule(
        [row("invalid missing_value", value="")],
        [event("missing_value", value=None), meta("missing_value", custom_data={"currency": "EUR"})],
    ),
    16: Rule(
        [row("invalid missing_currency", currency=""), row("invalid bad_currency", currency="XQQ")],
        [
            event("bad_currency", currency="XQQ"),
            meta("bad_currency", custom={"currency": "XQQ"}),
            meta("missing_currency", custom_data={"value": 12.5}),
        ],
    ),
    17: Rule(
        [row("invalid missing_currency", currency="", event_name="Lead")],
        [meta("missing_currency", event_name="Lead", custom_data={"value": 12.5})],
    ),
    18: Rule(
        [row("skipped negative_value", value="-5"), row("skipped zero_value", value="0")],
        [event("negative_value", value=-5), meta("negative_value", custom={"value": -5}), event("zero_value", value=0)],
    ),
    19: Rule(
        [
            row("accepted", "custom_data.contents", quantity="2"),
            row("accepted", "custom_data.contents", sku="A", quantity="0"),
            row("accepted", "custom_data.contents.0.item_price", sku="A", quantity="1", price="-3"),
        ],
        [
            meta("missing_parameter", custom={"contents": [{"quantity": 2}]}),
            meta("bad_parameter", custom={"contents": [{"id": "A", "quantity": 0}]}),
            meta("bad_parameter", custom={"contents": [{"id": "A", "quantity": 1, "item_price": -3}]}),
            meta("unknown_parameter", custom={"contents": [{"id": "A", "quantity": 1, "colour": "red"}]}),
        ],
    ),
    20: Rule(
        [row("accepted", "sku", sku="A"), row("accepted", "user_data.sku", sku="A")],
        [
            event("unknown_parameter", colour="red"),
            meta("unknown_parameter", colour="red"),
            meta("unknown_parameter", user={"colour": "red"}),
        ],
    ),
    21: Rule(
        [
            row("content_type:dropped", "custom_data.content_type", content_type="shoes"),
            row("delivery_category:dropped", "custom_data.delivery_category", delivery_category="by drone"),
            row("accepted", "custom_data.contents.0.delivery_category", sku="A", item_delivery="by drone"),
        ],
        [
            event("content_type:dropped", "custom_data.content_type", contentType="shoes"),
            meta(
                "delivery_category:dropped", "custom_data.delivery_category", custom={"delivery_category": "by drone"}
            ),
            meta("bad_parameter", custom={"contents": [{"id": "A", "quantity": 1, "delivery_category": "by drone"}]}),
        ],
    ),
    22: Rule(
        [
            row("invalid bad_data_processing_options", data_processing_options="never"),
            row(
                "invalid bad_data_processing_options",
                data_processing_options="LDU",
                data_processing_options_country="7",
            ),
            row(
                "invalid bad_data_processing_options",
                data_processing_options="LDU",
                data_processing_options_country="1",
                data_processing_options_state="999",
            ),
        ],
        [
            meta("bad_data_processing_options", data_processing_options=["never"]),
            meta("bad_data_processing_options", data_processing_options=["LDU"], data_processing_options_country=7),
        ],
    ),
    23: Rule(
        [
            row("invalid bad_crm_event", event_source="crm", lead_event_source="Mine"),
            row("invalid bad_crm_event", event_source="crm", action_source="system_generated"),
            row("lead_id:invalid", "user_data.lead_id", lead_id="123"),
        ],
        [
            meta("bad_crm_event", custom={"event_source": "crm", "lead_event_source": "Mine"}),
            meta("bad_crm_event", custom={"event_source": "crm"}, action_source="system_generated"),
            meta("lead_id:invalid", "user_data.lead_id", user={"lead_id": 123}),
        ],
    ),
    24: Rule(
        [
            *(row("fbc:invalid", "user_data.fbc", fbc=text) for text in ("abc", "fb.9.1795168800000.abc", SHA)),
            row("fbc:invalid", "user_data.fbc", fbc="fb.1.1795168800000.abc.xyz"),
            row("fbp:invalid", "user_data.fbp", fbp="fb.1.1795168800000.x"),
            row("accepted", fbc="fb.1.1795168800000.abc.AQMBAQAB", fbp="fb.1.1795168800000.12"),
            row("accepted", fbclid="IwAR0abc"),
        ],
        [
            *(event("fbc:invalid", "user_data.fbc", fbc=text) for text in ("abc", "fb.9.1795168800000.abc", SHA)),
            event("fbp:invalid", "user_data.fbp", fbp="fb.1.1795168800000.x"),
            meta("fbc:invalid", "user_data.fbc", user={"fbc": "abc"}),
            meta("fbp:invalid", "user_data.fbp", user={"fbp": "fb.1.1795168800000.x"}),
            event("accepted", fbclid="IwAR0abc"),
        ],
    ),
    25: Rule(a_row_of_a_test_says_so, an_event_of_a_test_says_so),
    26: Rule(the_same_row_is_the_same_event, the_same_event_is_the_same),
    27: Rule(
        what_was_accepted_is_a_duplicate,
        "a task has no ledger, every run sends what it is given (docs/actor.md)",
        more=frozenset({"earlier_run"}),
    ),
    28: Rule(lines_of_an_order_are_one_event, ONE_EVENT),
    29: Rule(
        [
            row("event_time:date_only_no_order", event_time="2026-11-20", order_id=""),
            row("event_time:date_only", event_time="2026-11-20", order_id="A-1"),
        ],
        [
            event("event_time:date_only_no_order", eventTime="2026-11-20"),
            meta("event_time:date_only_no_order", event_time="2026-11-20"),
        ],
    ),
    30: Rule(
        a_dataset_without_offline_events_is_not_sent_to,
        "a single event may be of a website, and Meta itself answers for the one",
    ),
    31: Rule(
        [
            row("order_id:hashed", order_id="bo@example.com"),
            row("search_string:person", "custom_data.search_string", search_string="for bo@example.com"),
            row("status:person", "custom_data.status", state_of_order="ask +49 151 23456789"),
        ],
        [
            event("order_id:hashed", orderId="bo@example.com"),
            meta("search_string:person", "custom_data.search_string", custom={"search_string": "for bo@example.com"}),
            meta("custom_data:person", "custom_data.mine", custom={"mine": "bo@example.com"}),
        ],
    ),
    32: Rule(
        [
            row("event_source_url:dropped", "event_source_url", event_source_url="javascript:alert(1)"),
            row("customer_segmentation:dropped", "custom_data.customer_segmentation", segment="vip"),
            row("accepted", segment="New_Customer_To_Business"),
            row("store_data:dropped", "custom_data.store_data", store='{"a":1}'),
            row("accepted", state_of_order="7"),
        ],
        [
            event("event_source_url:dropped", "event_source_url", eventSourceUrl="javascript:alert(1)"),
            meta("bad_parameter", event_source_url="javascript:alert(1)"),
            meta("bad_parameter", referrer_url="javascript:alert(1)"),
            meta("unknown_parameter", original_event_data={"event_name": "Lead", "colour": "red"}),
            meta("bad_parameter", original_event_data={"event_time": "yesterday"}),
            meta("bad_parameter", customer_segmentation="vip"),
            meta("bad_parameter", custom={"customer_segmentation": "vip"}),
            meta("bad_parameter", custom={"status": {"a": 1}}),
            meta("bad_parameter", custom={"store_data": "x"}),
        ],
    ),
}


# ---------------------------------------------------------------------- what shows it


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def member_of(sent: Any, path: str) -> Any:
    for step in path.split("."):
        sent = sent[int(step)] if isinstance(sent, list) else sent.get(step) if isinstance(sent, dict) else None
    return sent


def test_the_table_has_every_rule_of_the_page_and_shows_every_code_that_it_names() -> None:
    lines = re.findall(r"^\| (\d+) \|.*\| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(number) for number, _ in lines] == list(RULES)
    for number, happens in lines:
        rule = RULES[int(number)]
        cases = [case for shown in (rule.file, rule.event) if isinstance(shown, list) for case in shown]
        shown = {re.split(r"[ :]", case.told)[-1] for case in cases} | rule.more
        named = {code.rpartition(":")[2] for code in re.findall(r"`([A-Za-z_:]+)`", happens)}
        assert named & (REASONS.keys() | WARNINGS.keys()) <= shown, number


def test_every_rule_is_shown_by_file_or_by_event() -> None:
    for number, rule in RULES.items():
        assert not (isinstance(rule.file, str) and isinstance(rule.event, str)), number


def numbered(way: str) -> list[tuple[int, Case]]:
    return [
        (number, case)
        for number, rule in RULES.items()
        if isinstance(cases := getattr(rule, way), list)
        for case in cases
    ]


def test_each_rule_is_enforced_by_file(here) -> None:
    cases = numbered("file")
    rows = [{"order_id": f"R-{place}"} | dict(case.change) for place, (_, case) in enumerate(cases)]
    graph = sandbox()
    with serve(graph) as running:
        lines = send(running.url, write(*rows), timezone="UTC")
    sent = {one["event_id"]: one for one in graph.events("1001")}
    for (number, case), line in zip(cases, lines, strict=True):
        is_sent = line["status"] == "accepted"
        told = {f"{line['status']} {line['reason']}".strip(), *line["warnings"].split("; ")}
        assert case.told in told, (number, case, line)
        assert is_sent == (not case.told.startswith(("invalid", "skipped"))), (number, case, line)
        assert is_sent == (line["event_id"] in sent), (number, case)
        assert not case.gone or member_of(sent[line["event_id"]], case.gone) is None, (number, case)
    assert graph.summary().refusals == {}, "the sandbox had nothing to refuse"


@pytest.mark.parametrize("by", ["event", "task"])
def test_each_rule_is_enforced_by_single_event(here, by: str) -> None:
    cases = numbered("event")
    graph = sandbox()
    with serve(graph) as running:
        if by == "event":
            items = send_events(running.url, *(case.change for _, case in cases))
        else:
            task = {"task": "send_batch_events", "demoMode": False, "accessToken": "any", "pixelId": "1001"}
            whole = task | {"events": [dict(case.change) for _, case in cases]}
            items = importer.task(whole, graph_url=running.url, now=NOW).items
    sent = {one["event_id"]: one for one in graph.events("1001")}
    for (number, case), item in zip(cases, items, strict=True):
        told = {
            item.get("reason"),
            item["status"],
            *(f"{one['field']}:{one['code']}" for one in item.get("warnings", ())),
        }
        assert case.told in told, (number, case, item)
        assert item["success"] == (":" in case.told or case.told == "accepted"), (number, case, item)
        assert item["success"] == (item.get("eventId") in sent), (number, case)
        assert not case.gone or member_of(sent[item["eventId"]], case.gone) is None, (number, case)
    assert graph.summary().refusals == {}, "the sandbox had nothing to refuse"


@pytest.mark.parametrize("way", ["file", "event"])
@pytest.mark.parametrize("number", RULES)
def test_a_rule_of_several_sales_or_requests_is_enforced(here, monkeypatch, number: int, way: str) -> None:
    shown = getattr(RULES[number], way)
    if callable(shown):
        shown(here, monkeypatch)


def test_a_file_without_an_event_name_or_a_strong_key_is_told_so(here) -> None:
    """Rules 2 and 11, where a file's own schema decides: a name that it does not give, and keys that it wants."""
    write({"em": "", "ct": "Berlin", "order_id": "1"}, {"order_id": "2", "event_name": ""})
    text = (
        Path("rules.toml")
        .read_text(encoding="utf-8")
        .replace('ct = "ct"\n', 'ct = "ct"\nfn = "order_id"\nln = "currency"\n')
    )
    Path("rules.toml").write_text(text + '[event]\nname = ""\n', encoding="utf-8")
    graph = sandbox()
    with serve(graph) as running:
        lines = send(running.url, "sales.csv")
    assert [line["reason"] for line in lines] == ["weak_keys", "missing_event_name"]


@pytest.mark.parametrize("typed", [True, False])
def test_a_column_of_a_property_that_is_a_field_of_metas_takes_no_part(here, typed: bool) -> None:
    """Rule 20: a second `value` in custom_data would count in place of the first."""
    name = "sales.parquet" if typed else "sales.csv"
    table = pa.table(
        {
            "Order ID": ["1"],
            "Date": ["2026-11-20T10:00:00Z"],
            "Email": ["ada@example.com"],
            "Total": [10.0],
            "Currency": ["EUR"],
            "custom_data.value": [99.0],
            "custom_data.contents": ["A"],
            "custom_data.x": [7.0],
        }
    )
    pq.write_table(table, name) if typed else pacsv.write_csv(table, name)
    graph = sandbox()
    with serve(graph) as running:
        [line] = send(running.url, name, schema=None)
    assert (line["status"], line["value"]) == ("accepted", "10.00")
    [sent] = graph.events("1001")
    assert sent["custom_data"] == {"value": 10, "currency": "EUR", "order_id": "1", "x": 7 if typed else "7"}
