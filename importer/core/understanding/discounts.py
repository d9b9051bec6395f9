"""Amounts from which a discount beside them has not been taken: price times quantity, although a discount is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from importer.core.understanding.column import MOSTLY, Claim, ColumnEvidence
from importer.core.understanding.contents import CENT


def untaken(columns: Sequence[ColumnEvidence], chosen: Mapping[str, Claim]) -> str | None:
    """Return the column of discounts that the amount does not know of; None where there is none.

    On each row with a discount the amount is still its price times its quantity.
    """
    by_name = {column.name: column.contents for column in columns}
    fields = [by_name[chosen[name].column].amounts for name in ("value", "item_price", "quantity") if name in chosen]
    if len(fields) < 3:  # noqa: PLR2004
        return None
    value, price, quantity = fields
    for column in columns:
        if not column.has("discount") or column.has("rate", "id", "total") or column.share("amount") < MOSTLY:
            continue
        rows = np.nan_to_num(column.contents.amounts) != 0
        rows &= ~np.isnan(value + price + quantity)
        if rows.any() and (np.abs(value - price * quantity)[rows] <= CENT).all():
            return column.name
    return None
