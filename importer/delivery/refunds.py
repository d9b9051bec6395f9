"""Sales that a batch shows refunded or cancelled, and which of them Meta accepted before.

A row that says so of itself (its status) means the same sale, whatever its amount is now. A refund that has a row of
its own takes back the whole sale only where the amounts are equal; so does whatever is not surely the same sale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, nulls, one_chunk
from importer.core.model import TAKEN_BACK, Prepared
from importer.store import AcceptedSale, Known, Sales, keys_of
from importer.store.ledger_sales import COLUMNS
from importer.store.same_sale import AMENDED, OTHER

OF_ITSELF = ("refunded", "cancelled", "zero_value")
"""Reasons of rows that were sales themselves."""


@dataclass(frozen=True, eq=False)
class TakenBack:
    """Sales that a batch shows taken back. reasons: of each; rows: the number of its sale for each row, -1 for none.

    numbers: of the sales, ascending; where a run refunds one in several parts it stands once more, with what they come
    to.
    """

    sales: Sales
    reasons: tuple[str, ...]
    rows: Indices
    numbers: tuple[int, ...]

    def accepted_ones(self, known: Known) -> dict[int, tuple[AcceptedSale, int]]:
        """Return by number those that Meta accepted and that are taken back as a whole, each with its claim.

        known: what the ledger knows of the sales, with the accepted ones themselves.
        """
        found = {}
        for place, held in (known.sales or {}).items():
            row = self.sales.sale(place)
            level, number = int(known.levels[place]), self.numbers[place]
            is_equal = held.value is not None and (held.value, held.currency) == (row.value, row.currency)
            if level < OTHER and (is_equal or (level <= AMENDED and self.reasons[number] in OF_ITSELF)):
                found[number] = _completed(held, row), int(known.claims[place])
        return found


def _completed(held: AcceptedSale, row: AcceptedSale) -> AcceptedSale:
    """Return an accepted sale; where an older ledger kept its key only, with what the row says."""
    if held.event_time is not None:
        return held
    return replace(row, key=held.key, event_id=held.event_id)


def taken_back(prepared: Prepared) -> TakenBack | None:
    """Return what a batch shows refunded or cancelled, None where there is nothing."""
    shown = prepared.column("taken_back")
    if shown.null_count == len(shown):
        return None
    firsts = np.flatnonzero(np.asarray(shown.is_valid()))
    numbers = np.asarray(prepared.column("taken_back_of").fill_null(-1)).astype(np.int64)
    places = np.full(int(numbers.max()) + 2, -1, np.int64)
    places[numbers[firsts]] = np.arange(len(firsts))
    facts = {field.name: one_chunk(pc.struct_field(shown.drop_null(), field.name)) for field in TAKEN_BACK}
    order_ids = one_chunk(prepared.column("order_id").take(pa.array(firsts)))
    columns = [
        order_ids if name == "order_id" else facts[name] if name in facts else nulls(len(firsts), kind)
        for name, kind in zip(COLUMNS.names, COLUMNS.types, strict=True)
    ]
    keys = keys_of(b"".join(facts["key"].to_pylist()))
    sales = Sales(keys, pa.RecordBatch.from_arrays(columns, schema=COLUMNS), facts["old_key"])
    reasons = prepared.column("reason").take(pa.array(firsts)).to_pylist()
    in_parts = np.flatnonzero(np.asarray(facts["together"].is_valid()))
    if len(in_parts):
        sales = sales.take(np.concatenate([np.arange(len(sales)), in_parts]))
        amounts = pa.concat_arrays([facts["value"], one_chunk(facts["together"].take(pa.array(in_parts)))])
        sales = sales.with_amounts(one_chunk(amounts))
    return TakenBack(sales, tuple(reasons), places[numbers], (*range(len(reasons)), *in_parts.tolist()))
