"""A hashed order -> its key, its event id and the JSON that Meta takes, assembled by column.

The key identifies the sale at Meta and in the ledger: the event's name, its order id and item number; without an
order id all of the event's content. The event id is that key in hex, unless the source names one. Both follow from the
source row alone, so that a retry, a second run or next week's overlapping export yields the same bytes (hard rule 26).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import (
    Mask,
    by_distinct,
    coalesce,
    column_of,
    first_of,
    nulls,
    one_chunk,
    where,
)
from importer.core.digests import sha256_hex
from importer.core.json_text import Member, escaped, members, number, quoted, text_member
from importer.core.model import KEY_BYTES, KEYS, Column, Hashed, Key, Normal
from importer.core.octets import octets

TEXT_FIELDS = (
    "order_id", "item_number", "content_name", "content_category", "search_string", "event_source",
    "lead_event_source",
)  # fmt: skip
CONTENT_TYPES = ("product", "product_group")
DELIVERY_CATEGORIES = ("in_store", "curbside", "home_delivery")


def build(events: Hashed, privacy: Column) -> dict[str, Column]:
    """Columns `key`, `event_id`, `payload`, `match_keys` and `payload_warnings` of each event."""
    keys = [key for key in KEYS if key.name in events.schema.names]
    people = [_key_member(key, events.column(key.name)) for key in keys]
    custom_data, warnings = _custom_data(events)
    parts = [
        text_member("event_name", events.column("event_name")),
        Member('"event_time":', events.column("event_time").cast(pa.string())),
        text_member("action_source", events.column("action_source")),
        text_member("event_source_url", column_of(events, "event_source_url")),
        Member('"opt_out":', _opt_out(column_of(events, "opt_out"))),
        Member("", privacy),
        Member("", column_of(events, "event_members")),
        Member('"user_data":{', people, "}"),
        Member('"custom_data":{', custom_data, "}"),
    ]
    identity = _identities(events, parts)
    event_ids = coalesce([column_of(events, "event_id"), identity]) if "event_id" in events.schema.names else identity
    payload = pc.binary_join_element_wise(
        "{", members([text_member("event_id", event_ids), *parts], events.num_rows), "}", ""
    )
    return {
        "key": _keys(identity),
        "event_id": event_ids,
        "payload": one_chunk(payload.cast(pa.large_string())),
        "match_keys": _match_keys(events),
        "payload_warnings": warnings,
    }


def outline(events: Normal) -> dict[str, Column]:
    """The same columns of events that all have an order id, without the JSON: `payload` holds empty objects."""
    identity = _identities(events, ())
    _, warnings = _custom_data(events)
    return {
        "key": _keys(identity),
        "event_id": coalesce([column_of(events, "event_id"), identity]),
        "payload": one_chunk(pa.repeat(pa.scalar("{}", pa.large_string()), events.num_rows)),
        "match_keys": _match_keys(events),
        "payload_warnings": warnings,
    }


def _match_keys(events: pa.RecordBatch) -> Column:
    """The names of the keys that each event has, `em+ph`; files have few combinations, so each is written once."""
    count = events.num_rows
    keys = [key for key in KEYS if key.name in events.schema.names]
    if not keys:
        return nulls(count)
    bits = np.zeros(count, np.int64)
    for place, key in enumerate(keys):
        bits |= (np.asarray(events.column(key.name).value_lengths()) > 0).astype(np.int64) << place
    encoded = pa.array(bits).dictionary_encode()
    written = [
        "+".join(key.name for place, key in enumerate(keys) if code >> place & 1) or None
        for code in encoded.dictionary.to_pylist()
    ]
    return one_chunk(pa.array(written, pa.string()).take(encoded.indices))


def _key_member(key: Key, lists: Column) -> Member:
    if not key.many:
        return Member(f'"{key.name}":', first_of(lists)) if key.number else text_member(key.name, first_of(lists))
    values = lists.values if key.hashed and key.name != "external_id" else escaped(lists.values)  # hex needs no escape
    return Member(f'"{key.name}":["', _joined(lists, values), '"]')


def _joined(lists: Column, values: Column) -> Column:
    """The values of each list as JSON texts parted by commas, without the outer marks; null where there is none."""
    lengths = np.asarray(lists.value_lengths())
    if len(lengths) == len(values) and (lengths == 1).all():
        return values
    if (lengths <= 1).all():
        return first_of(pa.ListArray.from_arrays(lists.offsets, values))
    joined = pc.binary_join(pa.ListArray.from_arrays(lists.offsets, values), '","')
    return one_chunk(pc.if_else(pa.array(lengths > 0), joined, pa.scalar(None, pa.string())))


def _custom_data(events: pa.RecordBatch) -> tuple[list[Member], Column]:
    """The members of `custom_data` [CD], and warnings for values that Meta does not take."""
    content_type, type_warning = _listed(column_of(events, "content_type"), CONTENT_TYPES, "content_type")
    delivery, delivery_warning = _listed(
        column_of(events, "delivery_category"), DELIVERY_CATEGORIES, "delivery_category"
    )
    items, value = events.column("items"), events.column("value")
    parts = [
        Member('"value":', number(value)),
        text_member("currency", _where_valued(events.column("currency"), value)),
        *(text_member(name, column_of(events, name)) for name in TEXT_FIELDS),
        Member('"contents":[', items, "]"),
        Member('"content_ids":', by_distinct(column_of(events, "content_ids"), _content_ids)),
        text_member("content_type", _content_type(content_type, items)),
        Member('"num_items":', by_distinct(column_of(events, "num_items"), _whole)),
        text_member("delivery_category", delivery),
        *(
            Member(f'"{name}":', number(events.column(name)))
            for name in ("predicted_ltv", "net_revenue")
            if name in events.schema.names
        ),
        *_properties(events),
        Member("", column_of(events, "custom_members")),
    ]
    return parts, one_chunk(pc.coalesce(type_warning, delivery_warning))


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
    return one_chunk(pc.coalesce(written, where(np.asarray(items.is_valid()), "product")))


def _listed(column: Column, allowed: Sequence[str], field: str) -> tuple[Column, Column]:
    """Hard rule 21: a value that is not among Meta's is left out with a warning."""
    known = by_distinct(column, lambda text: text.lower() if text.lower() in allowed else None)
    dropped: Mask = np.asarray(pc.and_(pc.is_valid(column), pc.is_null(known)))
    return known, where(dropped, f"{field}:dropped")


def _content_ids(text: str) -> str | None:
    """Ids parted by `|` or commas, as a JSON list."""
    parts = [part.strip() for part in text.strip("[]").split("|" if "|" in text else ",")]
    ids = quoted(pa.array([part.strip("'\"") for part in parts if part.strip("'\"")], pa.string()))
    return f"[{','.join(ids.to_pylist())}]" if len(ids) else None


def _whole(text: str) -> str | None:
    number = text.removesuffix(".0")
    return number if number.isascii() and number.isdigit() else None


def _opt_out(column: Column) -> Column:
    words = {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}
    return by_distinct(column, lambda text: words.get(text.lower()))


def _identities(events: pa.RecordBatch, content: Sequence[Member]) -> Column:
    """For each event 32 hex characters: of its name, order id and item number, or of all of its content."""
    order_ids, items = column_of(events, "order_id"), column_of(events, "item_number")
    told = pc.binary_join_element_wise(
        events.column("event_name"), order_ids, items.fill_null(""), "\x1f", null_handling="emit_null"
    )
    if told.null_count:
        told = coalesce([one_chunk(told), members(content, events.num_rows)])
    hashes = sha256_hex(one_chunk(told))
    return one_chunk(pc.utf8_slice_codeunits(hashes, 0, 2 * KEY_BYTES))


def _keys(identities: Column) -> Column:
    """The identities as bytes."""
    text = octets(identities).data.tobytes().decode("ascii")
    keys: Column = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(KEY_BYTES), len(identities), [None, pa.py_buffer(bytes.fromhex(text))]
    )
    return keys
