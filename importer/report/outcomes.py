"""Delivered rows in the columns of the report."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import one_chunk, with_context
from importer.core.model import OUTCOMES, REASONS, Column, Delivered, Outcomes

_DAY_SIGNS = len("2026-10-31")


def outcomes(file: str, sheet: str, delivered: Delivered) -> Outcomes:
    """One line of the report for each delivered row, in the same order.

    Only the columns of `model.OUTCOMES` are taken over; the payload stays behind, and with it all customer values.
    """
    count = delivered.num_rows
    made = {
        "file": _repeated(file, count),
        "sheet": _repeated(sheet or None, count),
        "message": with_context(delivered.column("reason"), delivered.column("detail"), sentence),
        "event_time": _iso_time(delivered.column("event_time")),
    }
    columns = [made[name] if name in made else delivered.column(name) for name in OUTCOMES.names]
    return Outcomes(pa.RecordBatch.from_arrays(columns, schema=OUTCOMES))


def sentence(reason: str, detail: str | None) -> str:
    """The reason in words; without a detail the brackets that would hold it are left out."""
    text = REASONS[reason]
    return text.replace("{detail}", detail) if detail else text.replace(" ({detail})", "")


def readable(text: str) -> str:
    """A file's name as text; bytes of it that are no UTF-8 are shown escaped."""
    return text.encode(errors="backslashreplace").decode()


def _repeated(text: str | None, count: int) -> Column:
    """The same text on every row."""
    shown = None if text is None else readable(text)
    return one_chunk(pa.repeat(pa.scalar(shown, pa.string()), count))


def _iso_time(seconds: Column) -> Column:
    """UTC seconds written like 2026-10-31T14:05:00Z."""
    text = seconds.cast(pa.timestamp("s")).cast(pa.string())  # with a zone it takes ten times as long
    days, clocks = pc.utf8_slice_codeunits(text, 0, _DAY_SIGNS), pc.utf8_slice_codeunits(text, _DAY_SIGNS + 1)
    return one_chunk(pc.binary_join_element_wise(days, "T", clocks, "Z", ""))
