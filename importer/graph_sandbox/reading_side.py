"""The reading side: accounts, datasets, their statistics and their offline quality.

What the sandbox knows about a dataset is what was sent to it; everything else is a fixed, plausible value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from importer.graph_sandbox.graph_errors import GraphError, configuration
from importer.graph_sandbox.memory import HOUR, Dataset
from importer.graph_sandbox.request import Parameters
from importer.graph_sandbox.vocabulary import ACCOUNT_FIELDS, AGGREGATIONS, DATASET_FIELDS, WINDOW

_CREATED = "2024-05-13T09:00:00+0000"
_BUSINESS = {"id": "900000000000001", "name": "Sandbox Business"}
_QUALITY_DAYS = 28 * 86_400
_NESTED = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class World:
    """The accounts and datasets there are.

    accounts: account number (without `act_`) -> its datasets.
    names: dataset -> its name.
    closed: whether nothing else exists; an open world has every number as a dataset, and every account holds all.
    unconsolidated: datasets that may not take offline events.
    """

    accounts: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {"101": ("1001", "1002", "1003"), "102": ("2001",)}
    )
    names: Mapping[str, str] = field(
        default_factory=lambda: {"1001": "Shops", "1002": "Web shop", "1003": "Call centre", "2001": "Franchise"}
    )
    closed: bool = False
    unconsolidated: frozenset[str] = frozenset()

    def has_dataset(self, number: str) -> bool:
        """Tell whether the dataset exists; one whose number is nothing but zeros never does."""
        listed = any(number in datasets for datasets in self.accounts.values())
        return listed or (not self.closed and number.isascii() and number.isdigit() and number.strip("0") != "")

    def datasets_of(self, account: str) -> tuple[str, ...] | None:
        """Return the datasets of an account, None where there is no such account."""
        if account in self.accounts:
            return self.accounts[account]
        if self.closed or not account.isdigit():
            return None
        return tuple(dict.fromkeys(number for numbers in self.accounts.values() for number in numbers))

    def name_of(self, dataset: str) -> str:
        """Return the dataset's name."""
        return self.names.get(dataset, f"Dataset {dataset}")


def timestamp(time: float) -> str:
    """Format a time as the Graph API prints it."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def fields_of(given: Parameters, known: Iterable[str], node: str, default: str) -> list[str] | GraphError:
    """Return the fields asked for, always with `id`; nested fields are asked for by their outer name."""
    text = str(given.get("fields") or default)
    while (plain := _NESTED.sub("", text)) != text:
        text = plain
    wanted = ["id", *(name.strip() for name in text.split(",") if name.strip())]
    if not set(wanted) <= set(known):
        return configuration(f"(#100) Tried accessing nonexisting field on node type ({node})")
    return list(dict.fromkeys(wanted))


def dataset_node(number: str, dataset: Dataset, world: World, given: Parameters) -> Parameters | GraphError:
    """Answer `GET /{dataset}` with the fields asked for that have a value [REF-P]."""
    wanted = fields_of(given, DATASET_FIELDS, "AdsPixel", "id,name")
    if isinstance(wanted, GraphError):
        return wanted
    last = None if dataset.last is None else timestamp(dataset.last)
    values: Parameters = {
        "id": number,
        "name": world.name_of(number),
        "creation_time": _CREATED,
        "last_fired_time": last,
        "server_last_fired_time": last,
        "owner_business": _BUSINESS,
        "is_created_by_business": True,
        "is_unavailable": False,
        "is_crm": False,
        "is_consolidated_container": number not in world.unconsolidated,
        "data_use_setting": "ADVERTISING_AND_ANALYTICS",
        "enable_automatic_matching": False,
        "automatic_matching_fields": [],
        "first_party_cookie_status": "FIRST_PARTY_COOKIE_ENABLED",
        "can_proxy": True,
        "event_time_min": dataset.event_time_min,
        "event_time_max": dataset.event_time_max,
        "valid_entries": dataset.received,
        "duplicate_entries": dataset.repeats,
    }
    return {name: values[name] for name in wanted if values.get(name) is not None}


def account_node(number: str, given: Parameters) -> Parameters | GraphError:
    """Describe one ad account by the fields asked for."""
    wanted = fields_of(given, ACCOUNT_FIELDS, "AdAccount", "id,account_id")
    if isinstance(wanted, GraphError):
        return wanted
    values: Parameters = {
        "id": f"act_{number}",
        "account_id": number,
        "name": f"Account {number}",
        "account_status": 1,
        "currency": "EUR",
        "timezone_name": "Europe/Berlin",
        "business": _BUSINESS,
    }
    return {name: values[name] for name in wanted}


def _moment(value: Any, default: float) -> float | GraphError:
    """Parse a time in Unix seconds or ISO 8601; without a zone it is UTC."""
    if value is None:
        return default
    try:
        if re.fullmatch(r"[0-9]+", str(value)):
            return float(value)
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return configuration("(#100) start_time and end_time are Unix seconds or ISO 8601.")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def statistics(dataset: Dataset, given: Parameters, now: float) -> Parameters | GraphError:
    """Answer `GET /{dataset}/stats`: counts by hour of the event's time, no further back than seven days [REF-S]."""
    aggregation = str(given.get("aggregation", "event"))
    if aggregation not in AGGREGATIONS:
        return configuration("(#100) Param aggregation must be one of the documented values.")
    start, end = _moment(given.get("start_time"), now - WINDOW), _moment(given.get("end_time"), now)
    if isinstance(start, GraphError):
        return start
    if isinstance(end, GraphError):
        return end
    if start < now - WINDOW - HOUR:
        return configuration("(#100) start_time must lie within the last seven days.")
    if start > end:
        return configuration("(#100) start_time must not lie after end_time.")
    hours: dict[int, Counter[str]] = {}
    for hour, value, count in _counts(dataset, aggregation, given):
        if start - HOUR < hour <= end:
            hours.setdefault(hour, Counter())[value] += count
    data = [
        {
            "start_time": timestamp(hour),
            "aggregation": aggregation,
            "data": [{"value": value, "count": count} for value, count in sorted(hours[hour].items())],
        }
        for hour in sorted(hours)
    ]
    return {"data": data, "paging": {}}


def _counts(dataset: Dataset, aggregation: str, given: Parameters) -> Iterable[tuple[int, str, int]]:
    """Yield hour, value and count of what is asked for; every event came from a server."""
    if given.get("event_source") == "WEB_ONLY":
        return
    for (hour, name, what, value), count in list(dataset.hours.items()):
        if given.get("event") not in (None, name):
            continue
        if what == aggregation or (what == "event" and aggregation == "event_total_counts"):
            yield hour, value, count
        elif what == "event" and aggregation == "event_source":
            yield hour, "SERVER", count


def quality(dataset: Dataset, given: Parameters, now: float) -> Parameters | GraphError:
    """Answer `GET /dataset_quality`: coverage of e-mail and phone in the last 28 days by event name [DQO].

    The score is the mean coverage out of ten. Meta's own weighs more and is not published.
    """
    wanted = _NESTED.sub("", _NESTED.sub("", str(given.get("fields") or "web"))).split(",")
    if not {name.strip() for name in wanted} <= {"offline", "web"}:
        return configuration("(#100) Tried accessing nonexisting field on node type (DatasetQuality)")
    answer: Parameters = {}
    if "web" in wanted:
        answer["web"] = []
    if "offline" in wanted:
        answer["offline"] = _offline_quality(dataset, now)
    return answer


def _offline_quality(dataset: Dataset, now: float) -> list[Parameters]:
    totals: dict[str, Counter[str]] = {}
    for (hour, name, what, value), count in list(dataset.hours.items()):
        if hour > now - _QUALITY_DAYS and what in {"event", "match_keys"}:
            totals.setdefault(name, Counter())["" if what == "event" else value] += count
    scores: list[Parameters] = []
    for name, counts in sorted(totals.items()):
        coverage = {word: round(100 * counts[key] / counts[""], 1) for word, key in (("email", "em"), ("phone", "ph"))}
        complete = all(share == 100 for share in coverage.values())  # noqa: PLR2004 per cent
        quality = {
            "score": round(sum(coverage.values()) / 20, 1),
            "recommendation": "" if complete else "Send e-mail and phone with every event.",
        }
        scores.append({"event_name": name, "composite": quality, "match_key": {**quality, "coverage": coverage}})
    return scores
