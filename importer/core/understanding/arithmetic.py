"""What columns of amounts are to one another: net and tax make gross, quantity times unit price makes a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from importer.core.understanding.column import Claim, Column
from importer.core.understanding.contents import Floats, sums_up

CENT = 0.011
MOST = 12
"""Columns of amounts that are held against one another."""

NINE_OF_TEN = 0.9


def same_amounts(first: Floats, second: Floats) -> bool:
    """Tell whether two columns hold the same amounts in every row."""
    both = ~np.isnan(first) & ~np.isnan(second)
    return bool(both.any()) and bool((np.abs(first[both] - second[both]) <= CENT).all())


def weighed(columns: Sequence[Column], found: Sequence[Claim]) -> list[Claim]:
    """Return the claims with those on the amount raised and lowered by what the columns' numbers say of one another."""
    of_value = {claim.column: claim for claim in found if claim.field == "value"}
    amounts = {column.name: column for column in columns if column.contents.share("amount") >= NINE_OF_TEN}
    changes = dict.fromkeys(of_value, 0.0)
    for net, gross in _nets(amounts, list(of_value)[:MOST]):
        changes[gross] = max(changes[gross], 0.05)
        changes[net] = min(changes[net], -0.35)
    for price, line in _lines(columns, amounts, list(of_value)[:MOST]):
        changes[line] = max(changes[line], 0.05)
        changes[price] = min(changes[price], -0.35)
    left = [claim for claim in of_value.values() if claim.strength + changes[claim.column] > 0]
    if len(left) == 1 and not (_counted(columns) and _is_price(columns, left[0].column)):
        changes[left[0].column] += 0.2
    return [
        replace(claim, strength=min(1.0, claim.strength + changes[claim.column])) if claim.field == "value" else claim
        for claim in found
    ]


def _nets(amounts: dict[str, Column], candidates: Sequence[str]) -> list[tuple[str, str]]:
    """Find pairs of a net and a gross amount: the first and a column of taxes or fees make the second."""
    extras = [
        column.contents.amounts for column in amounts.values() if column.header.has("tax", "shipping_cost", "shipping")
    ]
    extras = [extra for extra in extras if np.nansum(np.abs(extra)) > 0]
    return [
        (net, gross)
        for net in candidates
        for gross in candidates
        if net != gross
        and any(sums_up([amounts[net].contents.amounts, extra], amounts[gross].contents.amounts) for extra in extras)
    ]


def _lines(columns: Sequence[Column], amounts: dict[str, Column], candidates: Sequence[str]) -> list[tuple[str, str]]:
    """Find pairs of a unit price and a line's amount: the first times the quantity is the second."""
    quantities = [column.contents.amounts for column in columns if column.header.has("quantity")]
    pairs = []
    for quantity in quantities:
        if not (np.nan_to_num(quantity) > 1).any():
            continue
        for price in candidates:
            for line in candidates:
                product = quantity * amounts[price].contents.amounts
                if price != line and sums_up([product], amounts[line].contents.amounts):
                    pairs.append((price, line))
    return pairs


def _counted(columns: Sequence[Column]) -> bool:
    """Tell whether some row is of several pieces."""
    return any(
        column.header.has("quantity") and (np.nan_to_num(column.contents.amounts) > 1).any() for column in columns
    )


def _is_price(columns: Sequence[Column], name: str) -> bool:
    """Tell whether a column's header says price and no more, so that it may be one piece's."""
    header = next(column.header for column in columns if column.name == name)
    return header.has("price") and not header.has("total", "amount", "paid")
