"""Rows that may take a sale back, found while a file is surveyed: few of many, so they are kept until it is understood.

More are found than needed (a minus may stand in any amount); what they really say is read once the file's questions are
settled (`taken_back.refunds_of`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Binding
from importer.core.cells.cell_text import as_text
from importer.core.kernels.arrays import Mask
from importer.core.kernels.bytes import text_bytes
from importer.core.model import Column, Raw
from importer.core.sales import ENDED, MINUS

ITEM_AMOUNTS = ("item_price", "line_total", "quantity")
OF_CUSTOMERS = ("em", "ph", "external_id", "country")
OF_EVENTS = ("event_name", "item_number")

ZERO = r"^[^1-9]*0[^1-9]*$"
"""A text of digits that are all zeros."""
NOT_ZERO = r"[1-9]|[^\x00-\x7f]"


def refund_columns(binding: Binding) -> frozenset[str]:
    """Return the columns by which a refund is compared with sales, beside those that are surveyed anyway."""
    sources = [binding.columns[name] for name in (*OF_CUSTOMERS, *OF_EVENTS) if name in binding.columns]
    return frozenset([name for source in sources for name in source.names] + [*binding.links])


def refund_rows(raw: Raw, binding: Binding, told: Column, *, zeros: bool) -> tuple[Raw, ...]:
    """Return the rows that may take a sale back, if there are any.

    told: what the status columns say of each row. zeros: a total of zero may do so too, in another file of the run.
    """
    found: Mask = np.asarray(pc.is_in(told, value_set=pa.array(ENDED[:-1]))).astype(np.bool_)
    for name in _amounts(binding):
        found |= _below_zero(raw.column(name))
    for rule, name in binding.sale:
        if rule.full_refund:
            found |= _matches(raw.column(name), NOT_ZERO, lambda column: pc.not_equal(column, 0))
    if zeros and binding.plan.orders.rows == "orders":
        for name in binding.amount_columns[:1]:
            found |= _matches(raw.column(name), ZERO, lambda column: pc.equal(column, 0))
    return (Raw(raw.filter(pa.array(found))),) if found.any() else ()


def _amounts(binding: Binding) -> list[str]:
    sources = [binding.columns[name] for name in ("value",) if name in binding.columns]
    sources += [binding.items[name] for name in ("item_price", "quantity") if name in binding.items]
    return list(dict.fromkeys(name for source in sources for name in source.names))


def _below_zero(column: Column) -> Mask:
    """Tell which amounts may be negative; texts are looked through only where one of the signs is there at all."""
    if not pa.types.is_string(column.type):
        return _matches(column, "", lambda numbers: pc.less(numbers, 0))
    found: Mask = np.zeros(len(column), np.bool_)
    data = text_bytes(column).data.tobytes()
    for sign in MINUS:
        if sign.encode() in data:
            found |= np.asarray(pc.match_substring(column, sign).fill_null(False)).astype(np.bool_)
    return found


def _matches(column: Column, pattern: str, of_numbers: Callable[[Column], Column]) -> Mask:
    """Tell which texts match a pattern, or which numbers are as the function says."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        matched = of_numbers(column)
    else:
        matched = pc.match_substring_regex(as_text(column), pattern or "[-\u2212(]")
    return np.asarray(pc.fill_null(matched, False)).astype(np.bool_)
