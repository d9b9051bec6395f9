"""Delivered rows in the columns of the report."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from importer.core.kernels.arrays import nulls, on_every_row, one_chunk, with_context
from importer.core.model import OUTCOMES, Column, Delivered, Outcomes
from importer.core.reasons import REASONS
from importer.results.timestamps import iso_times


def outcomes(file: str, sheet: str, delivered: Delivered) -> Outcomes:
    """One line of the report for each delivered row, in the same order.

    Only the columns of `model.OUTCOMES` are taken over; the payload stays behind, and with it all customer values.
    """
    count = delivered.num_rows
    made = {
        "file": _repeated(file, count),
        "sheet": _repeated(sheet or None, count),
        "message": _sentences(delivered.column("reason"), delivered.column("detail")),
        "event_time": iso_times(delivered.column("event_time")),
    }
    columns = [made[name] if name in made else delivered.column(name) for name in OUTCOMES.names]
    return Outcomes(pa.RecordBatch.from_arrays(columns, schema=OUTCOMES))


def _sentences(reason: Column, detail: Column) -> Column:
    """The reasons in words; most rows have none."""
    if reason.null_count == len(reason):
        return nulls(len(reason))
    given = np.asarray(reason.is_valid())
    told = with_context(reason.drop_null(), one_chunk(detail.filter(pa.array(given))), sentence)
    return one_chunk(told.take(pa.array(np.cumsum(given) - 1, mask=~given)))


def sentence(reason: str, detail: str | None) -> str:
    """Return the reason in words: a detail fills its place in the sentence; one without a place is the sentence itself.

    Without a detail the brackets that would hold it are left out.
    """
    text = REASONS.get(reason, REASONS["own_rule"])
    if detail and "{detail}" not in text:
        return detail
    return text.replace("{detail}", detail) if detail else text.replace(" ({detail})", "")


def readable(text: str) -> str:
    """A file's name as text; bytes of it that are no UTF-8 are shown escaped."""
    return text.encode(errors="backslashreplace").decode()


def _repeated(text: str | None, count: int) -> Column:
    """The same text on every row."""
    shown = None if text is None else readable(text)
    return on_every_row(shown, count)
