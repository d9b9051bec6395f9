"""Source columns -> Meta's fields: which cell fills which field. Times and amounts are read, nothing is normalized."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding, Source
from importer.core.cells.amounts import LARGEST, Amounts, from_minor, read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.cells.currency import currencies, vague_symbols
from importer.core.cells.header_currency import header_minor, header_thousands
from importer.core.cells.numbers import read_numbers
from importer.core.cells.order_ids import plain_ids, written_ids
from importer.core.cells.times import put_back, read_times
from importer.core.items import item_objects
from importer.core.kernels.arrays import (
    Mask,
    coalesce,
    join_notes,
    join_present,
    lists_of,
    null_if_empty,
    nulls,
    one_chunk,
    text_or_null,
    where,
)
from importer.core.model import CUSTOMER_FIELDS, MONEY, Column, Mapped, Raw
from importer.core.money_columns import (
    CONFLICT,
    amounts_of,
    differ,
    summed_conflicts,
    symbol_contradicts,
    whole_minor_units,
    with_conflicts,
)
from importer.core.non_records import non_records
from importer.core.plan import TOLD_FIELDS
from importer.core.sales import doubts, verdicts

NOTHING = pa.scalar(0).cast(MONEY)
THOUSAND = pa.scalar(Decimal(1000), pa.decimal128(4, 0))
FACTOR = pa.decimal128(18, 6)
"""A price or a quantity, of which Arrow can multiply two."""
PLAIN_FIELDS = (
    "item_number", "event_source_url", "opt_out", "content_ids", "content_type", "content_name",
    "content_category", "num_items", "delivery_category", "search_string", "data_processing_options",
    "data_processing_options_country", "data_processing_options_state", *TOLD_FIELDS,
)  # fmt: skip
"""Fields that are taken as text; the payload stage validates their values."""


def map_batch(raw: Raw, binding: Binding, answers: Answers) -> Mapped:
    """Return the rows under Meta's field names: customers as lists of text, times in UTC seconds, amounts exact."""
    sources = binding.columns
    columns: dict[str, Column] = {name: raw.column(name) for name in ("row", "line", "fault")}
    columns |= {name: lists_of(_values(raw, sources[name])) for name in CUSTOMER_FIELDS if name in sources}
    turned = np.zeros(raw.num_rows, np.bool_)
    if "db" in sources and answers.exchanged.intersection(sources["db"].names):
        columns["db"], turned = _birthdays(raw, sources["db"], answers)
    columns |= {name: _text(raw, sources[name]) for name in PLAIN_FIELDS if name in sources}
    if "order_id" in sources:
        ids = [raw.column(name) for name in sources["order_id"].names]
        columns["order_id"] = plain_ids(ids, keep_others=binding.plan.orders.blank_key)
        written = written_ids(ids, columns["order_id"])
        if written.null_count < len(written):
            columns["written_order_id"] = written
    event = binding.plan.event
    defaults = {
        "event_name": answers.event_name,
        "action_source": answers.action_source,
        "event_source": event.event_source,
        "lead_event_source": event.lead_event_source,
    }
    columns |= {name: text_or_null(_text(raw, sources.get(name)), default) for name, default in defaults.items()}
    columns |= times_of(raw, binding, answers)
    if turned.any():
        notes = [columns["time_note"], where(turned, "db:day_month_exchanged")]
        columns["time_note"] = join_notes(notes, raw.num_rows)
    columns |= _money(raw, binding, answers)
    if binding.store is not None:
        columns["store"] = as_text(raw.column(binding.store))
    columns["non_record"] = non_records(raw, binding, columns)
    columns["sale"] = verdicts(raw, binding, columns["value"], answers.decimals, columns["currency"])
    columns["value_note"] = doubts(raw, binding, answers.decimals)
    columns["items"] = item_objects(raw, binding, answers.decimals)
    for name, source in binding.custom.items():
        column = raw.column(source.names[0])
        is_number = pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
        keeps_type = is_number and len(source.names) == 1
        columns[f"custom:{name}"] = one_chunk(column.cast(pa.float64())) if keeps_type else _text(raw, source)
    return Mapped(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def _cells(raw: Raw, source: Source) -> Iterator[Column]:
    return (as_text(raw.column(name)) for name in source.names)


def _values(raw: Raw, source: Source) -> list[Column]:
    """Return the columns of a customer's key; one where its parts are joined."""
    cells = list(_cells(raw, source))
    return [null_if_empty(join_present(cells, "-"))] if source.take == "join" else cells


def _text(raw: Raw, source: Source | None) -> Column:
    """Return the first filled cell of the columns, as text."""
    return nulls(raw.num_rows) if source is None else coalesce(list(_cells(raw, source)))


def _birthdays(raw: Raw, source: Source, answers: Answers) -> tuple[Column, Mask]:
    """Return the birthdays, those put back whose day and month a spreadsheet has exchanged, and the rows of these."""
    turned, texts = np.zeros(raw.num_rows, np.bool_), []
    for name, cells in zip(source.names, _cells(raw, source), strict=True):
        found, changed = put_back(cells) if name in answers.exchanged else (cells, turned)
        turned = turned | changed
        texts.append(found)
    return lists_of(texts), turned


def times_of(raw: Raw, binding: Binding, answers: Answers) -> dict[str, Column]:
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
    beside = {
        name: _text(raw, binding.columns[name]) for name in ("event_clock", "event_zone") if name in binding.columns
    }
    clock, zones = beside.get("event_clock") if answers.clock else None, beside.get("event_zone")
    read = [
        read_times(
            raw.column(name),
            order=answers.date_order,
            zone=answers.zone,
            zones=zones,
            clock=clock,
            header_zone=0 if binding.plan.time.utc else answers.header_zones.get(name),
            exchanged=name in answers.exchanged,
        )
        for name in source.names
    ]
    seconds = coalesce([each.seconds for each in read])
    reason, notes = read[-1].reason, read[-1].notes
    if len(read) > 1:
        nothing, missing = pa.scalar(None, pa.string()), pa.scalar("missing_event_time")
        faults = [pc.if_else(pc.equal(each.reason, missing), nothing, each.reason) for each in read]
        reason = one_chunk(pc.if_else(pc.is_valid(seconds), nothing, pc.coalesce(*faults, missing)))
        for each in reversed(read[:-1]):
            notes = one_chunk(pc.if_else(pc.is_valid(each.seconds), each.notes, notes))
    days = coalesce([each.days for each in read])
    return {"event_time": seconds, "event_day": days, "time_reason": reason, "time_note": notes}


def _money(raw: Raw, binding: Binding, answers: Answers) -> dict[str, Column]:
    """Return the value, exact, and its currency: of the row's column, the cell, the header, else the answer.

    An amount for which two of these name different currencies is in conflict.
    """
    amounts = {
        name: _amount(raw, binding.columns[name], answers.decimals.get(name), answers)
        for name in ("net_revenue", "predicted_ltv")
        if name in binding.columns
    }
    value = value_of(raw, binding, answers)
    written = _text(raw, binding.columns.get("currency"))
    own = currencies(written)
    vague = vague_symbols(written) if own.null_count > written.null_count else nulls(raw.num_rows)
    bad = one_chunk(pc.and_(pc.is_valid(written), pc.is_null(own)))
    if answers.currency is not None:  # `$` in a column of currencies is what --currency says
        bad = one_chunk(pc.and_(bad, pc.is_null(vague)))
    value = with_conflicts(value, own)
    currency = text_or_null(coalesce([own, value.currency]), answers.currency)
    contradictory = symbol_contradicts(value.symbol, currency)
    if vague.null_count < len(vague):
        contradictory |= symbol_contradicts(vague, currency)
    conflict = where(contradictory, CONFLICT)
    found = {}
    source = binding.columns.get("value") or (binding.items["item_price"] if binding.value_from_parts else None)
    values = value.values if source is None else _in_units(value, source, currency, binding)
    for name, read in amounts.items():
        found[name] = _in_units(read, binding.columns[name], currency, binding)
        if (other := differ(read.currency, currency)).any():
            found[name] = one_chunk(pc.if_else(pa.array(other), pa.scalar(None, MONEY), found[name]))
    reason = coalesce([value.reason, conflict])
    if source is not None and all(map(header_minor, _alike(source))):
        reason = whole_minor_units(value.values, reason)
    return {
        "value": values,
        "value_reason": reason,
        "currency": one_chunk(pc.if_else(bad, pa.scalar(None, pa.string()), currency))
        if pc.any(bad).as_py()
        else currency,
        "currency_bad": bad,
        **found,
    }


def value_of(raw: Raw, binding: Binding, answers: Answers) -> Amounts:
    """Return the amount of each row: as written, else (`Binding.value_from_parts`) its price times its quantity."""
    if "value" in binding.columns:
        return _amount(raw, binding.columns["value"], answers.decimals.get("value"), answers)
    if not binding.value_from_parts:
        return Amounts(nulls(raw.num_rows, MONEY), nulls(raw.num_rows), nulls(raw.num_rows))
    return product_of(raw, binding, answers)


def product_of(raw: Raw, binding: Binding, answers: Answers) -> Amounts:
    """Return each line's unit price times its quantity."""
    price = _amount(raw, binding.items["item_price"], answers.decimals.get("item_price"), answers)
    column = raw.column(binding.items["quantity"].names[0])
    quantity, reason = read_numbers(column, decimal=answers.decimals.get("quantity"))
    product = pc.multiply(price.values.cast(FACTOR), pc.round(quantity, ndigits=FACTOR.scale).cast(FACTOR))
    large = np.asarray(pc.fill_null(pc.greater(pc.abs(product), LARGEST), False)).astype(np.bool_)
    value = pc.round(pc.if_else(pa.array(large), None, product), ndigits=MONEY.scale).cast(MONEY)
    reasons = coalesce([price.reason, reason, where(large, "value_too_large")])
    return Amounts(one_chunk(value), reasons, price.currency, price.symbol)


def _in_units(read: Amounts, source: Source, currency: Column, binding: Binding) -> Column:
    """Return the amounts in units of their currency; the schema or their header may say cents, or thousands."""
    if binding.plan.money.minor_units or all(map(header_minor, _alike(source))):
        return from_minor(read.values, currency)
    if all(map(header_thousands, _alike(source))):
        return one_chunk(pc.multiply(read.values, THOUSAND).cast(MONEY))
    return read.values


def _amount(raw: Raw, source: Source, decimal: str | None, answers: Answers) -> Amounts:
    """Return the amount of each row: that of the first filled column, or the columns' sum less those of `minus`.

    A sum is null where none of its columns is filled; what is subtracted counts whatever its sign.
    """
    read = [amounts_of(raw.column(name), decimal, answers.header_currencies.get(name)) for name in _alike(source)]
    if source.take != "sum":
        return read[0] if len(read) == 1 else _first(read)
    subtracted = [read_amounts(raw.column(name), decimal=decimal) for name in source.minus]
    total = read[0].values
    for one in read[1:]:
        both = pc.add(pc.fill_null(total, NOTHING), pc.fill_null(one.values, NOTHING))
        total = pc.if_else(pc.or_(pc.is_valid(total), pc.is_valid(one.values)), both, total)
    for one in subtracted:
        total = pc.subtract(total, pc.fill_null(pc.abs(one.values), NOTHING))
    parts = [*read, *subtracted]
    reason, currency = (coalesce([getattr(one, name) for one in parts]) for name in ("reason", "currency"))
    symbols = [one.symbol for one in parts if one.symbol is not None]
    return Amounts(
        one_chunk(total.cast(MONEY)),
        coalesce([reason, summed_conflicts(parts)]),
        currency,
        coalesce(symbols) if symbols else None,
    )


def _alike(source: Source) -> list[str]:
    """Return the columns of which the first counts: where some are in units and others in cents, those in units."""
    in_units = [name for name in source.names if not header_minor(name)]
    return in_units if in_units and source.take != "sum" else list(source.names)


def _first(read: Sequence[Amounts]) -> Amounts:
    """Return of each row the first amount that was read, with what is said of that one."""
    values, reason = (coalesce([getattr(one, name) for one in read]) for name in ("values", "reason"))
    reason = one_chunk(pc.if_else(pc.is_valid(values), pa.scalar(None, pa.string()), reason))
    if all(one.symbol is None and one.currency.null_count == len(values) for one in read):
        return Amounts(values, reason, nulls(len(values)))
    taken = [one.values.is_valid() for one in read]
    conflicts, told, symbols = (nulls(len(values)) for _ in range(3))
    for one, here in zip(reversed(read), reversed(taken), strict=True):
        conflict = pc.equal(one.reason, CONFLICT).fill_null(False)
        conflicts = pc.if_else(here, pc.if_else(conflict, pa.scalar(CONFLICT), None), conflicts)
        told = pc.if_else(here, one.currency, told)
        symbols = symbols if one.symbol is None else pc.if_else(here, one.symbol, symbols)
    has_symbols = any(one.symbol is not None for one in read)
    return Amounts(
        values, coalesce([reason, one_chunk(conflicts)]), one_chunk(told), one_chunk(symbols) if has_symbols else None
    )
