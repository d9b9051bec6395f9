"""Whether a file mapped by its headers has one row per order or several, and where an order's total stands.

An export known by name says so in its schema. For any other file its sales of several rows vote, and the majority
decides: equal amounts on all lines are one total told again, different ones are the lines' own. One odd order never
changes what the others are worth; where no majority is clear, the user is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding
from importer.core.cells.cell_text import as_text
from importer.core.kernels.arrays import Indices, Mask, join_present, one_chunk
from importer.core.kernels.hash64 import Words, text_hashes
from importer.core.mapping import product_of
from importer.core.model import Column, Raw
from importer.core.plan import OrderLayout
from importer.core.repeated_ids import key_hashes, order_keys
from importer.core.reused_ids import Part, customers_told, is_among, times_and_values, united
from importer.core.same_order import Signs, split, told
from importer.errors import NeedsAnswer
from importer.questions import Kind, Question

Look: TypeAlias = tuple[Part, dict[str, Column]]
Each: TypeAlias = Callable[[Callable[[Raw], tuple[Look, int]], Iterable[Raw]], Iterable[tuple[Look, int]]]
Floats = npt.NDArray[np.float64]
Total = Literal["once", "sum"]

ENOUGH_ROWS = 200_000
"""Rows of repeated order ids that are enough to vote."""
CENT = 0.005
ODD, MOST = 0.1, 0.6
"""Up to the one share of the votes, those for lines of their own are odd orders; from the other on they settle it."""
ENOUGH_TOTALS = 3
"""So many sales, each with one amount on all of its lines, are no chance if the amounts are not the same ones."""
MANY_SALES = 10
"""Where so many sales have a row each, a few with two rows are corrections rather than lines."""

_A_TOTAL = re.compile(r"(?i)total|totaal|gesamt|summe|suma\b|合計|总|總|합계|итого")
_OF_ORDER = re.compile(r"(?i)order|receipt|invoice|grand|bestell|beleg|rechnung|commande|pedido|ordine|factur|fattur")
_OF_LINE = re.compile(r"(?i)\bline|item|unit|each|position|artikel|article|piece|zeile|ligne|linea|línea|product")


def infer(
    batches: Iterable[Raw], binding: Binding, answers: Answers, repeated: Indices, each: Each = map
) -> OrderLayout:
    """Infer the layout from up to 200,000 rows whose order id is `repeated`; 100 bytes of each are in memory meanwhile.

    each: as in `survey`. Raises NeedsAnswer where the rows do not tell and it changes what is sent.
    """
    own = binding.plan.orders
    if "order_id" not in binding.columns or "value" not in binding.columns:
        return own
    looks, single = list[Look](), 0
    for look, others in each(lambda raw: _look(raw, binding, answers, repeated), batches):
        looks.append(look)
        single += others
        if sum(len(arrays["id"]) for arrays, _ in looks) >= ENOUGH_ROWS:
            break
    whole = united([arrays for arrays, _ in looks])
    if not len(whole.get("id", ())):
        return own
    people = {
        name: told(name, one_chunk(pa.chunked_array([texts[name] for _, texts in looks]))) for name in looks[0][1]
    }
    signs = Signs(whole["times"], whole.get("store"), people, whole["values"])
    sales = split(np.unique(whole["id"], return_inverse=True)[1].astype(np.int64), signs)
    order = np.argsort(sales, kind="stable")
    rows = _Rows(sales[order], *(whole[name][order] for name in ("content", "values", "product")))
    votes = _vote(rows, single)
    if not votes.several.any():
        return own
    return own.model_copy(update={"rows": "lines", "total": _majority(votes, binding)})


def _look(raw: Raw, binding: Binding, answers: Answers, repeated: Indices) -> tuple[Look, int]:
    """Return of each row with a repeated order id what it says, and how many rows have an id of their own.

    content: the hash of the whole row. product: its price times its quantity.
    """
    ids, present = key_hashes(order_keys(raw, binding))
    found = present & is_among(ids, repeated)
    some = Raw(raw.filter(pa.array(found)))
    content = text_hashes(join_present([as_text(some.column(name)) for name in some.schema.names[3:]], "\x1f"))
    product = np.full(some.num_rows, np.nan)
    if {"item_price", "quantity"} <= binding.items.keys():
        read = product_of(some, binding, answers).values
        product = np.asarray(pc.fill_null(read.cast(pa.float64()), np.nan), np.float64)
    arrays: Part = {"id": ids[found], "content": content, "product": product}
    look = arrays | times_and_values(some, binding, answers), customers_told(some, binding)
    return look, int(np.count_nonzero(present & ~found))


@dataclass(frozen=True)
class _Rows:
    """Rows with an order id, sale by sale: the sale's number, the hash of the row, its amount, price times quantity."""

    sale: Indices
    content: Words
    value: Floats
    product: Floats


@dataclass(frozen=True)
class _Votes:
    """For each sale whether it has several rows, one amount on them or different ones, and whether that is sure.

    sure: price times quantity shows that the one amount is not the lines' own. amount: the largest of the sale.
    sales: all sales that were counted, those of one row too.
    """

    several: Mask
    once: Mask
    lines: Mask
    sure: Mask
    amount: Floats
    sales: int


def _vote(rows: _Rows, single: int) -> _Votes:
    firsts = np.flatnonzero(np.append(True, rows.sale[1:] != rows.sale[:-1]))
    told = ~np.isnan(rows.value)
    low = np.minimum.reduceat(np.where(told, rows.value, np.inf), firsts)
    high = np.maximum.reduceat(np.where(told, rows.value, -np.inf), firsts)
    amounts = np.add.reduceat(told.astype(np.int64), firsts)
    several = np.minimum.reduceat(rows.content, firsts) != np.maximum.reduceat(rows.content, firsts)
    several &= amounts > 1  # equal rows are one sale told twice; a total that stands on one row needs no vote
    equal = several & (high - low <= CENT)
    own = np.abs(np.abs(rows.product) - np.abs(rows.value)) <= CENT
    priced = several & (np.add.reduceat((told & ~np.isnan(rows.product)).astype(np.int64), firsts) == amounts)
    its_own = np.add.reduceat((told & own).astype(np.int64), firsts)
    each_its_own = equal & priced & (its_own == amounts)  # price times quantity, though all lines be equal
    return _Votes(
        several=np.minimum.reduceat(rows.content, firsts) != np.maximum.reduceat(rows.content, firsts),
        once=equal & ~each_its_own,
        lines=(several & ~equal) | each_its_own,
        sure=equal & priced & (its_own == 0),
        amount=high,
        sales=len(firsts) + single,
    )


def _majority(votes: _Votes, binding: Binding) -> Total:
    """Return what most sales of several rows say; ask where they do not."""
    header = " ".join(binding.columns["value"].names)
    of_line = _OF_LINE.search(header) is not None
    of_order = not of_line and _A_TOTAL.search(header) is not None and _OF_ORDER.search(header) is not None
    once, lines = int(votes.once.sum()), int(votes.lines.sum())
    if lines == 0:
        totals = len(np.unique(votes.amount[votes.once]))
        sure = votes.sure.any() or of_order or (once >= ENOUGH_TOTALS and totals > 1)
        return "once" if sure or not once else _ask(header, "once")
    if once == 0:
        few = votes.sales >= MANY_SALES and lines <= ODD * votes.sales
        return "once" if few and not binding.items and not of_line else "sum"
    share = lines / (once + lines)
    if share >= MOST or of_line:
        return "sum"
    return "once" if share <= ODD or of_order else _ask(header, "sum" if share > 1 / 2 else "once")


def _ask(header: str, likely: Total) -> Total:
    text = f"Is \"{header}\" an order's total, told again on each of its rows, or is it each row's own amount?"
    options = ("--rows line-with-total", "--rows line")
    raise NeedsAnswer([Question(Kind.ROWS, text, options if likely == "once" else options[::-1], "value", header)])
