"""A hashed order -> its key, its event id and the JSON that Meta takes, assembled by column.

The key identifies the sale at Meta and in the ledger: the event's name, its order id and item number; without an
order id all of the event's content. The event id is that key in hex, unless the source names one. Both follow from the
source row alone, so that a retry, a second run or next week's overlapping export yields the same bytes (hard rule 26).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import (
    Mask,
    by_distinct,
    coalesce,
    column_of,
    first_of,
    join_present,
    json_number,
    json_text,
    null_if_empty,
    nulls,
    one_chunk,
    where,
)
from importer.core.model import KEYS, Column, Hashed, Key

TEXT_FIELDS = (
    "order_id", "item_number", "content_name", "content_category", "search_string", "event_source",
    "lead_event_source",
)  # fmt: skip
CONTENT_TYPES = ("product", "product_group")
DELIVERY_CATEGORIES = ("in_store", "curbside", "home_delivery")
KEY_BYTES = 16


def build(events: Hashed, privacy: Column) -> dict[str, Column]:
    """Columns `key`, `event_id`, `payload`, `match_keys` and `payload_warnings` of each event."""
    user_data, match_keys = _user_data(events)
    custom_data, warnings = _custom_data(events)
    members = [
        _member("event_name", json_text(events.column("event_name"))),
        _member("event_time", events.column("event_time").cast(pa.string())),
        _member("action_source", json_text(events.column("action_source"))),
        _member("event_source_url", json_text(column_of(events, "event_source_url"))),
        _member("opt_out", _opt_out(column_of(events, "opt_out"))),
        privacy,
        column_of(events, "event_members"),
        _member("user_data", _braced(user_data)),
        _member("custom_data", _braced(custom_data)),
    ]
    content = join_present(members, ",")
    keys = _keys(events, content)
    event_ids = [None if key is None else key.hex() for key in keys]
    identity = coalesce([column_of(events, "event_id"), pa.array(event_ids, pa.string())])
    payload = pc.binary_join_element_wise('{"event_id":', json_text(identity), ",", content, "}", "")
    return {
        "key": pa.array(keys, pa.binary(KEY_BYTES)),
        "event_id": identity,
        "payload": one_chunk(payload.cast(pa.large_string())),
        "match_keys": match_keys,
        "payload_warnings": warnings,
    }


def _braced(members: Column) -> Column:
    whole = pc.binary_join_element_wise("{", members, "}", "")
    return one_chunk(pc.if_else(pc.equal(members, ""), pa.scalar(None, pa.string()), whole))


def _member(name: str, value: Column) -> Column:
    """`"name":value`, null where there is no value."""
    return one_chunk(pc.binary_join_element_wise(f'"{name}":', value, ""))


def _user_data(events: Hashed) -> tuple[Column, Column]:
    """The members of `user_data`, and the names of the keys sent, `em+ph`, never their values."""
    keys = [key for key in KEYS if key.name in events.schema.names]
    if not keys:
        empty = where(np.ones(events.num_rows, np.bool_), "")
        return empty, nulls(events.num_rows)
    members = [_key_member(key, events.column(key.name)) for key in keys]
    names = [where(np.asarray(member.is_valid()), key.name) for key, member in zip(keys, members, strict=True)]
    return join_present(members, ","), null_if_empty(join_present(names, "+"))


def _key_member(key: Key, lists: Column) -> Column:
    if not key.many:
        value = first_of(lists)
        return _member(key.name, value if key.number else json_text(value))
    quoted: Column = pa.ListArray.from_arrays(lists.offsets, json_text(lists.values))
    filled = pc.greater(pc.list_value_length(lists), 0)
    joined = pc.binary_join_element_wise(f'"{key.name}":[', pc.binary_join(quoted, ","), "]", "")
    return one_chunk(pc.if_else(filled, joined, pa.scalar(None, pa.string())))


def _custom_data(events: Hashed) -> tuple[Column, Column]:
    """The members of `custom_data` [CD], and warnings for values that Meta does not take."""
    content_type, type_warning = _listed(column_of(events, "content_type"), CONTENT_TYPES, "content_type")
    delivery, delivery_warning = _listed(
        column_of(events, "delivery_category"), DELIVERY_CATEGORIES, "delivery_category"
    )
    items = events.column("items")
    members = [
        _member("value", json_number(events.column("value"))),
        _member(
            "currency", json_text(pc.if_else(pc.is_valid(events.column("value")), events.column("currency"), None))
        ),
        *(_member(name, json_text(column_of(events, name))) for name in TEXT_FIELDS),
        _member("contents", pc.binary_join_element_wise("[", items, "]", "")),
        _member("content_ids", by_distinct(column_of(events, "content_ids"), _content_ids)),
        _member("content_type", json_text(_content_type(content_type, items))),
        _member("num_items", by_distinct(column_of(events, "num_items"), _whole)),
        _member("delivery_category", json_text(delivery)),
        *(
            _member(name, json_number(events.column(name)))
            for name in ("predicted_ltv", "net_revenue")
            if name in events.schema.names
        ),
        *_properties(events),
        column_of(events, "custom_members"),
    ]
    return join_present(members, ","), one_chunk(pc.coalesce(type_warning, delivery_warning))


def _where_valued(events: Hashed) -> Column:
    """A currency without a value says nothing."""
    valued = pc.is_valid(events.column("value"))
    return one_chunk(pc.if_else(valued, events.column("currency"), pa.scalar(None, pa.string())))


def _properties(events: Hashed) -> list[Column]:
    """Custom properties stand beside Meta's own keys in `custom_data`."""
    members = []
    for name in events.schema.names:
        if name.startswith("custom:"):
            column = events.column(name)
            text = json_text(column) if pa.types.is_string(column.type) else json_number(column)
            members.append(_member(name.removeprefix("custom:"), text))
    return members


def _content_type(written: Column, items: Column) -> Column:
    """Events with contents are of products unless the export says otherwise [OFF]."""
    return one_chunk(pc.coalesce(written, where(np.asarray(items.is_valid()), "product")))


def _listed(column: Column, allowed: Sequence[str], field: str) -> tuple[Column, Column]:
    """Hard rule 21: a value that is not among Meta's is left out with a warning."""
    known = by_distinct(column, lambda text: text.lower() if text.lower() in allowed else None)
    dropped: Mask = np.asarray(pc.and_(pc.is_valid(column), pc.is_null(known)))
    return known, where(dropped, f"{field}:dropped")


def _content_ids(text: str) -> str | None:
    """Ids parted by `|` or commas, as a JSON list."""
    parts = [part.strip() for part in text.strip("[]").split("|" if "|" in text else ",")]
    ids = json_text(pa.array([part.strip("'\"") for part in parts if part.strip("'\"")], pa.string()))
    return f"[{','.join(ids.to_pylist())}]" if len(ids) else None


def _whole(text: str) -> str | None:
    number = text.removesuffix(".0")
    return number if number.isascii() and number.isdigit() else None


def _opt_out(column: Column) -> Column:
    words = {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}
    return by_distinct(column, lambda text: words.get(text.lower()))


def _keys(events: Hashed, content: Column) -> list[bytes | None]:
    """Sixteen bytes for each event: from name, order id and item number, or from all of its content."""
    order_ids = column_of(events, "order_id").to_pylist()
    names = events.column("event_name").to_pylist()
    items = column_of(events, "item_number").to_pylist()
    contents = content.to_pylist() if None in order_ids else [None] * len(names)
    return [
        _digest(whole) if order_id is None else _digest(f"{name}\x1f{order_id}\x1f{item or ''}")
        for name, order_id, item, whole in zip(names, order_ids, items, contents, strict=True)
    ]


def _digest(text: str | None) -> bytes | None:
    return None if text is None else blake2b(text.encode(), digest_size=KEY_BYTES).digest()
