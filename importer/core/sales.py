"""Which rows are sales: what the status, type, cancellation and refund columns say together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.amounts import read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.kernels.arrays import by_distinct, coalesce, nulls, one_chunk
from importer.core.model import Column, Raw
from importer.core.plan import SKIPS, Binding, SaleRule, fold_value


def verdicts(raw: Raw, binding: Binding, value: Column, decimals: Mapping[str, str | None]) -> Column:
    """For each row null (a sale), or the reason code of why it is none; the first rule that speaks wins.

    Where an order's total stands once, an empty cell of a further line, which has no value, says nothing.
    """
    layout = binding.plan.orders
    heads = pc.is_valid(value) if (layout.rows, layout.total) == ("lines", "once") else pa.scalar(True)
    said = [
        _full_refund(raw, name, value, decimals) if rule.full_refund else _said(raw, name, rule, heads)
        for rule, name in binding.sale
    ]
    return coalesce(said) if said else nulls(raw.num_rows)


def _said(raw: Raw, name: str, rule: SaleRule, heads: Column | pa.Scalar) -> Column:
    column = as_text(raw.column(name))
    told = by_distinct(column, _teller(rule))
    if rule.blank == "sale":
        return told
    return one_chunk(pc.if_else(pc.and_(pc.is_null(column), heads), pa.scalar(rule.blank), told))


def _teller(rule: SaleRule) -> Callable[[str], str | None]:
    """A function of one cell: None for a sale, else the reason code."""
    exact: dict[str, str | None] = {}
    starts: list[tuple[str, str | None]] = []
    for meaning in ("sale", *SKIPS):
        for value in getattr(rule, meaning):
            told = None if meaning == "sale" else meaning
            if value.endswith("*"):
                starts.append((fold_value(value[:-1]), told))
            else:
                exact[fold_value(value)] = told
    other = None if rule.other == "sale" else rule.other

    def tell(text: str) -> str | None:
        value = fold_value(text)
        if value in exact:
            return exact[value]
        return next((told for start, told in starts if value.startswith(start)), other)

    return tell


def _full_refund(raw: Raw, name: str, value: Column, decimals: Mapping[str, str | None]) -> Column:
    """`refunded` where the refunded amount, whatever its sign, reaches the value."""
    refunded = pc.abs(read_amounts(raw.column(name), decimal=decimals.get(f"refund {name}")).values)
    whole = pc.and_(pc.greater(refunded, 0), pc.greater_equal(refunded, value))
    return one_chunk(pc.if_else(pc.fill_null(whole, False), pa.scalar("refunded"), pa.scalar(None, pa.string())))
