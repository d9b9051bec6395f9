"""What columns of amounts are to one another: net and tax make gross, quantity times unit price makes a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from importer.core.cells.cell_text import as_text
from importer.core.model import Raw
from importer.core.understanding.column import LIKELY, MOSTLY, SURE, Claim, ColumnEvidence
from importer.core.understanding.contents import CENT, Floats, sums_up

OF_A_LINE = 0.3
"""What a line's amount is weaker beside the order's."""

MOST = 12
"""Columns of amounts that are held against one another."""

NINE_OF_TEN = 0.9


def same_amounts(first: Floats, second: Floats) -> bool:
    """Tell whether two columns hold the same amounts in every row."""
    both = ~np.isnan(first) & ~np.isnan(second)
    return bool(both.any()) and bool((np.abs(first[both] - second[both]) <= CENT).all())


RUNNING = 3
"""Rows that a running total must bear out at least."""


def running_totals(columns: Sequence[ColumnEvidence]) -> frozenset[str]:
    """Find columns that add up another one from row to row, as a balance does; their amounts are of no sale."""
    amounts = {column.name: column.contents.amounts for column in columns if column.share("amount") >= NINE_OF_TEN}
    return frozenset(
        name
        for name, totals in amounts.items()
        if any(_adds_up(part, totals) or _adds_up(part[::-1], totals[::-1]) for part in amounts.values())
    )


def _adds_up(part: Floats, totals: Floats) -> bool:
    """Tell whether each total is the one before it and the row's own part, from the top down."""
    part, totals = np.nan_to_num(part), totals[~np.isnan(totals)]
    if len(part) != len(totals) or np.count_nonzero(part) < RUNNING or np.ptp(part) <= CENT:
        return False
    added = np.abs(np.diff(totals) - part[1:]) <= CENT
    grown = np.abs(totals - part)[1:] > CENT  # a column of few amounts seems to add up itself
    begins = abs(totals[0] - part[0]) <= CENT
    return len(added) + begins >= RUNNING and float((added & grown).mean()) >= NINE_OF_TEN


def weighed(columns: Sequence[ColumnEvidence], found: Sequence[Claim]) -> list[Claim]:
    """Return the claims with those on the amount raised and lowered by what the columns' numbers say of one another."""
    amounts = {column.name: column for column in columns if column.contents.share("amount") >= MOSTLY}
    of_value = {claim.column: claim for claim in found if claim.field == "value" and claim.column in amounts}
    changes = dict.fromkeys(of_value, 0.0)
    for net, gross in _nets(amounts, list(of_value)[:MOST]):
        changes[gross] = max(changes[gross], 0.05)
        changes[net] = min(changes[net], -0.35)
    for before, after in _discounted(amounts, list(of_value)[:MOST]):
        changes[after] = max(changes[after], 0.05)
        changes[before] = min(changes[before], -0.35)
    for price, line in _lines(columns, amounts, list(of_value)[:MOST]):
        changes[line] = max(changes[line], 0.05)
        changes[price] = min(changes[price], -0.35)
    left = [claim for claim in of_value.values() if claim.strength + changes[claim.column] > 0]
    if len(left) == 1 and not (_counted(columns) and _is_price(columns, left[0].column)):
        changes[left[0].column] += 0.2
    return [
        replace(claim, strength=min(1.0, claim.strength + changes[claim.column]))
        if claim.field == "value" and claim.column in changes
        else claim
        for claim in found
    ]


def of_whole_orders(
    columns: Sequence[ColumnEvidence], found: Sequence[Claim], order_id: Claim | None, sample: Raw
) -> list[Claim]:
    """Lower claims on the amount of columns that differ from line to line where another repeats each order's total."""
    if order_id is None:
        return list(found)
    orders = _order_codes(sample, order_id.column)
    varying, constant = set[str](), set[str]()
    for claim in found:
        if claim.field == "value" and claim.strength > LIKELY:
            amounts = next(column.contents.amounts for column in columns if column.name == claim.column)
            (varying if _varies(amounts, orders) else constant).add(claim.column)
    strong = any(claim.column in constant and claim.strength >= SURE for claim in found if claim.field == "value")
    return [
        replace(claim, strength=claim.strength - OF_A_LINE)
        if strong and claim.field == "value" and claim.column in varying
        else claim
        for claim in found
    ]


def _order_codes(sample: Raw, name: str) -> npt.NDArray[np.int64]:
    """Return a number for each row's order id, -1 where it has none."""
    return np.asarray(as_text(sample.column(name)).dictionary_encode().indices.fill_null(-1))


def _varies(amounts: Floats, orders: npt.NDArray[np.int64]) -> bool:
    """Tell whether an amount differs between the lines of an order."""
    known = ~np.isnan(amounts) & (orders >= 0)
    order = np.lexsort((amounts[known], orders[known]))
    sorted_orders, sorted_amounts = orders[known][order], amounts[known][order]
    same = sorted_orders[1:] == sorted_orders[:-1]
    return bool((np.abs(np.diff(sorted_amounts))[same] > CENT).any())


def _nets(amounts: dict[str, ColumnEvidence], candidates: Sequence[str]) -> list[tuple[str, str]]:
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


def _discounted(amounts: dict[str, ColumnEvidence], candidates: Sequence[str]) -> list[tuple[str, str]]:
    """Find pairs of amounts before and after a discount; shipping may be in the second."""
    of_discount = [np.abs(column.contents.amounts) for column in amounts.values() if column.header.has("discount")]
    off = [-discount for discount in of_discount if np.nansum(discount) > 0]
    more = [column.contents.amounts for column in amounts.values() if column.header.has("shipping_cost", "shipping")]
    return [
        (before, after)
        for before in candidates
        for after in candidates
        if before != after
        and any(
            sums_up([amounts[before].contents.amounts, discount, *extra], amounts[after].contents.amounts)
            for discount in off
            for extra in ([], *([one] for one in more))
        )
    ]


def _lines(
    columns: Sequence[ColumnEvidence], amounts: dict[str, ColumnEvidence], candidates: Sequence[str]
) -> list[tuple[str, str]]:
    """Find pairs of a unit price and a line's amount: the first times the quantity is the second."""
    pairs = []
    for quantity in _counted(columns):
        for price in candidates:
            for line in candidates:
                product = quantity * amounts[price].contents.amounts
                if price != line and sums_up([product], amounts[line].contents.amounts):
                    pairs.append((price, line))
    return pairs


def _counted(columns: Sequence[ColumnEvidence]) -> list[Floats]:
    """Return the quantities of columns in which some row is of several pieces."""
    quantities = [column.contents.amounts for column in columns if column.header.has("quantity")]
    return [quantity for quantity in quantities if (np.nan_to_num(quantity) > 1).any()]


def _is_price(columns: Sequence[ColumnEvidence], name: str) -> bool:
    """Tell whether a column's header says price and no more, so that it may be one piece's."""
    header = next(column.header for column in columns if column.name == name)
    return header.has("price") and not header.has("total", "amount", "paid")


LINES_AT_LEAST = 0.4
"""The share of an order's total that its lines make at least; the rest is shipping and tax."""


def repeats_its_total(columns: Sequence[ColumnEvidence], value: str, order_id: str, sample: Raw) -> bool:
    """Tell whether a column repeats each order's total on its lines, since another one holds the lines' own amounts.

    Those differ within orders, and nine of ten orders of several rows are worth their sum or a little more.
    """
    orders = _order_codes(sample, order_id)
    totals = next(column.contents.amounts for column in columns if column.name == value)
    if _varies(totals, orders):
        return False
    return any(
        _make_up(column.contents.amounts, totals, orders)
        for column in columns
        if column.name != value and column.share("amount") >= NINE_OF_TEN and column.has(*OF_LINES)
    )


OF_LINES = ("amount", "price", "total", "gross", "net", "subtotal", "line", "product", "unit")


def _make_up(lines: Floats, totals: Floats, orders: npt.NDArray[np.int64]) -> bool:
    """Tell whether amounts that differ from line to line make up their orders' totals."""
    known = ~np.isnan(lines) & ~np.isnan(totals) & (orders >= 0)
    codes, counts = np.unique(orders[known], return_counts=True)
    several = codes[counts > 1]
    among = known & np.isin(orders, several)
    if not len(several) or not _varies(lines, orders):
        return False
    places = np.searchsorted(several, orders[among])
    sums = np.bincount(places, lines[among])
    whole = np.bincount(places, totals[among]) / np.bincount(places)
    fits = (sums <= whole + CENT) & (sums >= LINES_AT_LEAST * whole)
    return float(fits.mean()) >= NINE_OF_TEN
