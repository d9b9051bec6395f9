"""What an item of the input becomes: a row, or a mistake that is told by its index; and the rows, prepared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import pyarrow as pa

from importer.actor import event_rows as rows
from importer.actor import meta_events as documented
from importer.actor.parameter_errors import Mistake, kind_of, read
from importer.actor.parameters import Event, Input
from importer.core.kernels.arrays import join_notes
from importer.core.model import KEY_BYTES, PREPARED, Prepared
from importer.core.prepare import Preparation, prepare


@dataclass(frozen=True)
class Judged:
    """The events of one task. rows: a row or a mistake for each; prepared: those with a row, in the same order."""

    rows: tuple[rows.Row | Mistake, ...]
    prepared: Prepared


def judge(items: Sequence[Any], task: Input, now: datetime) -> Judged:
    """Every item is judged by itself, by the same checks as the rows of a file."""
    made = tuple(row_of(item, task, now) for item in items)
    sound = [row for row in made if not isinstance(row, Mistake)]
    if not sound:
        return Judged(made, Prepared(pa.RecordBatch.from_pylist([], schema=PREPARED)))
    batch, binding = rows.batch_of(sound)
    preparation = Preparation(binding, rows.ANSWERS, int(now.timestamp()))
    return Judged(made, _each_for_itself(prepare(batch, preparation)))


def row_of(item: Any, task: Input, now: datetime) -> rows.Row | Mistake:
    """The row of one item: an `Event`, the same parameters as JSON, or an event as Meta documents it."""
    if isinstance(item, Event):
        return rows.row_of(rows.with_shared(item, task), now)
    data = _as_json(item)
    if isinstance(data, Mistake):
        return data
    if documented.MARKS & data.keys():
        return documented.row_of(data, task, now)
    event = read(Event, data)
    return event if isinstance(event, Mistake) else rows.row_of(rows.with_shared(event, task), now)


def _as_json(item: Any) -> Mapping[str, Any] | Mistake:
    """The item with nothing in it but what JSON can hold."""
    if not isinstance(item, Mapping):
        return Mistake("events", "bad_parameter", f"An event must be an object, not {kind_of(item)}.")
    try:
        plain: Mapping[str, Any] = orjson.loads(orjson.dumps(dict(item), default=str))
    except TypeError:  # orjson's own errors are such
        return Mistake("events", "bad_parameter", "The event holds something that JSON cannot; write it as text.")
    return plain


def _each_for_itself(prepared: Prepared) -> Prepared:
    """Each event has a key of its own, so that none is taken for a repeat; one that looks the same is warned of."""
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
    columns["warnings"] = join_notes([columns["warnings"], notes], len(keys))
    return Prepared(pa.RecordBatch.from_arrays(list(columns.values()), schema=PREPARED))
