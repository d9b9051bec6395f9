"""A hashed order -> its key, its event id and the JSON that Meta takes, assembled by column.

The key identifies the sale at Meta and in the ledger: the event's name, its order id and item number; without an
order id all of the event's content. The event id is that key in hex, unless the source names one. Both follow from the
source row alone, so that a retry, a second run or next week's overlapping export yields the same bytes (hard rule 26).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import (
    by_distinct,
    coalesce,
    column_of,
    first_of,
    nulls,
    one_chunk,
    where,
)
from importer.core.kernels.bytes import texts_of
from importer.core.kernels.decimal_digits import amounts, integers
from importer.core.kernels.json_encode import Member, members, number, objects, quoted, text_member
from importer.core.kernels.sha256 import hexadecimal, sha256_bytes
from importer.core.model import BLANK, KEY_BYTES, KEYS, Column, Hashed, Key, Normal

TEXT_FIELDS = (
    "order_id", "item_number", "content_name", "content_category", "search_string", "event_source",
    "lead_event_source",
)  # fmt: skip
LISTED = {
    "content_type": ("product", "product_group"),
    "delivery_category": ("in_store", "curbside", "home_delivery"),
}


def build(events: Hashed, privacy: Column, *, raw_external_id: bool = False) -> dict[str, Column]:
    """Columns `key`, `event_id`, `payload`, `match_keys` and `payload_warnings` of each event."""
    count = events.num_rows
    listed = _listed(events)
    people = [_key_member(key, events.column(key.name), raw_external_id=raw_external_id) for key in _keys_of(events)]
    parts = [
        text_member("event_name", events.column("event_name")),
        Member('"event_time":', integers(events.column("event_time"))),
        text_member("action_source", events.column("action_source")),
        text_member("event_source_url", column_of(events, "event_source_url")),
        Member('"opt_out":', by_distinct(column_of(events, "opt_out"), _opt_out)),
        Member("", privacy),
        Member("", column_of(events, "event_members")),
        Member('"user_data":{', people, "}"),
        Member('"custom_data":{', _custom_data(events, listed), "}"),
    ]
    keys = _identities(events, parts)
    event_ids = _event_ids(events, keys)
    return {
        "key": keys,
        "event_id": event_ids,
        "payload": objects([text_member("event_id", event_ids), *parts], count, BLANK),
        "match_keys": _match_keys(events),
        "payload_warnings": _dropped(events, listed),
    }


def outline(events: Normal) -> dict[str, Column]:
    """The same columns of events that all have an order id, without the JSON: `payload` holds empty objects."""
    keys = _identities(events, ())
    return {
        "key": keys,
        "event_id": _event_ids(events, keys),
        "payload": one_chunk(pa.repeat(pa.scalar("{}", pa.large_string()), events.num_rows)),
        "match_keys": _match_keys(events),
        "payload_warnings": _dropped(events, _listed(events)),
    }


def _match_keys(events: pa.RecordBatch) -> Column:
    """The names of the keys that each event has, `em+ph`; files have few combinations, so each is written once."""
    keys, everywhere = _keys_of(events), 0
    bits = np.zeros(events.num_rows, np.int32)
    for place, key in enumerate(keys):
        offsets = np.asarray(cast("pa.ListArray", events.column(key.name)).offsets)
        present = offsets[1:] > offsets[:-1]
        if present.all():
            everywhere |= 1 << place
        else:
            bits |= present.astype(np.int32) << np.int32(place)
    encoded = pa.array(bits).dictionary_encode()
    written = [
        "+".join(key.name for place, key in enumerate(keys) if (code | everywhere) >> place & 1) or None
        for code in encoded.dictionary.to_pylist()
    ]
    return one_chunk(pa.array(written, pa.string()).take(encoded.indices))


def _keys_of(events: pa.RecordBatch) -> list[Key]:
    return [key for key in KEYS if key.name in events.schema.names]


def _key_member(key: Key, lists: Column, *, raw_external_id: bool) -> Member:
    if not key.many:
        return Member(f'"{key.name}":', first_of(lists)) if key.number else text_member(key.name, first_of(lists))
    return Member(f'"{key.name}":["', lists, '"]', clear=raw_external_id and key.name == "external_id")


def _custom_data(events: pa.RecordBatch, listed: Mapping[str, Column]) -> list[Member]:
    """The members of `custom_data` [CD]; of the values that Meta lists, those it takes."""
    items, value = events.column("items"), events.column("value")
    return [
        Member('"value":', amounts(value)),
        text_member("currency", _where_valued(events.column("currency"), value)),
        *(text_member(name, column_of(events, name)) for name in TEXT_FIELDS),
        Member('"contents":[', items, "]"),
        Member('"content_ids":', by_distinct(column_of(events, "content_ids"), _content_ids)),
        text_member("content_type", _content_type(listed["content_type"], items)),
        Member('"num_items":', by_distinct(column_of(events, "num_items"), _whole)),
        text_member("delivery_category", listed["delivery_category"]),
        *(
            Member(f'"{name}":', number(events.column(name)))
            for name in ("predicted_ltv", "net_revenue")
            if name in events.schema.names
        ),
        *_properties(events),
        Member("", column_of(events, "custom_members")),
    ]


def _where_valued(currency: Column, value: Column) -> Column:
    """A currency without a value says nothing."""
    if not value.null_count:
        return currency
    return one_chunk(pc.if_else(pc.is_valid(value), currency, pa.scalar(None, pa.string())))


def _properties(events: pa.RecordBatch) -> list[Member]:
    """Custom properties stand beside Meta's own keys in `custom_data`."""
    parts = []
    for name in events.schema.names:
        if name.startswith("custom:"):
            column, property_name = events.column(name), name.removeprefix("custom:")
            is_text = pa.types.is_string(column.type)
            parts.append(
                text_member(property_name, column) if is_text else Member(f'"{property_name}":', number(column))
            )
    return parts


def _content_type(written: Column, items: Column) -> Column:
    """Events with contents are of products unless the export says otherwise [OFF]."""
    if items.null_count == len(items):
        return written
    return one_chunk(pc.coalesce(written, where(np.asarray(items.is_valid()), "product")))


def _listed(events: pa.RecordBatch) -> dict[str, Column]:
    """The columns whose values Meta lists, others left out (hard rule 21)."""
    return {name: by_distinct(column_of(events, name), partial(_among, allowed)) for name, allowed in LISTED.items()}


def _among(allowed: Sequence[str], text: str) -> str | None:
    return text.lower() if text.lower() in allowed else None


def _dropped(events: pa.RecordBatch, listed: Mapping[str, Column]) -> Column:
    """A warning where a value was left out."""
    found = [name for name in listed if name in events.schema.names]
    gone = [pc.and_(events.column(name).is_valid(), listed[name].is_null()) for name in found]
    notes = [where(mask, f"{name}:dropped") for name, mask in zip(found, gone, strict=True)]
    return coalesce(notes or [nulls(events.num_rows)])


def _content_ids(text: str) -> str | None:
    """Ids parted by `|` or commas, as a JSON list."""
    parts = [part.strip() for part in text.strip("[]").split("|" if "|" in text else ",")]
    ids = quoted(pa.array([part.strip("'\"") for part in parts if part.strip("'\"")], pa.string()))
    return f"[{','.join(ids.to_pylist())}]" if len(ids) else None


def _whole(text: str) -> str | None:
    number = text.removesuffix(".0")
    return number if number.isascii() and number.isdigit() else None


def _opt_out(text: str) -> str | None:
    return {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}.get(text.lower())


def _identities(events: pa.RecordBatch, content: Sequence[Member]) -> Column:
    """What identifies each event in 16 bytes: of its name, order id and item number, or of all of its content."""
    order_ids, items = column_of(events, "order_id"), column_of(events, "item_number")
    told = pc.binary_join_element_wise(
        events.column("event_name"), order_ids, items.fill_null(""), "\x1f", null_handling="emit_null"
    )
    if told.null_count:
        told = coalesce([one_chunk(told), members(content, events.num_rows)])
    digests = np.ascontiguousarray(sha256_bytes(one_chunk(told))[:, :KEY_BYTES])
    keys: Column = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(KEY_BYTES), len(digests), [None, pa.py_buffer(digests)]
    )
    return keys


def _event_ids(events: pa.RecordBatch, keys: Column) -> Column:
    """The id that the source names, else the key in hex."""
    written = hexadecimal(np.frombuffer(keys.buffers()[1], np.uint8))
    made = texts_of(written, np.full(len(keys), 2 * KEY_BYTES, np.int32))
    return coalesce([events.column("event_id"), made]) if "event_id" in events.schema.names else made
