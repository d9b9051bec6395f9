"""A hashed order -> the JSON that Meta takes, assembled by column."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.cell_lists import ids_of
from importer.core.cells.yes_no import opted_out
from importer.core.kernels.arrays import (
    as_lists,
    by_distinct,
    coalesce,
    column_of,
    first_of,
    join_notes,
    nulls,
    one_chunk,
    only_listed,
    where,
)
from importer.core.kernels.json_encode import (
    Member,
    array_member,
    concat,
    escape,
    join_members,
    list_member,
    member,
    number,
    object_member,
    text_member,
    write,
    written_members,
)
from importer.core.model import (
    DELIVERY_CATEGORIES,
    KEY_BYTES,
    KEYS,
    SEGMENTS,
    SEPARATOR,
    Column,
    Hashed,
    Key,
    Normal,
)
from importer.core.sale_identity import keys_of_texts

TEXT_FIELDS = (
    "order_id", "item_number", "content_name", "content_category", "search_string", "event_source",
    "lead_event_source",
)  # fmt: skip
LISTED: Mapping[str, tuple[str, ...]] = {
    "content_type": ("product", "product_group"),
    "delivery_category": DELIVERY_CATEGORIES,
    "custom:customer_segmentation": SEGMENTS,
    "custom:store_data": (),  # an object, which no cell is
}
OPT_OUT_NOTE = "opt_out:unknown_word"


def build(events: Hashed, event_id: Column, privacy: Column, *, raw_external_id: bool = False) -> dict[str, Column]:
    """Return the columns `payload`, `body_key`, `match_keys` and `payload_warnings` of the events.

    event_id: the first member of each event, where `delivery` can find it; privacy: the members about data processing,
    null where there are none. body_key: the key that a sale without order id had in earlier versions, else null.
    """
    count = events.num_rows
    listed = _listed(events)
    members = [
        text_member("event_name", events.column("event_name")),
        member("event_time", number(events.column("event_time"))),
        text_member("action_source", events.column("action_source")),
        text_member("event_source_url", column_of(events, "event_source_url")),
        member("opt_out", by_distinct(column_of(events, "opt_out"), _opted_out)),
        written_members(privacy),
        written_members(column_of(events, "event_members")),
        object_member("user_data", _user_data(events, raw_external_id=raw_external_id), count),
        object_member("custom_data", _custom_data(events, listed), count),
    ]
    order_id = column_of(events, "order_id")
    body_key = nulls(count, pa.binary(KEY_BYTES))
    if order_id.null_count:
        bodies = write(join_members(members, count), count)
        body_key = keys_of_texts(one_chunk(pc.if_else(order_id.is_null(), bodies, None)))
    content = join_members([text_member("event_id", event_id), *members], count)
    payload = concat(("{", *content.pieces, "}" + SEPARATOR), count)
    return _notes(events, listed) | {"payload": payload, "body_key": body_key}


def outline(events: Normal) -> dict[str, Column]:
    """Return the same columns of events that all have an order id, without the JSON: `payload` holds empty objects."""
    payload = one_chunk(pa.repeat(pa.scalar("{}" + SEPARATOR, pa.large_string()), events.num_rows))
    body_key = nulls(events.num_rows, pa.binary(KEY_BYTES))
    return _notes(events, _listed(events)) | {"payload": payload, "body_key": body_key}


def _user_data(events: pa.RecordBatch, *, raw_external_id: bool) -> list[Member]:
    """Write the members of `user_data` [CIP], in the order of `KEYS`."""
    members = []
    for key in _keys_of(events):
        lists = as_lists(events.column(key.name))
        if raw_external_id and key.name == "external_id":
            lists = pa.ListArray.from_arrays(lists.offsets, escape(lists.values))
        if key.many:
            members.append(list_member(key.name, lists))
        else:
            members.append((member if key.number else text_member)(key.name, first_of(lists)))
    return members


def _custom_data(events: pa.RecordBatch, listed: Mapping[str, Column]) -> list[Member]:
    """Write the members of `custom_data` [CD]; of the values that Meta lists, those it takes."""
    items, value, currency = events.column("items"), events.column("value"), events.column("currency")
    content_type = listed["content_type"]
    if value.null_count:  # a currency without a value says nothing
        currency = one_chunk(pc.if_else(value.is_valid(), currency, None))
    if items.null_count < len(items):  # events with contents are of products unless the export says otherwise [OFF]
        content_type = coalesce([content_type, where(items.is_valid(), "product")])
    return [
        member("value", number(value)),
        text_member("currency", currency),
        *(text_member(name, column_of(events, name)) for name in TEXT_FIELDS),
        array_member("contents", items),
        member("content_ids", by_distinct(column_of(events, "content_ids"), _content_ids)),
        text_member("content_type", content_type),
        member("num_items", by_distinct(column_of(events, "num_items"), _whole_number)),
        text_member("delivery_category", listed["delivery_category"]),
        *_numbers_and_properties(events, listed),
        written_members(column_of(events, "custom_members")),
    ]


def _numbers_and_properties(events: pa.RecordBatch, listed: Mapping[str, Column]) -> list[Member]:
    """Write Meta's amounts beside `value`, then the custom properties, which stand among Meta's own keys."""
    amounts = [name for name in ("predicted_ltv", "net_revenue") if name in events.schema.names]
    members = [member(name, number(events.column(name))) for name in amounts]
    for name in events.schema.names:
        if name.startswith("custom:"):
            column, key = listed.get(name, events.column(name)), name.removeprefix("custom:")
            if key == "status":  # Meta's own, and a text
                column = _texts(column)
            members.append(text_member(key, column) if pa.types.is_string(column.type) else member(key, number(column)))
    return members


def _opted_out(text: str) -> str | None:
    """Write whether a cell says that the customer opted out; an unknown word says so too."""
    out, _ = opted_out(text)
    return None if out is None else str(out).lower()


def _content_ids(text: str) -> str | None:
    """Write ids as a JSON list: those of a list in the cell, or separated by `|`, `;`, line breaks or commas."""
    items = ids_of(text)
    separator = next((mark for mark in "|;\n\t" if mark in text), ",")
    parts = text.strip("[]").split(separator) if items is None else items
    ids = [bare for part in parts if (bare := part.strip().strip("'\""))]
    return json.dumps(ids, ensure_ascii=False, separators=(",", ":")) if ids else None


def _whole_number(text: str) -> str | None:
    number = text.removesuffix(".0")
    return number if number.isascii() and number.isdigit() else None


def _listed(events: pa.RecordBatch) -> dict[str, Column]:
    """Return the columns whose values Meta lists, in lower case, other values left out (hard rule 21)."""
    columns = {}
    for name, allowed in LISTED.items():
        columns[name] = only_listed(_texts(column_of(events, name)), allowed)
    return columns


def _texts(column: Column) -> Column:
    return column if pa.types.is_string(column.type) else one_chunk(number(column).cast(pa.string()))


def _notes(events: pa.RecordBatch, listed: Mapping[str, Column]) -> dict[str, Column]:
    """Return the columns `match_keys` and `payload_warnings`, the latter where a value was left out."""
    found = [name for name in listed if name in events.schema.names]
    notes = [
        where(
            pc.and_(events.column(name).is_valid(), listed[name].is_null()), f"{name.removeprefix('custom:')}:dropped"
        )
        for name in found
    ]
    if "opt_out" in events.schema.names:
        notes.append(by_distinct(events.column("opt_out"), lambda text: None if opted_out(text)[1] else OPT_OUT_NOTE))
    return {
        "match_keys": _match_keys(events),
        "payload_warnings": join_notes(notes, events.num_rows),
    }


def _match_keys(events: pa.RecordBatch) -> Column:
    """Name the keys that each event has, `em+ph`; files have few combinations, so each is written once."""
    keys, everywhere = _keys_of(events), 0
    bits = np.zeros(events.num_rows, np.int32)
    for place, key in enumerate(keys):
        offsets = np.asarray(as_lists(events.column(key.name)).offsets)
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
