"""A stored report read back: its rows as they were written, and the facts that a Parquet report carries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from importer.core.kernels.arrays import Mask, nulls, one_chunk
from importer.core.model import BATCH_ROWS, OUTCOMES, Outcomes, Status
from importer.errors import FileError
from importer.read.byte_sources import require_file
from importer.read.calamine_workbook import open_workbook
from importer.read.parquet import streamed
from importer.results.csv_text import armed_again
from importer.results.facts import FACTS_KEY, Facts, facts_from_json
from importer.results.first_rows import FirstRows
from importer.results.output_files import ending
from importer.results.report_writer import ReportWriter
from importer.results.totals import Totals
from importer.results.value_counts import those

ROWS_SHEETS = "Rows"
"""The sheets of a workbook that hold every row begin so."""
NEEDED = ("file", "row", "status", "reason")


def read_report(path: Path, kept: Mask | None = None) -> tuple[Totals, Facts | None]:
    """Return the totals of a stored report, and the facts of its run where they are known.

    kept: the rows that are counted, all where it is None.
    UsageError: the ending is not a report's. FileError: the file cannot be read, or is not a report.
    """
    facts = facts_in(path)
    totals, first_rows, at = Totals(), FirstRows(facts.layouts if facts is not None else {}), 0
    for batch in rows_of(path):
        told = batch if kept is None else Outcomes(those(batch, kept[at : at + batch.num_rows]))
        at += batch.num_rows
        for file, rows in _by_file(told):
            totals.add(rows, first_rows.of(file, rows))
    return totals, facts


def rows_of(path: Path) -> Iterator[Outcomes]:
    """Yield the rows of a stored report. FileError: the file cannot be read, or is not a report."""
    end = ending(path)
    require_file(path)
    try:
        for batch in READERS[end](path):
            yield _as_outcomes(batch, path)
    except (OSError, pa.ArrowException, ValueError) as error:
        raise FileError(_not_a_report(path)) from error


def facts_in(path: Path) -> Facts | None:
    """Return the facts of a stored report's run, which only Parquet carries. FileError: it is not a report."""
    if ending(path) != ".parquet":
        return None
    require_file(path)
    try:
        return _facts(path)
    except (OSError, pa.ArrowException, ValueError) as error:
        raise FileError(_not_a_report(path)) from error


def read_outcomes(path: Path) -> pa.Table:
    """Return every line of a stored report as a table. FileError: it is not there any more, or is another file."""
    try:
        return pa.Table.from_batches(rows_of(path), OUTCOMES)
    except FileError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        message = f"The report {path} is not there any more, so its rows cannot be read."
        raise FileError(message) from error


def rewritten(report: Path, target: Path) -> None:
    """Write a stored report again as another format, by the target's ending. Raises as `read_report` does."""
    totals, facts = read_report(report)
    with ReportWriter(target) as writer:
        for rows in rows_of(report):
            writer.write(rows)
        if facts is not None:
            writer.add_summary(totals, facts)


def rows_of_order(report: Path, order_id: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a stored report that belong to an order, as mappings. FileError: it cannot be read."""
    for rows in rows_of(report):
        yield from rows.filter(pc.equal(rows.column("order_id"), order_id)).to_pylist()


def _facts(path: Path) -> Facts | None:
    import pyarrow.parquet as pq  # noqa: PLC0415  slow to import, with all its file systems

    text = (pq.read_metadata(path).metadata or {}).get(FACTS_KEY)
    return None if text is None else facts_from_json(text)


def _parquet(path: Path) -> Iterator[pa.RecordBatch]:
    with streamed(path) as file:
        yield from file.iter_batches(BATCH_ROWS)


def _csv(path: Path) -> Iterator[pa.RecordBatch]:
    types = {name: pa.string() for name in OUTCOMES.names}
    convert = pacsv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
    with pacsv.open_csv(
        path, convert_options=convert, parse_options=pacsv.ParseOptions(newlines_in_values=True)
    ) as file:
        for batch in file:
            yield pa.RecordBatch.from_arrays([armed_again(column) for column in batch.columns], schema=batch.schema)


def _excel(path: Path) -> Iterator[pa.RecordBatch]:
    """Read a workbook as exports are read, in a process of its own: a report may come from anybody."""
    try:
        with open_workbook(path, "xlsx") as book:
            for name in book.names:
                if name == ROWS_SHEETS or name.startswith(ROWS_SHEETS + " "):
                    rows = book.rows(name)
                    header = [str(cell) for cell in next(rows, [])]
                    while part := list(islice(rows, BATCH_ROWS)):
                        columns = [pa.array(map(_text, column), pa.string()) for column in zip(*part, strict=True)]
                        yield pa.RecordBatch.from_arrays(columns, names=header)
    except FileError as error:
        raise FileError(_not_a_report(path)) from error


def _text(cell: Any) -> str | None:
    """Return a cell as a CSV report would write it."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return f"{cell:%Y-%m-%dT%H:%M:%SZ}" if hasattr(cell, "isoformat") else str(cell)


def _by_file(rows: Outcomes) -> Iterator[tuple[str, Outcomes]]:
    """Yield the batch in runs of rows of one file, in their order; nearly always all of it at once."""
    files = rows.column("file")
    if not rows.num_rows:
        return
    ends = np.flatnonzero(np.asarray(pc.not_equal(files.slice(1), files.slice(0, len(files) - 1))).astype(np.bool_)) + 1
    for start, end in zip([0, *ends.tolist()], [*ends.tolist(), len(files)], strict=True):
        yield files[start].as_py(), Outcomes(rows.slice(start, end - start))


READERS = {".parquet": _parquet, ".csv": _csv, ".xlsx": _excel}


def _as_outcomes(batch: pa.RecordBatch, path: Path) -> Outcomes:
    """Return the batch in the report's own columns and types. FileError: it is something else."""
    if any(name not in batch.schema.names for name in NEEDED):
        raise FileError(_not_a_report(path))
    places = [batch.schema.get_field_index(field.name) for field in OUTCOMES]
    columns = [
        nulls(batch.num_rows, field.type) if place < 0 else one_chunk(batch.column(place).cast(field.type))
        for place, field in zip(places, OUTCOMES, strict=True)
    ]
    rows = Outcomes(pa.RecordBatch.from_arrays(columns, schema=OUTCOMES))
    known = pc.is_in(rows.column("status"), value_set=pa.array([str(status) for status in Status]))
    if not pc.all(known).as_py() or rows.column("file").null_count:
        raise FileError(_not_a_report(path))
    return rows


def _not_a_report(path: Path) -> str:
    return f"{path} is not a report of capi-import; give a file that send or check wrote with --report."


def page_beside(path: Path) -> Path:
    """Return where the page of a stored report goes by default: FILE.report.html beside FILE.report.parquet."""
    return path.with_suffix(".html")
