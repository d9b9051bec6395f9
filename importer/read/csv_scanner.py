"""One CSV record at a time, with recovery: the exact but slow parser of text whose quotes are malformed.

The grammar is RFC 4180 as spreadsheets read it: a cell that begins with a quotation mark ends at the next single one,
doubled marks stand for one, marks inside an unquoted cell are text. Where a quoted cell cannot have been meant, the
record is faulty and reading goes on with the next line of the file, so that a forgotten mark never swallows rows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from importer.read.export import CELL_LIMIT, MAX_COLUMNS

MAX_BREAKS = 200
"""A quoted cell with more line breaks was not meant: its quotation mark is unclosed."""

_BY_WEIGHT = ("unclosed_quote", "too_many_cells", "cell_too_long")
"""The faults of a record; the first of these explains the others."""

BREAK = re.compile(rb"\r\n|\r|\n")


class Dialect(NamedTuple):
    """How a text file separates cells, and whether quotation marks quote or are text."""

    delimiter: bytes
    quoted: bool


class CsvRecord(NamedTuple):
    """A record as it stands in the text.

    end: offset of what follows the record and its line break.
    breaks: line breaks between start and end.
    cells: at most the width asked for.
    """

    start: int
    end: int
    breaks: int
    cells: list[bytes]
    fault: str | None


class _Cell(NamedTuple):
    value: bytes
    end: int
    fault: str | None = None
    loose: bool = False  # text stood behind the closing quotation mark


def scan(data: bytes, start: int, dialect: Dialect, width: int | None, *, final: bool) -> CsvRecord | None:
    """Scan the record that begins at `start`; None where the data end before it does and more (not `final`) may come.

    width: cells of the header; further cells are left out, and are a fault where they hold something.
    """
    most = MAX_COLUMNS + 1 if width is None else width
    cells: list[bytes] = []
    faults: set[str] = set()
    loose, place, surplus = False, start, None
    while True:
        if len(cells) == most:
            surplus = place if surplus is None else surplus
            place = _after_plain_cells(data, place, dialect)
        quoted = dialect.quoted and data[place : place + 1] == b'"'
        cell = (_quoted if quoted else _unquoted)(data, place, dialect, final=final)
        if cell is None:
            return None
        if len(cells) < most:
            cells.append(cell.value)
        loose |= cell.loose
        faults.update([cell.fault] if cell.fault else [])
        place = cell.end
        if data[place : place + 1] != dialect.delimiter:
            break
        place += 1
    if surplus is not None and has_content(data[surplus:place], dialect):
        faults.add("too_many_cells")
    if loose and width is not None and (surplus is not None or len(cells) < width):
        faults.add("unclosed_quote")
    fault = next((fault for fault in _BY_WEIGHT if fault in faults), None)
    return _record(data, start, place, cells, fault, final=final)


def has_content(cells: bytes, dialect: Dialect) -> bool:
    """Tell whether the text of several cells is more than delimiters, blanks and quotation marks."""
    return bool(cells.strip(dialect.delimiter + b'" '))


def _record(
    data: bytes, start: int, place: int, cells: list[bytes], fault: str | None, *, final: bool
) -> CsvRecord | None:
    """Return the record whose last cell ends at `place`; None where its line break may be cut."""
    if data[place : place + 1] == b"\r" and place + 1 == len(data) and not final:
        return None  # the \n of \r\n may be still to come
    stop = BREAK.match(data, place)
    end = stop.end() if stop else place
    if b"\n" in data[start:place] or b"\r" in data[start:place]:
        return CsvRecord(start, end, len(BREAK.findall(data, start, end)), cells, fault)
    return CsvRecord(start, end, 1 if stop else 0, cells, fault)


@lru_cache
def _plain_cells(dialect: Dialect) -> re.Pattern[bytes]:
    char = re.escape(dialect.delimiter)
    text = rb"[^\r\n" + char + rb"]*+"
    cell = rb'(?:"(?:[^"\r\n]++|"")*+"|(?!")' + text + rb")" if dialect.quoted else text
    return re.compile(rb"(?:" + cell + char + rb")*+")


def _after_plain_cells(data: bytes, start: int, dialect: Dialect) -> int:
    """Return where a run of cells on one line ends, without its last one: 50 million commas take no loop in Python."""
    found = _plain_cells(dialect).match(data, start)
    return found.end() if found else start


@lru_cache
def _up_to(delimiter: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"[^\r\n" + re.escape(delimiter) + rb"]*")


def _unquoted(data: bytes, start: int, dialect: Dialect, *, final: bool) -> _Cell | None:
    found = _up_to(dialect.delimiter).match(data, start)
    end = found.end() if found else start
    if end == len(data) and not final:
        return None
    return _bounded(data[start:end], end)


def _quoted(data: bytes, start: int, dialect: Dialect, *, final: bool) -> _Cell | None:
    close = _closing_quote(data, start + 1, start + 1 + CELL_LIMIT)
    if close is None:
        return _beyond_limit(data, start, dialect, final=final)
    if close + 1 == len(data) and not final:
        return None
    breaks = len(BREAK.findall(data, start + 1, close))
    followed = data[close + 1 : close + 2] not in (dialect.delimiter, b"\r", b"\n", b"")
    if breaks > MAX_BREAKS or (followed and breaks):
        return _unclosed(data, start, final=final)
    return _closed(data, start, close, dialect, final=final)


def _closing_quote(data: bytes, start: int, stop: int) -> int | None:
    place = start
    while (found := data.find(b'"', place, stop)) >= 0:
        if data[found + 1 : found + 2] != b'"':
            return found
        place = found + 2
    return None


def _closed(data: bytes, start: int, close: int, dialect: Dialect, *, final: bool) -> _Cell | None:
    """Return the cell up to its closing mark, and what stands between the mark and the next delimiter."""
    rest = _unquoted(data, close + 1, dialect, final=final)
    if rest is None:
        return None
    value = data[start + 1 : close].replace(b'""', b'"') + rest.value
    return _bounded(value, rest.end, loose=rest.end > close + 1)


def _beyond_limit(data: bytes, start: int, dialect: Dialect, *, final: bool) -> _Cell | None:
    """Return a quoted cell beyond the limit: too long if it ends on its line, else never closed."""
    stop = start + 1 + CELL_LIMIT
    if len(data) < stop + 1 and not final:
        return None
    line = BREAK.search(data, start)
    close = _closing_quote(data, start + 1, line.start() if line else len(data))
    if close is None:
        return _unclosed(data, start, final=final)
    if close + 1 == len(data) and not final:
        return None
    return _closed(data, start, close, dialect, final=final)


def _unclosed(data: bytes, start: int, *, final: bool) -> _Cell | None:
    """Take the rest of the line as the cell, so that reading goes on with the next line."""
    line = BREAK.search(data, start)
    if line is None and not final:
        return None
    end = line.start() if line else len(data)
    return _Cell(data[start + 1 : end][:CELL_LIMIT], end, "unclosed_quote")


def _bounded(value: bytes, end: int, *, loose: bool = False) -> _Cell:
    if len(value) <= CELL_LIMIT:
        return _Cell(value, end, None, loose)
    return _Cell(value[:CELL_LIMIT], end, "cell_too_long", loose)
