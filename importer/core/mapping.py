"""Source columns -> Meta's fields: which cell fills which field, times and amounts read, nothing normalised yet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.amounts import Amounts, from_minor, read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.cells.currency import currencies
from importer.core.cells.times import Times, read_times
from importer.core.items import item_objects
from importer.core.kernels.arrays import coalesce, lists_of, nulls, one_chunk, text_or_null
from importer.core.model import KEYS, MONEY, Column, Mapped, Raw
from importer.core.non_records import frame
from importer.core.plan import HELPER_FIELDS, TOLD_FIELDS, Answers, Binding, Source
from importer.core.sales import verdicts

NOTHING = pa.scalar(0).cast(MONEY)
CUSTOMER_FIELDS = (*(key.name for key in KEYS), *HELPER_FIELDS)
PLAIN_FIELDS = (
    "order_id", "item_number", "event_source_url", "opt_out", "content_ids", "content_type", "content_name",
    "content_category", "num_items", "delivery_category", "search_string", "data_processing_options",
    "data_processing_options_country", "data_processing_options_state", *TOLD_FIELDS,
)  # fmt: skip
"""Fields that are taken as text; the payload stage judges their values."""


def map_batch(raw: Raw, binding: Binding, answers: Answers) -> Mapped:
    """The rows with Meta's field names: customers as lists of text, times in UTC seconds, amounts exact."""
    columns: dict[str, Column] = {name: raw.column(name) for name in ("row", "line", "fault")}
    columns |= _customers(raw, binding)
    columns |= {name: _text(raw, binding.columns.get(name)) for name in PLAIN_FIELDS if name in binding.columns}
    columns |= _event(raw, binding, answers)
    columns |= _times(raw, binding, answers)
    columns |= _money(raw, binding, answers)
    columns["frame"] = frame(raw, binding, columns)
    columns["sale"] = verdicts(raw, binding, columns["value"], answers.decimals)
    columns["items"] = item_objects(raw, binding, answers.decimals)
    columns |= {f"custom:{name}": _custom(raw, source) for name, source in binding.custom.items()}
    return Mapped(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def _cells(raw: Raw, source: Source) -> Iterator[Column]:
    return (as_text(raw.column(name)) for name in source.names)


def _text(raw: Raw, source: Source | None) -> Column:
    """The first filled cell of the columns, as text."""
    return nulls(raw.num_rows) if source is None else coalesce(list(_cells(raw, source)))


def _customers(raw: Raw, binding: Binding) -> dict[str, Column]:
    sources = {name: binding.columns[name] for name in CUSTOMER_FIELDS if name in binding.columns}
    return {name: lists_of(list(_cells(raw, source))) for name, source in sources.items()}


def _event(raw: Raw, binding: Binding, answers: Answers) -> dict[str, Column]:
    event = binding.plan.event
    filled = {
        "event_name": answers.event_name,
        "action_source": answers.action_source,
        "event_source": event.event_source,
        "lead_event_source": event.lead_event_source,
    }
    return {name: text_or_null(_text(raw, binding.columns.get(name)), text) for name, text in filled.items()}


def _times(raw: Raw, binding: Binding, answers: Answers) -> dict[str, Column]:
    """Seconds, reason and notes of the first readable time column; each row's own zone column wins over the file's."""
    source = binding.columns.get("event_time")
    if source is None:
        count = raw.num_rows
        return {"event_time": nulls(count, pa.int64()), "time_reason": nulls(count), "time_note": nulls(count)}
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
    return {"event_time": seconds, "time_reason": _time_reason(read, seconds), "time_note": _note_of_first(read)}


def _time_reason(read: list[Times], seconds: Column) -> Column:
    """Why none of the columns could be read; of the reasons, that a cell is empty tells least."""
    if len(read) == 1 or not seconds.null_count:
        return read[0].reason if len(read) == 1 else nulls(len(seconds))
    nothing, missing = pa.scalar(None, pa.string()), pa.scalar("missing_event_time")
    faults = [pc.if_else(pc.equal(times.reason, missing), nothing, times.reason) for times in read]
    return one_chunk(pc.if_else(pc.is_valid(seconds), nothing, pc.coalesce(*faults, missing)))


def _note_of_first(read: list[Times]) -> Column:
    notes = read[-1].notes
    for times in reversed(read[:-1]):
        notes = pc.if_else(pc.is_valid(times.seconds), times.notes, notes)
    return one_chunk(notes)


def _money(raw: Raw, binding: Binding, answers: Answers) -> dict[str, Column]:
    """The value, exact; its currency by the row's own column, else the cell's own sign, else the file's answer."""
    amounts = {
        name: _amount(raw, binding.columns[name], answers.decimals.get(name))
        for name in ("value", "net_revenue", "predicted_ltv")
        if name in binding.columns
    }
    value = amounts.get("value") or Amounts(nulls(raw.num_rows, MONEY), nulls(raw.num_rows), nulls(raw.num_rows))
    currency, bad = _currency(_text(raw, binding.columns.get("currency")), value.currency, answers)
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


def _currency(written: Column, beside: Column, answers: Answers) -> tuple[Column, Column]:
    """The currency of each row, and where what is written in its column is none; beside: that of the amount's cell."""
    own = currencies(written)
    if own.null_count == written.null_count:
        bad = pa.array(np.zeros(len(written), np.bool_))
    else:
        bad = one_chunk(pc.and_(pc.is_valid(written), pc.is_null(own)))
    return text_or_null(coalesce([own, beside]), answers.currency), bad


def _amount(raw: Raw, source: Source, decimal: str | None) -> Amounts:
    read = [read_amounts(raw.column(name), decimal=decimal) for name in source.names]
    if source.take == "sum":
        return _sum(read, [read_amounts(raw.column(name), decimal=decimal) for name in source.minus])
    if len(read) == 1:
        return read[0]
    values = coalesce([amounts.values for amounts in read])
    reason = pc.if_else(
        pc.is_valid(values), pa.scalar(None, pa.string()), coalesce([amounts.reason for amounts in read])
    )
    return Amounts(values, one_chunk(reason), coalesce([amounts.currency for amounts in read]))


def _sum(plus: list[Amounts], minus: list[Amounts]) -> Amounts:
    """The sum of the filled cells less the others', whatever their sign; null where none of the first is filled."""
    total = plus[0].values
    for amounts in plus[1:]:
        both = pc.add(pc.fill_null(total, NOTHING), pc.fill_null(amounts.values, NOTHING))
        total = pc.if_else(pc.or_(pc.is_valid(total), pc.is_valid(amounts.values)), both, total)
    for amounts in minus:
        total = pc.subtract(total, pc.fill_null(pc.abs(amounts.values), NOTHING))
    parts = [*plus, *minus]
    currency = coalesce([amounts.currency for amounts in parts])
    return Amounts(one_chunk(total.cast(MONEY)), coalesce([amounts.reason for amounts in parts]), currency)


def _custom(raw: Raw, source: Source) -> Column:
    """A custom property: numbers of typed columns stay numbers, everything else is text."""
    column = raw.column(source.names[0])
    if len(source.names) == 1 and (pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)):
        return one_chunk(column.cast(pa.float64()))
    return _text(raw, source)
