"""Delivered rows in the columns of the report."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import join_notes, nulls, on_every_row, one_chunk, where, with_context
from importer.core.model import (
    ACTION_SOURCES,
    DAY,
    OUTCOMES,
    ROUTED_OUTCOMES,
    STORE_WINDOW_SECONDS,
    WINDOW_SECONDS,
    Column,
    Delivered,
    Outcomes,
)
from importer.core.reasons import DETAILED, REASONS

HOUR = 3_600


def outcomes(
    file: str,
    sheet: str,
    delivered: Delivered,
    now: int | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
    *,
    in_lines: bool = True,
    routed: bool = False,
) -> Outcomes:
    """Return one line of the report for each delivered row, in the same order.

    Only the columns of `model.OUTCOMES` are taken over; the payload stays behind, and with it all customer values.
    now: the UTC second by which ages were judged; with it the sentences name them. columns: what sentences say of the
    file's columns, by reason code (see `at_fault`). in_lines: the rows stand in lines of a file; routed: the
    dataset of each is told, as the last column.
    """
    count = delivered.num_rows
    derived = {
        "file": on_every_row(readable(file), count),
        "sheet": on_every_row(readable(sheet) or None, count),
        "message": _messages(delivered, now, columns),
        "event_time": iso_times(delivered.column("event_time")),
    }
    if not in_lines:
        derived["line"] = nulls(count, pa.int64())
    schema = ROUTED_OUTCOMES if routed else OUTCOMES
    columns = [derived[name] if name in derived else delivered.column(name) for name in schema.names]
    return Outcomes(pa.RecordBatch.from_arrays(columns, schema=schema))


def iso_times(seconds: Column) -> Column:
    """Return UTC seconds written like 2026-10-31T14:05:00Z."""
    text = seconds.cast(pa.timestamp("s")).cast(pa.string())  # with a time zone it would take 710 ns a value, not 22
    return one_chunk(pc.binary_join_element_wise(pc.binary_replace_slice(text, 10, 11, "T"), "Z", ""))


def _messages(delivered: Delivered, now: int | None, columns: Mapping[str, str]) -> Column:
    """Return the reasons as sentences; most rows have none."""
    reason = delivered.column("reason")
    if reason.null_count == len(reason):
        return nulls(len(reason))
    given = np.asarray(reason.is_valid())
    explained = delivered.filter(pa.array(given))
    reasons, details = explained.column("reason"), explained.column("detail")
    if now is not None:
        for code, detail in AGE_DETAILS.items():
            mask = pc.equal(reasons, code)
            if pc.any(mask).as_py():
                hours = pc.divide(pc.subtract(now, explained.column("event_time")), HOUR).cast(pa.string())
                details = pc.if_else(mask, with_context(hours, explained.column("action_source"), detail), details)
    told = partial(sentence, columns=columns)
    sentences = with_context(one_chunk(reasons), one_chunk(details), told)
    return one_chunk(sentences.take(pa.array(np.cumsum(given) - 1, mask=~given)))


def _too_old(hours: str, action_source: str | None) -> str:
    """Tell the age of a sale and the age that Meta takes: "70 days old; Meta takes store sales up to 62 days"."""
    limit, events = WINDOW_SECONDS // DAY, "such sales"
    if action_source == "physical_store":
        limit, events = STORE_WINDOW_SECONDS // DAY, "store sales"
    elif action_source in ACTION_SOURCES:  # else it is any text of the export's, which is not quoted
        events = f"{action_source} events"
    days = max(int(hours) * HOUR // DAY, limit)  # the limit less the reserve of ten minutes is told as the limit
    return f"{days:,} days old; Meta takes {events} up to {limit} days"


def _in_future(hours: str, action_source: str | None) -> str:
    """Tell how far ahead a sale is: "5 hours", "8 days"."""
    del action_source
    ahead = max(1, abs(int(hours)))
    days = ahead * HOUR // DAY
    return f"{days:,} days" if days > 1 else f"{ahead} hour{'' if ahead == 1 else 's'}"


AGE_DETAILS = {"too_old": _too_old, "in_future": _in_future}
"""Reason code -> the detail for a sale's age in whole hours and its action source."""


def sentence(reason: str, detail: str | None, columns: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the reason as a sentence, filled with its detail and with the columns at fault.

    A rule of a schema, and a status that is not known, bring their own sentence as detail. Without a detail the
    brackets that would hold it are left out.
    """
    if detail and (reason in ("own_rule", "unknown_status") or reason not in REASONS):
        return detail
    text = REASONS.get(reason, REASONS["own_rule"]).replace("{column}", columns.get(reason, ""))
    if not detail:
        return text.replace(" ({detail})", "")
    return DETAILED.get(reason, text).replace("{detail}", detail)


EDITED = "row:edited"
"""The warning of a row that the user corrected."""


def with_note(rows: Outcomes, numbers: Collection[int], note: str) -> Outcomes:
    """Add a warning to the rows of these numbers."""
    if not numbers:
        return rows
    place = rows.schema.get_field_index("warnings")
    marked = pc.is_in(rows.column("row"), value_set=pa.array(sorted(numbers), pa.int64()))
    if not pc.any(marked).as_py():
        return rows
    noted = join_notes([rows.column("warnings"), where(np.asarray(marked).astype(np.bool_), note)], rows.num_rows)
    return Outcomes(rows.set_column(place, OUTCOMES.field(place), noted))


def readable(text: str) -> str:
    """Return a file's name as text; bytes of it that are not valid UTF-8 are escaped."""
    return text.encode(errors="backslashreplace").decode()
