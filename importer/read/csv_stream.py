"""A stream of UTF-8 text as blocks of records: well-formed ones by pyarrow, others one record at a time.

However long the file, no more is held than one chunk and the record that it cuts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.read.csv_blocks import Rows, Shape, from_records, parse_records
from importer.read.csv_scanner import BREAK, CsvRecord, Dialect, scan
from importer.read.record_bounds import RecordBounds, find_bounds

T = TypeVar("T")

LONGEST_RECORD = 16 << 20
"""A record of more bytes is cut and its row gets a fault; this bounds the memory that a hostile line takes."""

_FAST_BYTES = 256 << 10  # well-formed bytes before something malformed for which pyarrow is worth it
_STRETCH = 32 << 10  # scanned at once after something malformed, doubled while it goes on
_LONGEST_STRETCH = 1 << 20


class Starts(NamedTuple):
    """Where the records of a block begin: bytes and line breaks between the block's start and each of them.

    text: the block, and perhaps more behind it.
    """

    text: bytes
    offsets: Indices
    before: Indices


class TextBlock(NamedTuple, Generic[T]):
    """A block of records.

    line: the one that it begins with. content: what was made of the records. size: the bytes that they took.
    """

    line: int
    content: T
    size: int


_Taken = tuple[T, int, int]
"""What was made of records, the bytes they took, and the line breaks among these."""


class _Takers(NamedTuple, Generic[T]):
    """What is made of well-formed records, None where they are to be scanned, and of scanned ones."""

    well_formed: Callable[[bytes, RecordBounds], T | None]
    scanned: Callable[[bytes, Sequence[CsvRecord]], T]


def blocks(chunks: Iterator[bytes], dialect: Dialect, shape: Shape, line: int) -> Iterator[TextBlock[Rows]]:
    """Yield blocks of records as columns."""
    takers = _Takers(
        lambda data, bounds: parse_records(data, bounds, dialect, shape),
        lambda data, records: from_records(data, records, shape),
    )
    return _blocks(chunks, dialect, shape.width, line, takers)


def starts(chunks: Iterator[bytes], dialect: Dialect, width: int, line: int) -> Iterator[TextBlock[Starts]]:
    """Yield where the same records begin, which is found several times as fast."""
    takers = _Takers(lambda data, bounds: Starts(data, bounds.starts, bounds.before), _starts_of)
    return _blocks(chunks, dialect, width, line, takers)


def _starts_of(data: bytes, records: Sequence[CsvRecord]) -> Starts:
    before = np.cumsum([0, *(record.breaks for record in records)])[:-1]
    kept = [place for place, record in enumerate(records) if data[record.start : record.end].strip(b"\r\n")]
    return Starts(data, np.array([records[place].start for place in kept], np.int64), before[kept].astype(np.int64))


def _blocks(
    chunks: Iterator[bytes], dialect: Dialect, width: int, line: int, takers: _Takers[T]
) -> Iterator[TextBlock[T]]:
    buffer, stretch, endless = b"", _STRETCH, False
    for chunk, final in _mark_last(chunks):
        buffer += chunk
        if endless:
            found = BREAK.search(buffer)
            buffer, endless = (buffer[found.start() :], False) if found else (b"", True)
        if final and buffer and not buffer.endswith(b"\n"):
            buffer += b"\n"
        while buffer:
            taken = _take_in_order(buffer, dialect, takers)
            stretch = _STRETCH if taken else min(stretch * 2, _LONGEST_STRETCH)
            taken = taken or _scan_records(buffer, dialect, width, takers, stretch, final=final)
            if taken is None and len(buffer) > LONGEST_RECORD:
                taken = _cut_record(buffer, dialect, width, takers)
                endless = taken[1] == len(buffer)
            if taken is None:
                break
            content, used, breaks = taken
            yield TextBlock(line, content, used)
            buffer, line = buffer[used:], line + breaks


def _take_in_order(buffer: bytes, dialect: Dialect, takers: _Takers[T]) -> _Taken[T] | None:
    """Take the well-formed records at the buffer's beginning, where there are enough of them."""
    bounds = find_bounds(buffer, dialect)
    if not bounds.end or not (bounds.well_formed or bounds.end >= _FAST_BYTES):
        return None
    content = takers.well_formed(buffer, bounds)
    return None if content is None else (content, bounds.end, bounds.breaks)


def _scan_records(
    buffer: bytes, dialect: Dialect, width: int, takers: _Takers[T], stretch: int, *, final: bool
) -> _Taken[T] | None:
    """Scan records of about `stretch` bytes, one by one; None where not even one is whole."""
    records: list[CsvRecord] = []
    place = 0
    while place < min(len(buffer), stretch):
        record = scan(buffer, place, dialect, width, final=final)
        if record is None:
            break
        records.append(record)
        place = record.end
    if not records:
        return None
    return takers.scanned(buffer, records), place, sum(record.breaks for record in records)


def _cut_record(buffer: bytes, dialect: Dialect, width: int, takers: _Takers[T]) -> _Taken[T]:
    """Return the beginning of a record without end as a faulty record; the rest of its line is skipped."""
    record = scan(buffer, 0, dialect, width, final=True)
    assert record is not None  # noqa: S101 - a final scan always ends
    return (
        takers.scanned(buffer, [record._replace(fault=record.fault or "cell_too_long")]),
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
