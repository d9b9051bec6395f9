"""What the columns of amounts say of their currency: in the cells, in the header, and in a column beside them.

Two currencies for one amount are never settled by a rank: the row is invalid, or the user is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding
from importer.core.cells.amounts import Amounts, read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.cells.currency import may_mean, vague_symbols
from importer.core.cells.header_currency import header_currency
from importer.core.kernels.arrays import Mask, coalesce, codes_of, nulls, on_every_row, one_chunk, where
from importer.core.model import Column, Raw
from importer.core.time_columns import rows_read
from importer.questions import Kind, Question

CONFLICT = "currency_conflict"


def without_currency(sales: Raw, binding: Binding) -> tuple[int, dict[str, int]]:
    """Count the sales whose row, cell and header name no currency, and by column those whose header alone does."""
    if not binding.amount_columns:
        return 0, {}
    source = binding.columns.get("value") or binding.items["item_price"]
    columns = binding.columns["currency"].names if "currency" in binding.columns else ()
    known = coalesce([nulls(sales.num_rows), *(_telling(sales.column(name)) for name in columns)])
    for name in source.names if known.null_count else ():
        known = coalesce([known, read_amounts(sales.column(name), decimal=".").currency])  # whatever the mark
    names = [name for name in source.names if header_currency(name) is not None]
    if not names or not known.null_count:
        return int(known.null_count), {}
    read, unknown = dict(rows_read(sales, source)), np.asarray(known.is_null())
    found = {name: int(np.count_nonzero(read[name] & unknown)) for name in names}
    return int(known.null_count) - sum(found.values()), found


def _telling(column: Column) -> Column:
    """Return the cells of a column of currencies without its symbols of several, such as `$`."""
    vague = pc.is_valid(vague_symbols(column))
    return one_chunk(pc.if_else(vague, pa.scalar(None, pa.string()), as_text(column)))


def settle_currency(
    by_header: Mapping[str, int], binding: Binding, options: Answers
) -> tuple[dict[str, str], list[Question]]:
    """Return for each column of amounts the currency that its header names, and what must be asked.

    A schema's own currency goes before the header, which its author has seen; an option that the header contradicts is
    asked about.
    """
    fields = [binding.columns[name] for name in ("value", "net_revenue", "predicted_ltv") if name in binding.columns]
    codes = {name: code for source in fields for name in source.names if (code := header_currency(name)) is not None}
    if binding.plan.money.currency and options.currency is None:
        return {}, []
    questions = []
    for name, code in codes.items():
        if options.currency not in (None, code) and by_header.get(name):
            text = f'The header "{name}" says {code}, --currency says {options.currency}. In which are its amounts?'
            questions.append(Question(Kind.CURRENCY, text, (f"--currency {code}",), "currency", name))
    return codes, questions


def amounts_of(column: Column, decimal: str | None, code: str | None) -> Amounts:
    """Read a column of amounts whose header names a currency, if any: a cell that names another is in conflict."""
    read = read_amounts(column, decimal=decimal)
    if code is None:
        return read
    told = on_every_row(code, len(column))
    return with_conflicts(Amounts(read.values, read.reason, coalesce([read.currency, told]), read.symbol), told)


def with_conflicts(read: Amounts, told: Column) -> Amounts:
    """Return the amounts, those in conflict whose currency is not the one that is told for their row."""
    rows = differ(read.currency, told) & np.asarray(read.values.is_valid())
    if not rows.any():
        return read
    return Amounts(read.values, coalesce([read.reason, where(rows, CONFLICT)]), read.currency, read.symbol)


def differ(first: Column, second: Column) -> Mask:
    """Tell where two currencies are both known and not the same."""
    if first.null_count == len(first) or second.null_count == len(second):
        return np.zeros(len(first), np.bool_)
    return np.asarray(pc.fill_null(pc.not_equal(first, second), False)).astype(np.bool_)


def symbol_contradicts(symbol: Column | None, currency: Column) -> Mask:
    """Tell where the symbol beside an amount cannot mean the row's currency: `$25.00` in a row of EUR."""
    if symbol is None:
        return np.zeros(len(currency), np.bool_)
    symbols, codes = symbol.dictionary_encode(), currency.dictionary_encode()
    table = np.zeros((len(symbols.dictionary) + 1, len(codes.dictionary) + 1), np.bool_)
    for row, each in enumerate(symbols.dictionary.to_pylist()):
        for place, code in enumerate(codes.dictionary.to_pylist()):
            table[row, place] = not may_mean(each, code)
    return np.asarray(table[codes_of(symbols), codes_of(codes)])


def summed_conflicts(parts: list[Amounts]) -> Column:
    """Return `currency_conflict` for the rows whose parts to be summed are of different currencies."""
    rows = np.zeros(len(parts[0].values), np.bool_)
    for number, one in enumerate(parts):
        for other in parts[:number]:
            rows |= differ(one.currency, other.currency)
    return where(rows, CONFLICT)


def whole_minor_units(values: Column, reason: Column) -> Column:
    """Return the reasons, `bad_value` for an amount that is said to be in cents and has a fraction of one."""
    fraction = pc.not_equal(values, pc.round(values, ndigits=0))
    return coalesce([reason, where(np.asarray(pc.fill_null(fraction, False)), "bad_value")])
