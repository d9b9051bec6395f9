"""Excel and OpenDocument sheets as an Export: the sheet with the sales is found, its columns keep their true types.

calamine reads a sheet whole; its cells are turned into Arrow columns at once, which take a tenth of the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.model import Column
from importer.errors import FileError
from importer.questions import option
from importer.read.calamine_workbook import Workbook, open_workbook
from importer.read.cell_types import Cell, column_piece, join_pieces, text_of, too_long
from importer.read.column_names import clean_header, unique_names
from importer.read.export import HEAD, MAX_COLUMNS, MIXED, Export, wanted_schema
from importer.read.header import SEARCHED, Header, Known, find_header
from importer.read.other_sheets import (
    MOST_SHEETS,
    OtherSheets,
    returned_question,
    same_columns,
    shared_numbers,
    speaks_of_returns,
)
from importer.read.sheet_marks import SheetMarks

_PIECE_ROWS = 8_192
TEXTS = {str, type(None)}


class _Top(NamedTuple):
    """The first filled rows of a sheet and where its header is among them."""

    sheet: str
    rows: list[tuple[int, list[str]]]
    header: Header


TopOf: TypeAlias = Callable[[str], _Top | None]


class _Records(NamedTuple):
    """The rows after the header as columns. mixed: places of columns whose cells are of several kinds."""

    lines: Column
    faults: Column
    columns: list[Column]
    mixed: set[int]


def open_excel(path: Path, form: str, sheet: str | None, known: Known) -> Export:
    """Load a workbook's sheet; FileError where none holds a table, UsageError where the named one does not exist.

    sheet: a name or a number from 1; otherwise the first visible sheet with a header the program knows, else the
    first that has a header at all.
    """
    with open_workbook(path, form) as workbook:
        top_of = cache(lambda name: _top(workbook, name, known))  # to load a sheet is to load it whole
        top = _choose(workbook, sheet, known, top_of)
        first = top.rows[top.header.index + top.header.described][0] + 1
        records = _load(workbook, top.sheet, first)
        others = [name for name in workbook.names if name != top.sheet]
        marks = workbook.marks(top.sheet)
        beside = OtherSheets() if sheet is not None else _other_sheets(workbook, top, records, top_of)
    number, cells = top.rows[top.header.index]
    headers = _without_empty_end(tuple(cells), records)
    names = unique_names(headers)
    records = records._replace(columns=records.columns[: len(names)])
    columns = [
        pa.field(name, column.type, metadata={MIXED: b""} if place in records.mixed else None)
        for place, (name, column) in enumerate(zip(names, records.columns, strict=True))
    ]
    schema = pa.schema([*HEAD, *columns])
    return Export(
        path=path,
        file=path.name,
        format=form,
        sheet=top.sheet,
        headers=headers,
        names=names,
        header_line=number,
        preamble=tuple(line for line, _ in top.rows[: top.header.index]),
        description_line=first - 1 if top.header.described else None,
        details={"rows": f"{len(records.lines):,}"} | ({"other sheets": ", ".join(others)} if others else {}),
        schema=schema,
        reader=lambda wanted, rows, _stretch=None: _batches(records, schema, wanted, rows),
        notices=tuple(
            f"{path.name}, sheet {top.sheet}: {words}" for words in _hidden(headers, records, marks, beside.hidden)
        ),
        alike=beside.alike,
        questions=returned_question(path.name, top.sheet, beside.returned),
        epoch_1904=workbook.epoch_1904,
    )


def _hidden(headers: tuple[str, ...], records: _Records, marks: SheetMarks, sheets: Sequence[str]) -> Iterator[str]:
    """Say what is hidden: rows and columns are read like the others, sheets are not."""
    if marks.rows:
        rows = pc.sum(pc.is_in(records.lines, value_set=pa.array(sorted(marks.rows)))).as_py() or 0
        if rows:
            yield f"{rows:,} hidden {'row is' if rows == 1 else 'rows are'} read like the others."
    columns = [header for place, header in enumerate(headers, start=1) if header and place in marks.columns]
    if columns:
        named = ", ".join(f'"{column}"' for column in columns)
        yield f"hidden columns are read like the others: {named}."
    for name in sheets:
        yield f'the hidden sheet "{name}" has the same columns and is not read; {option("--sheet", name)} reads it.'


def _other_sheets(workbook: Workbook, chosen: _Top, records: _Records, top_of: TopOf) -> OtherSheets:
    """Look at the other sheets for the same columns, and for orders that came back."""
    headers = chosen.rows[chosen.header.index][1]
    alike: list[str] = []
    returned: dict[str, int] = {}
    for name in [name for name in workbook.names if name != chosen.sheet][:MOST_SHEETS]:
        top = top_of(name)
        if top is None or len(top.rows) <= top.header.index + 1 + top.header.described:
            continue
        own = top.rows[top.header.index][1]
        if same_columns(headers, own):
            alike.append(name)
        elif name in workbook.visible and speaks_of_returns(name, own):
            first = top.rows[top.header.index + top.header.described][0] + 1
            count = shared_numbers(records.columns, _load(workbook, name, first).columns)
            returned |= {name: count} if count else {}
    seen = workbook.visible
    return OtherSheets(
        tuple(name for name in alike if name in seen), tuple(name for name in alike if name not in seen), returned
    )


def _choose(workbook: Workbook, sheet: str | None, known: Known, top_of: TopOf) -> _Top:
    if sheet is not None:
        name = workbook.named(sheet)
        top = top_of(name)
        if top is None:
            message = (
                f"Sheet {name!r} of {workbook.file} has no header row; name another sheet or add the columns' names."
            )
            raise FileError(message)
        return top
    first: _Top | None = None
    for name in workbook.visible:
        top = top_of(name)
        if top is not None and known(top.rows[top.header.index][1]):
            return top
        first = first or top
    if first is None:
        message = f"{workbook.file} has no sheet with a header row; add a first row with the columns' names."
        raise FileError(message)
    return first


def _top(workbook: Workbook, sheet: str, known: Known) -> _Top | None:
    """Read the sheet's beginning; None where it is empty or has no header."""
    filled = ((number, cells) for number, cells in enumerate(workbook.rows(sheet), start=1) if _is_filled(cells))
    rows = [(number, [clean_header(text_of(cell)) for cell in cells]) for number, cells in islice(filled, SEARCHED * 2)]
    header = find_header([cells for _, cells in rows], known)
    if header is None:
        return None
    if len(rows[header.index][1]) > MAX_COLUMNS:
        message = f"{workbook.file} has more than {MAX_COLUMNS:,} columns; check that it is a sales export."
        raise FileError(message)
    return _Top(sheet, rows, header)


def _is_filled(cells: Sequence[Cell]) -> bool:
    return any(cells) or any(cell not in ("", None) for cell in cells)


def _load(workbook: Workbook, sheet: str, first: int) -> _Records:
    """Load the filled rows from a row number on."""
    rows = workbook.rows(sheet, first - 1)
    lines: list[int] = []
    faulty, mixed = set[int](), set[int]()
    pieces: list[list[Column]] = []
    number = first
    while part := list(islice(rows, _PIECE_ROWS)):
        numbers: Sequence[int] = range(number, number + len(part))
        number += len(part)
        if not all(map(any, part)):
            kept = [place for place, cells in enumerate(part) if _is_filled(cells)]
            numbers, part = [numbers[place] for place in kept], [part[place] for place in kept]
        if not part:
            continue
        columns = list(zip(*part, strict=True))
        piece = [column_piece(column) for column in columns]
        for place, (cells, column) in enumerate(zip(columns, piece, strict=True)):
            faulty.update(len(lines) + at for at in too_long(cells, column))
            if column.type == pa.string() and not set(map(type, cells)) <= TEXTS:
                mixed.add(place)
        pieces.append(piece)
        lines.extend(numbers)
    faults = pa.array(["cell_too_long" if place in faulty else None for place in range(len(lines))], pa.string())
    width = workbook.width(sheet)
    joined = [join_pieces([piece[place] for piece in pieces]) for place in range(width)]
    mixed.update(place for place in range(width) if len({piece[place].type for piece in pieces} - {pa.null()}) > 1)
    return _Records(pa.array(lines, pa.int64()), faults, joined, mixed)


def _without_empty_end(headers: tuple[str, ...], records: _Records) -> tuple[str, ...]:
    """Return the headers without columns at the end that hold neither a name nor a value, only formats."""
    width = len(headers)
    while width > 1 and not headers[width - 1] and records.columns[width - 1].null_count == len(records.lines):
        width -= 1
    return headers[:width]


def _batches(records: _Records, schema: pa.Schema, wanted: tuple[int, ...], rows: int) -> Iterator[pa.RecordBatch]:
    numbers = pa.array(np.arange(1, len(records.lines) + 1))
    columns = [numbers, records.lines, records.faults, *(records.columns[place] for place in wanted)]
    kept = wanted_schema(schema, wanted)
    whole = pa.RecordBatch.from_arrays(columns, schema=kept)
    for start in range(0, whole.num_rows, rows):
        yield whole.slice(start, rows)
