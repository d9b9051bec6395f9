"""A stream of UTF-8 text as blocks of records: well-formed ones by pyarrow, others one record at a time.

However long the file, no more is held than one chunk and the record that it cuts.
"""

from __future__ import annotations

from collections.abc import Iterator

from importer.read.csv_blocks import Rows, Shape, from_records, parse_records
from importer.read.csv_scanner import BREAK, CsvRecord, Dialect, scan
from importer.read.record_bounds import find_bounds

LONGEST_RECORD = 16 << 20
"""A record of more bytes is cut and its row gets a fault; this bounds the memory that a hostile line takes."""

_FAST_BYTES = 256 << 10  # well-formed bytes before something malformed for which pyarrow is worth it
_STRETCH = 32 << 10  # scanned at once after something malformed, doubled while it goes on
_LONGEST_STRETCH = 1 << 20

_Taken = tuple[Rows, int, int]
"""Rows, the bytes they took, and the line breaks among these."""


def blocks(chunks: Iterator[bytes], dialect: Dialect, shape: Shape, line: int) -> Iterator[tuple[int, Rows]]:
    """Yield blocks of records and the line that each block begins with."""
    buffer, stretch, endless = b"", _STRETCH, False
    for chunk, final in _mark_last(chunks):
        buffer += chunk
        if endless:
            found = BREAK.search(buffer)
            buffer, endless = (buffer[found.start() :], False) if found else (b"", True)
        if final and buffer and not buffer.endswith(b"\n"):
            buffer += b"\n"
        while buffer:
            taken = _parse_in_order(buffer, dialect, shape)
            stretch = _STRETCH if taken else min(stretch * 2, _LONGEST_STRETCH)
            taken = taken or _scan_records(buffer, dialect, shape, stretch, final=final)
            if taken is None and len(buffer) > LONGEST_RECORD:
                taken = _cut_record(buffer, dialect, shape)
                endless = taken[1] == len(buffer)
            if taken is None:
                break
            rows, used, breaks = taken
            yield line, rows
            buffer, line = buffer[used:], line + breaks


def _parse_in_order(buffer: bytes, dialect: Dialect, shape: Shape) -> _Taken | None:
    """Parse the well-formed records at the buffer's beginning, where there are enough of them."""
    bounds = find_bounds(buffer, dialect)
    if not bounds.end or not (bounds.well_formed or bounds.end >= _FAST_BYTES):
        return None
    rows = parse_records(buffer, bounds, dialect, shape)
    return None if rows is None else (rows, bounds.end, bounds.breaks)


def _scan_records(buffer: bytes, dialect: Dialect, shape: Shape, stretch: int, *, final: bool) -> _Taken | None:
    """Scan records of about `stretch` bytes, one by one; None where not even one is whole."""
    records: list[CsvRecord] = []
    place = 0
    while place < min(len(buffer), stretch):
        record = scan(buffer, place, dialect, shape.width, final=final)
        if record is None:
            break
        records.append(record)
        place = record.end
    if not records:
        return None
    return from_records(buffer, records, shape), place, sum(record.breaks for record in records)


def _cut_record(buffer: bytes, dialect: Dialect, shape: Shape) -> _Taken:
    """Return the beginning of a record without end as a faulty record; the rest of its line is skipped."""
    record = scan(buffer, 0, dialect, shape.width, final=True)
    assert record is not None  # noqa: S101 - a final scan always ends
    return (
        from_records(buffer, [record._replace(fault=record.fault or "cell_too_long")], shape),
        record.end,
        record.breaks,
    )


def _mark_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each chunk and whether it is the last; an empty last one where there is none."""
    waiting = b""
    for chunk in chunks:
        if waiting:
            yield waiting, False
        waiting = chunk
    yield waiting, True
