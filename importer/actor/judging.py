"""What an item of the input becomes: a row, or an error that is reported by its index; and the prepared rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import pyarrow as pa

from importer.actor import event_rows, meta_events
from importer.actor.parameter_errors import ParameterError, read, type_name
from importer.actor.parameters import Event, Input
from importer.core.kernels.arrays import join_notes, nulls
from importer.core.model import IDENTITY, KEY_BYTES, PREPARED, Prepared
from importer.core.preparation import Preparation
from importer.core.prepare import prepare


@dataclass(frozen=True)
class JudgedEvents:
    """The events of one task. rows: a row or an error for each; prepared: those with a row, in the same order."""

    rows: tuple[event_rows.Row | ParameterError, ...]
    prepared: Prepared


def judge(items: Sequence[Any], task: Input, now: datetime) -> JudgedEvents:
    """Judge every item by itself, by the same checks as the rows of a file."""
    found = tuple(row_of(item, task, now) for item in items)
    valid = [row for row in found if not isinstance(row, ParameterError)]
    if not valid:
        return JudgedEvents(found, Prepared(pa.RecordBatch.from_pylist([], schema=PREPARED)))
    batch, binding = event_rows.batch_of(valid)
    preparation = Preparation(binding, event_rows.ANSWERS, int(now.timestamp()))
    return JudgedEvents(found, _with_own_keys(prepare(batch, preparation)))


def row_of(item: Any, task: Input, now: datetime) -> event_rows.Row | ParameterError:
    """Return the row of one item: an `Event`, the same parameters as JSON, or an event as Meta documents it."""
    if isinstance(item, Event):
        return event_rows.row_of(event_rows.with_task_defaults(item, task), now)
    data = _as_json(item)
    if isinstance(data, ParameterError):
        return data
    if meta_events.META_KEYS & data.keys():
        return meta_events.row_of(data, task, now)
    event = read(Event, data)
    if isinstance(event, ParameterError):
        return event
    return event_rows.row_of(event_rows.with_task_defaults(event, task), now)


def _as_json(item: Any) -> Mapping[str, Any] | ParameterError:
    """Reduce the item to what JSON can hold."""
    if not isinstance(item, Mapping):
        return ParameterError("events", "bad_parameter", f"An event must be an object, not {type_name(item)}.")
    try:
        plain: Mapping[str, Any] = orjson.loads(orjson.dumps(dict(item), default=str))
    except TypeError:  # orjson's own errors are such
        message = "The event holds something that JSON cannot; write it as text."
        return ParameterError("events", "bad_parameter", message)
    return plain


def _with_own_keys(prepared: Prepared) -> Prepared:
    """Give each event a key of its own, so that none counts as a repeat; warn of one that equals an earlier one."""
    keys = prepared.column("key").to_pylist()
    seen: set[bytes] = set()
    repeats = []
    for key in keys:
        repeats.append("event:repeated" if key in seen else None)
        seen |= {key} - {None}
    notes = pa.array(repeats, pa.string())
    own = [None if key is None else place.to_bytes(KEY_BYTES, "big") for place, key in enumerate(keys)]
    columns = {name: prepared.column(name) for name in PREPARED.names}
    columns["key"] = pa.array(own, pa.binary(KEY_BYTES))
    columns |= {name: nulls(len(keys), PREPARED.field(name).type) for name in IDENTITY[1:]}
    columns["warnings"] = join_notes([columns["warnings"], notes], len(keys))
    return Prepared(pa.RecordBatch.from_arrays(list(columns.values()), schema=PREPARED))
