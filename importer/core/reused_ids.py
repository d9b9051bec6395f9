"""Order ids that several rows share, where each row is an order: sales of two stores, a deal of several people.

All other sales of one id are told apart by the ledger, in whatever file they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding
from importer.core.cells.cell_text import as_text
from importer.core.kernels.arrays import Column, Indices, Mask, coalesce, join_present, nulls, one_chunk
from importer.core.mapping import times_of, value_of
from importer.core.model import Raw
from importer.core.repeated_ids import key_hashes, order_keys
from importer.core.sales import verdicts
from importer.core.same_order import NAME, STRONG, UNTOLD, Signs, day_only, folded, numbers_of, split, store_marks

Part: TypeAlias = dict[str, npt.NDArray[Any]]
"""Arrays by name, each as long as the rows that were looked at."""

Each: TypeAlias = Callable[[Callable[[Raw], Part], Iterable[Raw]], Iterable[Part]]

NAMES = ("full_name", "fn", "ln")
_OF_A_DEAL = re.compile(r"(?i)deal|opportunit|negocio|商談")
"""Headers of ids that one row for each person who takes part may bear; two buyers of a till do not share a number."""


@dataclass(frozen=True)
class Apart:
    """The rows of another store's sales under an earlier one's order id, ascending, and the mark of each.

    again: rows, ascending, that tell a sale again for another of its people.
    """

    rows: Indices
    marks: Column
    again: Indices

    def is_again(self, rows: Column) -> Mask:
        """Tell which of these rows tell a sale again."""
        wanted = np.asarray(rows)
        return is_among(wanted, self.again) if len(self.again) else np.zeros(len(wanted), np.bool_)

    def of(self, rows: Column) -> Column:
        """Return the mark of each of these rows, null where it has none."""
        wanted = np.asarray(rows)
        if not len(self.rows):
            return nulls(len(wanted))
        places = np.minimum(np.searchsorted(self.rows, wanted), len(self.rows) - 1)
        return one_chunk(self.marks.take(pa.array(places, mask=self.rows[places] != wanted)))


def is_of_a_deal(binding: Binding) -> bool:
    """Tell whether the orders are deals, which one row for each of their people may tell."""
    return "order_id" in binding.columns and any(map(_OF_A_DEAL.search, binding.columns["order_id"].names))


def reused(batches: Iterable[Raw], binding: Binding, answers: Answers, repeated: Indices, each: Each = map) -> Apart:
    """Find the rows of reused order ids; repeated: the hashes of ids that stand on several rows.

    Only these rows are looked at, and 64 bytes of each are kept meanwhile. each: as in `survey`.
    """
    whole = united(list(each(lambda raw: _look(raw, binding, answers, repeated), batches)))
    rows = whole["row"]
    people = {name: whole[name].__getitem__ for name in (*STRONG, NAME) if name in whole}
    signs = Signs(whole["times"], whole.get("store"), people, whole["values"])
    codes = np.unique(whole["id"], return_inverse=True)[1].astype(np.int64)
    found = store_marks(split(codes, signs), codes, np.ones(len(rows), np.bool_), signs)
    own = np.asarray(found.is_valid())
    again = rows[_told_again(whole)] if is_of_a_deal(binding) else rows[:0]
    return Apart(rows[own], one_chunk(found.filter(pa.array(own))), again)


def _told_again(whole: Part) -> Mask:
    """Tell which rows have the id, the amount and the very instant of an earlier row."""
    signs = [whole["values"], whole["times"], whole["id"]]
    order = np.lexsort(signs)
    same = np.logical_and.reduce([each[order][1:] == each[order][:-1] for each in signs])
    again = np.zeros(len(order), np.bool_)
    again[order[1:]] = same & (whole["values"] > 0)[order[1:]] & ~whole["day_only"][order[1:]]
    return again


def _look(raw: Raw, binding: Binding, answers: Answers, repeated: Indices) -> Part:
    """Return the signs of the rows that are sales and whose id is repeated."""
    ids, present = key_hashes(order_keys(raw, binding))
    found = present & is_among(ids, repeated)
    some = Raw(raw.filter(pa.array(found)))
    people = {name: folded(name, texts) for name, texts in customers_told(some, binding).items()}
    rows: Part = {"row": np.asarray(some.column("row")).astype(np.int64), "id": ids[found]}
    part = rows | times_and_values(some, binding, answers) | people
    value = value_of(some, binding, answers).values
    is_sale = np.asarray(verdicts(some, binding, value, answers.decimals).is_null())
    return {name: each[is_sale] for name, each in part.items()}


def is_among(ids: Indices, repeated: Indices) -> Mask:
    """Tell which hashes are among the repeated ones, of which there is one at least."""
    places = np.minimum(np.searchsorted(repeated, ids), len(repeated) - 1)
    found: Mask = repeated[places] == ids
    return found


def times_and_values(raw: Raw, binding: Binding, answers: Answers) -> Part:
    """Return the times, amounts and stores of rows, as `Signs` has them; a sale may be taken back on any day."""
    times = times_of(raw, binding, answers)
    seconds, notes = times["event_time"], times["time_note"]
    read = value_of(raw, binding, answers).values
    values = np.asarray(one_chunk(pc.fill_null(read.cast(pa.float64()), np.nan)))
    found: Part = {"times": np.where(values < 0, UNTOLD, np.asarray(seconds.fill_null(UNTOLD))), "values": values}
    found["day_only"] = day_only(notes)
    if binding.store is not None:
        found["store"] = numbers_of(as_text(raw.column(binding.store)))
    return found


def customers_told(raw: Raw, binding: Binding) -> dict[str, Column]:
    """Return the texts of the customers' keys, by their names in STRONG and NAME; none where they part nothing."""
    if binding.plan.orders.several_people:
        return {}
    found = {name: _text(raw, binding, name) for name in STRONG if name in binding.columns}
    names = [_text(raw, binding, name) for name in NAMES if name in binding.columns]
    return found | ({NAME: join_present(names, " ")} if names else {})


def _text(raw: Raw, binding: Binding, field: str) -> Column:
    return coalesce([as_text(raw.column(name)) for name in binding.columns[field].names])


def united(parts: Sequence[Part]) -> Part:
    """Return the arrays of all batches, one after another."""
    return {name: np.concatenate([part[name] for part in parts]) for name in (parts[0] if parts else ())}
