"""Sends an export to the sandbox and compares what arrived, order by order, with what is written down as true."""

import csv
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from importer.commands.send import check, send
from importer.errors import NeedsAnswer
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.results import exit_code

NOW = datetime(2026, 11, 23, 23, tzinfo=UTC)
CLEAR = ("lead_id", "madid", "fbc", "fbp", "client_ip_address", "client_user_agent", "anon_id", "subscription_id")


@dataclass
class Journey:
    """Two runs of one file: what the sandbox holds, the first run's report, and both summaries."""

    events: dict[str, list[dict]]
    rows: list[dict]
    first: dict
    second: dict
    refusals: dict
    requests: int
    repeats: int
    reasons: dict[str, str] = field(default_factory=dict)


def journey(path: Path, tmp_path: Path, options: dict, now: datetime = NOW) -> Journey:
    graph = Sandbox(SandboxOptions(), clock=now.timestamp)
    report = tmp_path / "report.csv"
    told = {
        "dataset": "1001",
        "token": "t",
        "ledger": tmp_path / "ledger.db",
        "report": report,
        "now": now,
        **options,
    }
    with serve(graph) as running:
        first = send(path, graph_url=running.url, **told)
        rows = list(csv.DictReader(report.read_text(encoding="utf-8").splitlines()))
        second = send(path, graph_url=running.url, **(told | {"report": tmp_path / "second.csv"}))
    events: dict[str, list[dict]] = {}
    for event in graph.events("1001"):
        events.setdefault(str(event["custom_data"].get("order_id")), []).append(event)
    summary = graph.summary()
    return Journey(
        events, rows, first.as_json(), second.as_json(), dict(summary.refusals), summary.requests, summary.repeats
    )


def faults(event: dict, order: dict) -> list[str]:
    """What differs between an event that arrived and the order as it should be."""
    found = []
    wanted = datetime.fromisoformat(order["event_time"])
    if event["event_time"] != int(wanted.timestamp()):
        found.append(f"time {datetime.fromtimestamp(event['event_time'], UTC):%FT%TZ} instead of {order['event_time']}")
    flat = event | event["custom_data"]
    found += [
        f"{name} {flat.get(name)} instead of {order[name]}"
        for name in ("value", "currency", "event_name", "action_source", "event_source_url")
        if name in order and flat.get(name) != order[name]
    ]
    for key, values in order.get("keys", {}).items():
        sent = event["user_data"].get(key, [])
        sent = {str(value) for value in (sent if isinstance(sent, list) else [sent])}
        missing = [value for value in _list(values) if _sent_form(key, value) not in sent]
        found += [f"{key} lacks {value}" for value in missing]
    if "contents" in order and event["custom_data"].get("contents") is not None:
        told = [
            {k: v for k, v in item.items() if k in want}
            for item, want in zip(event["custom_data"]["contents"], order["contents"], strict=False)
        ]
        if told != order["contents"]:
            found.append(f"contents {told} instead of {order['contents']}")
    elif "contents" in order:
        found.append("contents are missing")
    return found


def _list(values: str | list[str]) -> list[str]:
    return values if isinstance(values, list) else [values]


def _sent_form(key: str, value: str) -> str:
    return str(value) if key in CLEAR else sha256(str(value).encode()).hexdigest()


def compare(path: Path, tmp_path: Path, options: dict, orders: list[dict], rows: int, now: datetime = NOW) -> list[str]:  # noqa: PLR0917
    """Everything that is not as it should be, in words; an empty list if all is well."""
    went = journey(path, tmp_path, options, now)
    found = []
    wanted = {}
    for order in orders:
        wanted.setdefault(str(order["order_id"]), []).append(order)
    for order_id, group in wanted.items():
        arrived = went.events.pop(order_id, [])
        sales = [order for order in group if order["sale"]]
        if len(arrived) != len(sales):
            reasons = {row["reason"] for row in went.rows if row["order_id"] == order_id}
            found.append(f"{order_id}: {len(arrived)} events instead of {len(sales)} {sorted(reasons)}")
            continue
        for event, order in zip(sorted(arrived, key=_when), sorted(sales, key=lambda o: o["event_time"]), strict=True):
            found += [f"{order_id}: {fault}" for fault in faults(event, order)]
        reasons = {row["reason"] for row in went.rows if row["order_id"] == order_id}
        found += [
            f"{order_id}: reason {sorted(reasons)} instead of {order['reason']}"
            for order in group
            if not order["sale"] and "reason" in order and order["reason"] not in reasons
        ]
    found += [f"{order_id}: arrived, and should not" for order_id in went.events]
    if len(went.rows) != rows or [int(row["row"]) for row in went.rows] != list(range(1, rows + 1)):
        found.append(f"the report has {len(went.rows)} rows instead of {rows}")
    if went.refusals:
        found.append(f"the sandbox refused requests: {went.refusals}")
    if went.repeats or went.second["events"]["sent"]:
        found.append(f"the second run sent {went.second['events']['sent']} events")
    return found


def compare_asked(path: Path, tmp_path: Path, truth: dict) -> list[str]:
    """The same for a file that leaves a question open: `send` asks and sends nothing, `check` goes on without the rows."""
    now = datetime.fromisoformat(truth["now"])
    told = {"ledger": tmp_path / "ledger.db", "now": now, **truth["options"]}
    graph = Sandbox(SandboxOptions(), clock=now.timestamp)
    with serve(graph) as running, pytest.raises(NeedsAnswer) as error:
        send(path, dataset="1001", token="t", graph_url=running.url, report=tmp_path / "never.csv", **told)
    kinds = [str(question.kind) for question in error.value.questions]
    found = [] if kinds == truth["questions"] else [f"asked {kinds} instead of {truth['questions']}"]
    found += [] if not graph.events("1001") else ["something was sent"]
    summary = check(path, report=tmp_path / "check.csv", **told)
    if summary.questions != error.value.questions or exit_code(summary) != 1:
        found.append("check does not ask the same")
    rows = list(csv.DictReader((tmp_path / "check.csv").read_text(encoding="utf-8").splitlines()))
    for order in truth["orders"]:
        reasons = {row["reason"] for row in rows if row["order_id"] == str(order["order_id"])}
        if "reason" in order and order["reason"] not in reasons:
            found.append(f"{order['order_id']}: reason {sorted(reasons)} instead of {order['reason']}")
    if [int(row["row"]) for row in rows] != list(range(1, truth["rows"] + 1)):
        found.append(f"the report has {len(rows)} rows instead of {truth['rows']}")
    return found


def _when(event: dict) -> int:
    return event["event_time"]


def sample_truth(expected: Path) -> dict:
    return json.loads(expected.read_text(encoding="utf-8"))
