"""What preparing needs beside the rows, and the orders' customers in Meta's normal form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding
from importer.core.consent import ConsentColumn
from importer.core.customer_join import Customers
from importer.core.event_names import standard_names, standard_sources
from importer.core.kernels.arrays import join_notes, where
from importer.core.model import CUSTOMER_FIELDS, Column, Normal, Orders
from importer.core.normalise.customer import customer
from importer.core.normalise.normalise_options import NormaliseOptions
from importer.core.online_sales import NO_ONLINE_SALES, OnlineSales
from importer.core.reused_ids import Apart
from importer.core.routing import Routing
from importer.core.run_refunds import RunRefunds


@dataclass(frozen=True)
class Preparation:
    """What prepare needs beside the rows: the export bound to its plan, the answers, and the time to judge ages by."""

    binding: Binding
    answers: Answers
    now: int  # UTC seconds
    customers: Customers | None = None  # a customer file to join
    online: OnlineSales = NO_ONLINE_SALES  # what becomes of sales made on a web shop
    apart: Apart | None = None  # rows of reused order ids that the ledger would not tell apart
    consent: tuple[ConsentColumn, ...] = ()  # columns that say whose sales may be told of
    routing: Routing | None = None  # which dataset a row is for, where a run has several
    suppressed: Column | None = None  # SHA-256 of e-mails and phones of people to keep out
    shared: Mapping[str, frozenset[str]] = field(default_factory=dict)  # keys' values that are several people's
    refunds: RunRefunds | None = None  # what the run's files show refunded or cancelled on rows of their own
    file: int = 0  # the file's (or sheet's) number in the run, as `refunds` counts them


def normalise(orders: Orders, preparation: Preparation) -> tuple[Normal, Column]:
    """Return the orders with customer values in Meta's normal form, or left out, and the warnings of each order."""
    plan, answers = preparation.binding.plan, preparation.answers
    columns = {name: orders.column(name) for name in orders.schema.names}
    lists = {name: columns.pop(name) for name in list(columns) if name in CUSTOMER_FIELDS}
    options = NormaliseOptions(
        already_hashed=answers.already_hashed,
        country=answers.country,
        date_order=answers.birthday_order,
        external_id=plan.match.external_id,
        today=datetime.fromtimestamp(preparation.now, UTC).date(),
        first_only=frozenset(
            name
            for name, source in preparation.binding.columns.items()
            if source.take == "first" and len(source.names) > 1
        ),
        shared=preparation.shared,
    )
    keys, customer_notes = customer(lists, columns["event_time"], options)
    columns["event_name"], name_notes = standard_names(columns["event_name"])
    columns["action_source"] = standard_sources(columns["action_source"])
    columns |= keys
    notes = [columns["time_note"], columns["value_note"], _merged_at_meta(columns), name_notes, customer_notes]
    normal = Normal(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))
    return normal, join_notes(notes, orders.num_rows)


def _merged_at_meta(columns: Mapping[str, Column]) -> Column:
    """Hard rule 29: a date without a time of day and without an order id may be merged with another at Meta."""
    notes = columns["time_note"]
    if notes.null_count == len(notes):
        return notes
    date_only = np.asarray(pc.match_substring(notes, "date_only").fill_null(False)).astype(np.bool_)
    if "order_id" in columns:
        date_only &= np.asarray(columns["order_id"].is_null())
    return where(date_only, "event_time:date_only_no_order")
