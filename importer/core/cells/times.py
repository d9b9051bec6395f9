"""A column of dates and times, however an export writes them, as UTC seconds with a reason where that cannot be.

Nothing is guessed: 30 February is not a date, day and month are told apart by the whole column or the user, and a time
without a zone needs one. Decisions: docs/decisions/0004-dates-and-amounts.md. Rules: spec, section 0, 3 to 7 and 29.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.cell_text import as_text
from importer.core.cells.date_parts import (
    NONE,
    DateKind,
    Moments,
    civil_days,
    exchanged_days,
    full_year,
    in_range,
    instants,
    is_early,
    read_clocks,
    read_moments,
)
from importer.core.cells.day_month import (
    DateEvidence,
    DateOrder,
    Readings,
    contradicts,
    decide,
    evidence_of,
    exchange,
    is_ambiguous,
    readings,
    without_naive,
)
from importer.core.cells.time_zones import Zone, given_zone, resolve, to_utc
from importer.core.kernels.arrays import Indices, Mask, nulls, one_chunk
from importer.core.model import DAY, Column

__all__ = [
    "DateEvidence", "DateOrder", "Times", "clock_evidence", "contradicts", "decide", "evidence", "exchange",
    "is_ambiguous", "put_back", "read_times", "without_naive",
]  # fmt: skip

_REASONS = (None, "missing_event_time", "bad_event_time", "ambiguous_date", "needs_timezone", "unknown_timezone")
_FINE, _MISSING, _BAD, _AMBIGUOUS, _NEEDS_ZONE, _UNKNOWN_ZONE = range(len(_REASONS))
_REASON_OF_KIND = np.full(len(DateKind), _BAD, np.int8)
_REASON_OF_KIND[[DateKind.KNOWN, DateKind.INSTANT, DateKind.NOTHING]] = _FINE, _FINE, _MISSING
_NOTES = ("date_only", "ambiguous_hour", "missing_hour", "milliseconds", "microseconds", "day_month_exchanged")
_CENTURY = 100
_LIKE_A_CLOCK = "[0-9][:.h][0-9]{2}"
_MILLISECONDS = 1_000


@dataclass(frozen=True)
class Times:
    """Four columns as long as the one that was read.

    seconds: int64, UTC, null where not read. days: the day as it is written, before its zone is looked at, in days
    since 1970; null where not read. reason: null or a code of reasons.REASONS.
    notes: null or codes of reasons.WARNINGS as `event_time:code`, joined by `; `.
    """

    seconds: Column
    days: Column
    reason: Column
    notes: Column


def evidence(column: Column, lines: Column | None = None) -> DateEvidence:
    """Count what a column says about the order of day and month and about zones; batches add up with `+`.

    lines: the line of the file that each value stands on.
    """
    return evidence_of(_moments(column), None if lines is None else np.asarray(lines))


def clock_evidence(column: Column) -> tuple[int, int]:
    """Count the cells that tell a time of day, readable or not, and those that hold digits and tell none."""
    texts = _texts(column)
    kinds = read_clocks(texts).kind
    bad, blank = (int(np.count_nonzero(kinds == kind)) for kind in (DateKind.BAD, DateKind.NOTHING))
    if bad:
        clocks = np.asarray(pc.match_substring_regex(texts, _LIKE_A_CLOCK).fill_null(False)).astype(np.bool_)
        bad = int(np.count_nonzero((kinds == DateKind.BAD) & ~clocks))
    return len(column) - bad - blank, bad


def read_times(
    column: Column,
    *,
    order: DateOrder | None,
    zone: str | None,
    zones: Column | None = None,
    clock: Column | None = None,
    header_zone: Zone | None = None,
    exchanged: bool = False,
) -> Times:
    """Read every value of the column as UTC seconds, or tell the reason why not.

    column: text, or dates, timestamps and numbers (seconds or milliseconds since 1970, Excel serials, yyyymmdd).
    order: of three numbers with the year last; a value that contradicts it is bad. None: what proves itself is read.
    zone: for values that say nothing of their zone themselves. zones: the same for each row, which goes before `zone`.
    clock: the time of day where it stands in a second column. header_zone: what the header says; it goes before `zone`.
    exchanged: a spreadsheet has exchanged day and month of the dates that leave nothing open; they are put back.
    """
    moments = _moments(column) if clock is None else read_moments(_texts(column), clocked=True)
    turned = np.zeros(len(column), np.bool_)
    if exchanged:
        moments, turned = _put_back(moments)
    if clock is not None:
        moments = _with_clocks(moments, read_clocks(_texts(clock)))
    days, reason = _settle(moments, order)
    instant = moments.kind == DateKind.INSTANT
    local = (
        moments.instant
        if instant.all()
        else np.where(instant, moments.instant, days * DAY + np.maximum(moments.clock, 0))
    )
    rows = _Rows(local.copy(), (local // DAY).astype(np.int32), reason, np.zeros(len(local), np.int8))
    _apply_zones(rows, moments, zone=zone, zones=zones, header_zone=header_zone)
    for mask, note in (
        (~instant & (moments.clock == NONE), "date_only"),
        (moments.units == _MILLISECONDS, "milliseconds"),
        (moments.units > _MILLISECONDS, "microseconds"),
        (turned, "day_month_exchanged"),
    ):
        if mask.any():
            rows.note(np.flatnonzero(mask), note)
    return rows.columns()


def _moments(column: Column) -> Moments:
    """Read what each value says; true instants need not be written and read again."""
    if not pa.types.is_timestamp(column.type) or column.type.tz is None:
        return read_moments(_texts(column))
    seconds = column.cast(pa.timestamp("s", column.type.tz), safe=False).cast(pa.int64())
    return instants(np.asarray(seconds.fill_null(0)), np.asarray(column.is_valid()))


def _texts(column: Column) -> Column:
    """Return the column as text, instants in UTC."""
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = column.cast(pa.timestamp(column.type.unit, "UTC"))
    return column if pa.types.is_string(column.type) else as_text(column)


@dataclass(frozen=True)
class _Rows:
    """The rows on their way from local to UTC seconds; the arrays are filled in place."""

    seconds: Indices
    days: npt.NDArray[np.int32]
    reason: npt.NDArray[np.int8]
    notes: npt.NDArray[np.int8]

    def note(self, rows: Indices, code: str) -> None:
        """Mark the rows with a note."""
        self.notes[rows] |= 1 << _NOTES.index(code)

    def place(self, rows: Indices, zone: Zone | None, otherwise: int) -> None:
        """Turn the rows' seconds into UTC if the zone is known; else give them the reason."""
        if zone is None:
            self.reason[rows] = otherwise
            return
        if not len(rows):
            return
        self.seconds[rows], twice, never = to_utc(self.seconds[rows], zone)
        self.note(rows[twice], "ambiguous_hour")
        self.note(rows[never], "missing_hour")

    def columns(self) -> Times:
        """Return the finished columns."""
        failed, count = self.reason != _FINE, len(self.reason)
        some_failed = bool(failed.any())
        notes = np.where(failed, 0, self.notes) if some_failed else self.notes
        return Times(
            seconds=pa.array(self.seconds, mask=failed if some_failed else None),
            days=pa.array(self.days, mask=failed if some_failed else None),
            reason=_spread(_REASONS, self.reason) if some_failed else nulls(count),
            notes=_spread(_WRITTEN_NOTES, notes) if notes.any() else nulls(count),
        )


def _spread(texts: Sequence[str | None], codes: npt.NDArray[np.int8]) -> Column:
    return one_chunk(pa.array(texts, pa.string()).take(pa.array(codes)))


_WRITTEN_NOTES = [
    "; ".join(f"event_time:{name}" for bit, name in enumerate(_NOTES) if code >> bit & 1) or None
    for code in range(1 << len(_NOTES))
]
"""The notes of each set of bits, as they are written."""


def _put_back(moments: Moments) -> tuple[Moments, Mask]:
    """Return the moments with day and month of settled dates exchanged where both can be either, and which changed."""
    settled = (moments.kind == DateKind.KNOWN) & ~moments.aware & is_early(moments.days)
    days = moments.days.copy()
    days[settled] = exchanged_days(days[settled])
    return replace(moments, days=days), np.asarray(days != moments.days)


def put_back(texts: Column) -> tuple[Column, Mask]:
    """Return a column of dates as text with day and month exchanged as `read_times` does, and which texts changed."""
    moments, changed = _put_back(read_moments(texts))
    if not changed.any():
        return texts, changed
    days = pa.array(moments.days[changed].astype(np.int32)).cast(pa.date32()).cast(pa.string())
    return one_chunk(pc.replace_with_mask(texts, pa.array(changed), days)), changed


def _with_clocks(moments: Moments, clocks: Moments) -> Moments:
    """Add the time of day of the second column to dates that have none of their own but midnight."""
    dated = (moments.kind != DateKind.INSTANT) & (moments.clock <= 0)
    filled = dated & (clocks.kind != DateKind.NOTHING)
    read = filled & (clocks.kind != DateKind.BAD)
    unaware = read & ~moments.aware
    return replace(
        moments,
        kind=np.where(filled & ~read & (moments.kind > DateKind.NOTHING), DateKind.BAD, moments.kind).astype(np.int8),
        clock=np.where(read, clocks.clock, moments.clock),
        offset=np.where(unaware, clocks.offset, moments.offset),
        zone=np.where(unaware & (clocks.zone >= 0), clocks.zone + len(moments.zones), moments.zone),
        zones=[*moments.zones, *clocks.zones],
    )


def _settle(moments: Moments, order: DateOrder | None) -> tuple[Indices, npt.NDArray[np.int8]]:
    """Return the local days under an order, and for each row the reason if there is none."""
    days, reason = moments.days, _REASON_OF_KIND.take(moments.kind)
    found = readings(moments)
    if found is not None:
        days = _settle_open(found, days.copy(), reason, order)
    dated = (moments.kind == DateKind.KNOWN) | (moments.kind == DateKind.OPEN) | (moments.kind == DateKind.OPEN_SHORT)
    reason[dated & ~in_range(moments.year)] = _BAD
    if order == "ymd":
        days = _settle_short_years(moments, days.copy(), reason)
    return days, reason


def _settle_open(found: Readings, days: Indices, reason: npt.NDArray[np.int8], order: DateOrder | None) -> Indices:
    """Fill in the days of open dates as the order reads them; without one only what proves itself is read."""
    reads_mdy, reads_dmy = found.mdy & (order != "dmy"), found.dmy & (order != "mdy")
    if order not in ("mdy", "dmy"):
        reason[found.ambiguous] = _AMBIGUOUS
        reads_mdy, reads_dmy = reads_mdy & ~found.ambiguous, reads_dmy & ~found.ambiguous
    days[reads_mdy], days[reads_dmy] = found.mdy_days[reads_mdy], found.dmy_days[reads_dmy]
    reason[reads_mdy | reads_dmy] = _FINE
    return days


def _settle_short_years(moments: Moments, days: Indices, reason: npt.NDArray[np.int8]) -> Indices:
    """Read three short numbers with the year first: 26-10-05."""
    short = moments.kind == DateKind.OPEN_SHORT
    year = full_year(moments.first)
    found, right = civil_days(year, moments.second, moments.year % _CENTURY)
    days[short] = found[short]
    reason[short] = np.where(right & in_range(year), _FINE, _BAD)[short]
    return days


def _apply_zones(
    rows: _Rows, moments: Moments, *, zone: str | None, zones: Column | None, header_zone: Zone | None
) -> None:
    """Turn the rows' seconds into UTC: by the cell's offset or zone, the row's zone, the header, the given zone."""
    local = (rows.reason == _FINE) & (moments.kind != DateKind.INSTANT)
    if not local.any():
        return
    given = given_zone(zone) if zone else None
    home = given if isinstance(given, str) else None  # by it abbreviations of several meanings are understood
    if (offset := local & (moments.offset != NONE)).any():
        rows.seconds[offset] -= moments.offset[offset]
    if moments.zones:
        _place_by_words(rows, np.where(local & ~offset, moments.zone, -1), moments.zones, home)
    waiting = local & ~moments.aware
    if zones is not None and waiting.any():
        encoded = as_text(zones).dictionary_encode()
        codes = np.where(waiting, np.asarray(pc.fill_null(encoded.indices, -1)), -1).astype(np.int64)
        _place_by_words(rows, codes, encoded.dictionary.to_pylist(), home)
        waiting &= codes < 0
    if header_zone is not None or zone is None:
        rows.place(np.flatnonzero(waiting), header_zone, _NEEDS_ZONE)
    else:
        rows.place(np.flatnonzero(waiting), given, _UNKNOWN_ZONE)


def _place_by_words(rows: _Rows, codes: Indices, words: Sequence[str], home: str | None) -> None:
    """Place the rows in the zone of their words; code -1 stands for none."""
    meant = [resolve(each, home) for each in words]
    places: dict[Zone | None, int] = {zone: place for place, zone in enumerate(dict.fromkeys(meant))}
    place_of = np.array([*(places[zone] for zone in meant), -1], np.int64)[codes]
    for zone, place in places.items():
        rows.place(np.flatnonzero(place_of == place), zone, _UNKNOWN_ZONE)
