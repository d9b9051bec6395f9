"""What the sandbox has accepted, what it counts as repeats, and the totals of both."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import orjson

from importer.graph_sandbox.json_types import JsonObject
from importer.graph_sandbox.vocabulary import REPEAT_WINDOW

HOUR = 3_600


@dataclass
class Dataset:
    """Everything accepted for one dataset.

    firsts: what identifies a sale -> when its counted copy arrived.
    hours: (hour, event name, what is counted, its value) -> events, for `/stats` and the quality score.
    """

    events: list[JsonObject] = field(default_factory=list)
    sales: list[JsonObject] = field(default_factory=list)
    firsts: dict[bytes, float] = field(default_factory=dict)
    hours: Counter[tuple[int, str, str, str]] = field(default_factory=Counter)
    received: int = 0
    repeats: int = 0
    test_events: int = 0
    event_time_min: int | None = None
    event_time_max: int | None = None
    last: float | None = None


def accept(dataset: Dataset, events: list[JsonObject], now: float, *, keep: bool, test: bool) -> None:
    """Count every event, and keep it if `keep`; keep the first copy of each sale as a sale."""
    for event in events:
        repeat = _is_repeat(dataset, event, now)
        dataset.repeats += repeat
        if keep:
            dataset.events.append(event)
            if not repeat:
                dataset.sales.append(event)
        _count(dataset, event)
    dataset.received += len(events)
    dataset.test_events += len(events) * test
    dataset.last = now


def _is_repeat(dataset: Dataset, event: JsonObject, now: float) -> bool:
    """Tell whether a copy of this sale arrived within the last 7 days [OFF]; web and app events are never compared."""
    if event["action_source"] in {"website", "app"}:
        return False
    key = identity(event)
    first = dataset.firsts.get(key)
    if first is not None and now - first <= REPEAT_WINDOW:
        return True
    dataset.firsts[key] = now
    return False


def identity(event: JsonObject) -> bytes:
    """Hash what Meta compares offline events by: time, name, item, order; the customer where no order is named."""
    custom = event.get("custom_data", {})
    order = custom.get("order_id")
    customer = event["user_data"] if order is None else None
    parts = [event["event_time"], event["event_name"], custom.get("item_number"), order, customer]
    return hashlib.blake2b(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def _count(dataset: Dataset, event: JsonObject) -> None:
    time, name = event["event_time"], event["event_name"]
    hour = time - time % HOUR
    dataset.hours[hour, name, "event", name] += 1
    for key in event["user_data"]:
        dataset.hours[hour, name, "match_keys", key] += 1
    if "event_source_url" in event:
        dataset.hours[hour, name, "host", urlsplit(event["event_source_url"]).netloc] += 1
    earliest, latest = dataset.event_time_min, dataset.event_time_max
    dataset.event_time_min = time if earliest is None else min(earliest, time)
    dataset.event_time_max = time if latest is None else max(latest, time)


@dataclass(frozen=True)
class SandboxSummary:
    """The counts of a sandbox's life so far.

    requests: all of them, refused or not.
    received: events accepted, repeats included; distinct: sales after Meta's offline de-duplication.
    refusals: requests refused, by code, `100/2804003` where there is a subcode.
    """

    requests: int
    received: int
    distinct: int
    repeats: int
    test_events: int
    refusals: dict[str, int]


@dataclass(frozen=True)
class Logged:
    """One request in numbers: no token, no value, no body."""

    number: int
    method: str
    edge: str
    events: int
    status: int
    code: int | None
    subcode: int | None


def summary_of(datasets: dict[str, Dataset], log: list[Logged]) -> SandboxSummary:
    """Add up the counts of all datasets."""
    received = sum(dataset.received for dataset in datasets.values())
    repeats = sum(dataset.repeats for dataset in datasets.values())
    codes: Counter[str] = Counter()
    for line in log:
        if line.status >= HTTPStatus.BAD_REQUEST:
            code = f"HTTP {line.status}" if line.code is None else str(line.code)
            codes[code if line.subcode is None else f"{code}/{line.subcode}"] += 1
    return SandboxSummary(
        requests=len(log),
        received=received,
        distinct=received - repeats,
        repeats=repeats,
        test_events=sum(dataset.test_events for dataset in datasets.values()),
        refusals=dict(sorted(codes.items())),
    )


def codes_in(body: bytes) -> tuple[int | None, int | None]:
    """Return code and subcode of an error body; two times None where it is not Meta's JSON."""
    try:
        content: Any = orjson.loads(body)
    except ValueError:
        return None, None
    error = content.get("error") if isinstance(content, dict) else None
    return (error.get("code"), error.get("error_subcode")) if isinstance(error, dict) else (None, None)
