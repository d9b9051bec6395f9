"""Source columns -> Meta's fields: which cell fills which field. Times and amounts are read, nothing is normalized."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding, Source
from importer.core.cells.amounts import Amounts, from_minor, read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.cells.currency import currencies
from importer.core.cells.times import read_times
from importer.core.items import item_objects
from importer.core.kernels.arrays import coalesce, lists_of, nulls, one_chunk, text_or_null
from importer.core.model import CUSTOMER_FIELDS, MONEY, Column, Mapped, Raw
from importer.core.non_records import non_records
from importer.core.plan import TOLD_FIELDS
from importer.core.sales import verdicts

NOTHING = pa.scalar(0).cast(MONEY)
PLAIN_FIELDS = (
    "order_id", "item_number", "event_source_url", "opt_out", "content_ids", "content_type", "content_name",
    "content_category", "num_items", "delivery_category", "search_string", "data_processing_options",
    "data_processing_options_country", "data_processing_options_state", *TOLD_FIELDS,
)  # fmt: skip
"""Fields that are taken as text; the payload stage validates their values."""


def map_batch(raw: Raw, binding: Binding, answers: Answers) -> Mapped:
    """Return the rows under Meta's field names: customers as lists of text, times in UTC seconds, amounts exact."""
    sources = binding.columns
    columns: dict[str, Column] = {name: raw.column(name) for name in ("row", "line", "fault")}
    columns |= {name: lists_of(list(_cells(raw, sources[name]))) for name in CUSTOMER_FIELDS if name in sources}
    columns |= {name: _text(raw, sources[name]) for name in PLAIN_FIELDS if name in sources}
    event = binding.plan.event
    defaults = {
        "event_name": answers.event_name,
        "action_source": answers.action_source,
        "event_source": event.event_source,
        "lead_event_source": event.lead_event_source,
    }
    columns |= {name: text_or_null(_text(raw, sources.get(name)), default) for name, default in defaults.items()}
    columns |= _times(raw, binding, answers)
    columns |= _money(raw, binding, answers)
    columns["non_record"] = non_records(raw, binding, columns)
    columns["sale"] = verdicts(raw, binding, columns["value"], answers.decimals)
    columns["items"] = item_objects(raw, binding, answers.decimals)
    for name, source in binding.custom.items():
        column = raw.column(source.names[0])
        is_number = pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
        keeps_type = is_number and len(source.names) == 1
        columns[f"custom:{name}"] = one_chunk(column.cast(pa.float64())) if keeps_type else _text(raw, source)
    return Mapped(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def _cells(raw: Raw, source: Source) -> Iterator[Column]:
    return (as_text(raw.column(name)) for name in source.names)


def _text(raw: Raw, source: Source | None) -> Column:
    """Return the first filled cell of the columns, as text."""
    return nulls(raw.num_rows) if source is None else coalesce(list(_cells(raw, source)))


def _times(raw: Raw, binding: Binding, answers: Answers) -> dict[str, Column]:
    """Return seconds, reason and notes of the first readable time column; a row's own zone column wins over the file's.

    Of several columns' reasons, that a cell is empty says least.
    """
    source = binding.columns.get("event_time")
    if source is None:
        count = raw.num_rows
        return {
            "event_time": nulls(count, pa.int64()),
            "event_day": nulls(count, pa.int32()),
            "time_reason": nulls(count),
            "time_note": nulls(count),
        }
    clock, zones = (
        _text(raw, binding.columns[name]) if name in binding.columns else None for name in ("event_clock", "event_zone")
    )
    read = [
        read_times(
            raw.column(name),
            order=answers.date_order,
            zone=answers.zone,
            zones=zones,
            clock=clock,
            utc=binding.plan.time.utc or "utc" in name.casefold(),
        )
        for name in source.names
    ]
    seconds = coalesce([times.seconds for times in read])
    reason, notes = read[-1].reason, read[-1].notes
    if len(read) > 1:
        nothing, missing = pa.scalar(None, pa.string()), pa.scalar("missing_event_time")
        faults = [pc.if_else(pc.equal(times.reason, missing), nothing, times.reason) for times in read]
        reason = one_chunk(pc.if_else(pc.is_valid(seconds), nothing, pc.coalesce(*faults, missing)))
        for times in reversed(read[:-1]):
            notes = one_chunk(pc.if_else(pc.is_valid(times.seconds), times.notes, notes))
    days = coalesce([times.days for times in read])
    return {"event_time": seconds, "event_day": days, "time_reason": reason, "time_note": notes}


def _money(raw: Raw, binding: Binding, answers: Answers) -> dict[str, Column]:
    """Return the value, exact, and its currency: the row's own column, else the cell's own sign, else the answer."""
    amounts = {
        name: _amount(raw, binding.columns[name], answers.decimals.get(name))
        for name in ("value", "net_revenue", "predicted_ltv")
        if name in binding.columns
    }
    value = amounts.get("value") or Amounts(nulls(raw.num_rows, MONEY), nulls(raw.num_rows), nulls(raw.num_rows))
    written = _text(raw, binding.columns.get("currency"))
    own = currencies(written)
    bad = one_chunk(pc.and_(pc.is_valid(written), pc.is_null(own)))
    currency = text_or_null(coalesce([own, value.currency]), answers.currency)
    values = from_minor(value.values, currency) if binding.plan.money.minor_units else value.values
    return {
        "value": values,
        "value_reason": value.reason,
        "currency": one_chunk(pc.if_else(bad, pa.scalar(None, pa.string()), currency))
        if pc.any(bad).as_py()
        else currency,
        "currency_bad": bad,
        **{name: read.values for name, read in amounts.items() if name != "value"},
    }


def _amount(raw: Raw, source: Source, decimal: str | None) -> Amounts:
    """Return the amount of each row: that of the first filled column, or the columns' sum less those of `minus`.

    A sum is null where none of its columns is filled; what is subtracted counts whatever its sign.
    """
    read = [read_amounts(raw.column(name), decimal=decimal) for name in source.names]
    if source.take != "sum":
        if len(read) == 1:
            return read[0]
        values, reason = (coalesce([getattr(one, name) for one in read]) for name in ("values", "reason"))
        reason = one_chunk(pc.if_else(pc.is_valid(values), pa.scalar(None, pa.string()), reason))
        return Amounts(values, reason, coalesce([one.currency for one in read]))
    subtracted = [read_amounts(raw.column(name), decimal=decimal) for name in source.minus]
    total = read[0].values
    for one in read[1:]:
        both = pc.add(pc.fill_null(total, NOTHING), pc.fill_null(one.values, NOTHING))
        total = pc.if_else(pc.or_(pc.is_valid(total), pc.is_valid(one.values)), both, total)
    for one in subtracted:
        total = pc.subtract(total, pc.fill_null(pc.abs(one.values), NOTHING))
    parts = [*read, *subtracted]
    reason, currency = (coalesce([getattr(one, name) for one in parts]) for name in ("reason", "currency"))
    return Amounts(one_chunk(total.cast(MONEY)), reason, currency)
