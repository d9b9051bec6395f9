"""Events as rows of a batch, so that the core takes them as it takes a file's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from importer.actor.parameter_errors import ParameterError
from importer.actor.parameters import DEFAULTS, Event, Input
from importer.core.binding import Answers, Binding, Source
from importer.core.model import Raw
from importer.core.plan import Packed, read_plan
from importer.graph.models import iso_of

Row = dict[str, list[str]]
"""Meta's field -> its values as text; only customer keys have several."""

CUSTOMER: Mapping[str, str] = {
    "email": "em",
    "phone": "ph",
    "first_name": "fn",
    "last_name": "ln",
    "city": "ct",
    "state": "st",
    "zip_code": "zp",
    "country": "country",
    "external_id": "external_id",
    "fbclid": "fbclid",
    "fbp": "fbp",
    "fbc": "fbc",
    "client_ip_address": "client_ip_address",
    "client_user_agent": "client_user_agent",
}
"""Parameter -> the customer field that it fills."""
HASHED = ("email", "phone", "first_name", "last_name", "city", "state", "zip_code", "country", "external_id")
"""Parameters that `isAlreadyHashed` is about."""
TASK_DEFAULTS = (
    "event_name", "custom_event_name", "country", "currency", "content_type", "action_source", "event_source_url",
    "is_already_hashed",
)  # fmt: skip
"""What an item of `events` takes from the task when it does not say so itself; never a customer's or an order's."""

ITEM, PAIR, VALUE = "\x1e", "\x1f", "\x1d"
"""Separators of packed items: control characters, which no product's name holds."""
CONTENTS = "contents"
PACKED = Packed(
    columns=CONTENTS,
    items=ITEM,
    pairs=PAIR,
    values=VALUE,
    fields={
        "item_price": ("item_price", "price"),
        **{name: (name,) for name in ("id", "quantity", "title", "description", "brand", "category")},
        "delivery_category": ("delivery_category",),
    },
)
PLAN = read_plan({"name": "actor", "columns": {}, "match": {"minimum_keys": "meta"}}, "actor").model_copy(
    update={"packed": PACKED}
)
"""Whatever Meta does not refuse is sent: these events were made on purpose, one by one."""
ANSWERS = Answers(zone="UTC", decimals=dict.fromkeys(("value", "net_revenue", "predicted_ltv"), "."))
"""Times without a zone are UTC and amounts have a decimal point, as JSON has it."""

HEX = re.compile(r"\s*[0-9A-Fa-f]{64}\s*")


def with_task_defaults(event: Event, task: Input) -> Event:
    """Fill the event's gaps with what the task says for all of its events."""
    missing = {name: getattr(task, name) for name in TASK_DEFAULTS if getattr(event, name) is None}
    if event.event_name is not None:
        missing.pop("custom_event_name", None)
    given = {name: value for name, value in missing.items() if value is not None}
    return event.model_copy(update=given) if given else event


def row_of(event: Event, now: datetime) -> Row | ParameterError:
    """Return the row of an event's parameters, or why there is none."""
    if event.event_name == "CustomEvent" and not event.custom_event_name:
        message = "eventName is CustomEvent, so customEventName must name the event."
        return ParameterError("customEventName", "missing_parameter", message)
    error = _not_hashed(event)
    if error is not None:
        return error
    row = {field: [text(value)] for name, field in CUSTOMER.items() if (value := getattr(event, name)) is not None}
    if row and "country" not in row:
        row["country"] = [DEFAULTS["country"]]  # plain beside hashes, too: the core looks at each value by itself
    return row | {name: [value] for name, value in _event(event, now).items() if value is not None}


def _event(event: Event, now: datetime) -> dict[str, str | None]:
    name = event.get_or_default("event_name")
    ids = event.content_ids
    listed = None if ids is None else joined_ids(ids)
    return {
        "event_name": event.custom_event_name if name == "CustomEvent" else name,
        "event_id": event.event_id,
        "event_time": moment(now if event.event_time is None else event.event_time),
        "event_source_url": event.event_source_url,
        "action_source": event.get_or_default("action_source"),
        "value": None if event.value is None else text(event.value),
        "currency": event.get_or_default("currency"),
        "order_id": None if event.order_id is None else text(event.order_id),
        "content_ids": listed,
        "content_type": event.get_or_default("content_type") if listed else event.content_type,
    }


def _not_hashed(event: Event) -> ParameterError | None:
    """Return an error that names the fields which are not SHA-256 although they are said to be.

    The country US is exempt: the actor's form fills it in by itself, so it says nothing of what was hashed.
    """
    if not event.is_already_hashed:
        return None
    given = {name: getattr(event, name) for name in HASHED if getattr(event, name) is not None}
    if str(given.get("country", "")).strip().upper() == DEFAULTS["country"]:
        del given["country"]
    fields = Event.model_fields
    plain = [fields[name].alias or name for name, value in given.items() if not HEX.fullmatch(text(value))]
    if not plain:
        return None
    message = (
        f"isAlreadyHashed is true, but {', '.join(plain)} {'is' if len(plain) == 1 else 'are'} not SHA-256 in hex; "
        "hash what is plain, or set isAlreadyHashed to false."
    )
    return ParameterError(plain[0], "not_hashed", message)


def text(value: Any) -> str:
    """Write a number without an exponent, anything else as it is."""
    return format(Decimal(str(value)), "f") if isinstance(value, float | Decimal) else str(value)


def moment(value: Any) -> str:
    """Write a time as the core reads it: ISO 8601, or whole seconds (or milliseconds) since 1970."""
    if isinstance(value, datetime):
        return iso_of(value if value.tzinfo else value.replace(tzinfo=UTC))
    return str(int(value)) if isinstance(value, float) else str(value)


def joined_ids(ids: str | Sequence[Any]) -> str:
    """Join product ids to one cell; a list's ids may hold commas."""
    return ids if isinstance(ids, str) else "".join(f"{text(one)}|" for one in ids)


def packed(contents: Iterable[Mapping[str, Any]]) -> str:
    """Pack the items of an order into one cell, which `PACKED` splits again."""
    return ITEM.join(PAIR.join(f"{name}{VALUE}{text(value)}" for name, value in item.items()) for item in contents)


def members(values: Mapping[str, Any]) -> list[str]:
    """Write the values as members of a JSON object, without its braces."""
    if not values:
        return []
    return [json.dumps(dict(values), ensure_ascii=False, separators=(",", ":"))[1:-1]]


def batch_of(rows: Sequence[Row]) -> tuple[Raw, Binding]:
    """Build a batch of text columns from the rows, numbered from 1, and the binding of columns to fields."""
    most: dict[str, int] = {}
    for row in rows:
        for field, values in row.items():
            most[field] = max(most.get(field, 0), len(values))
    columns = {
        field: (field, *(f"{field} [{number}]" for number in range(2, count + 1))) for field, count in most.items()
    }
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    arrays = {"row": numbers, "line": numbers, "fault": pa.nulls(len(rows), pa.string())}
    for field, names in columns.items():
        lists = [row.get(field, []) for row in rows]
        for place, name in enumerate(names):
            arrays[name] = pa.array([one[place] if place < len(one) else None for one in lists], pa.string())
    sources = {field: Source(names, "all") for field, names in columns.items() if field != CONTENTS}
    binding = Binding(PLAN, columns=sources, packed=columns.get(CONTENTS, ()))
    return Raw(pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))), binding
