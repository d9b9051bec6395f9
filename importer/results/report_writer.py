"""The report on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa

from importer.core.model import OUTCOMES, Column, Outcomes
from importer.results.csv_text import disarmed, is_text, money, texts
from importer.results.facts import FACTS_KEY, Facts, facts_as_json
from importer.results.files_db import FileKind
from importer.results.output_files import Overwrite
from importer.results.table_files import Format, ParquetTable, TableFile, Written
from importer.results.totals import Totals

if TYPE_CHECKING:
    from importer.results.report_workbook import ReportWorkbook


class ReportWriter(TableFile):
    """The report, one line per source row, as CSV, Parquet or Excel by the path's ending.

    A Parquet report carries the facts of its run in its metadata; a workbook begins with a summary. noted: it is one
    of the files that the program remembers; a private one is not.
    """

    def __init__(
        self,
        path: Path,
        overwrite: Overwrite = Overwrite.ANY,
        *,
        noted: bool = True,
        schema: pa.Schema = OUTCOMES,
    ) -> None:
        self.kind = FileKind.REPORT if noted else None
        self._workbook: ReportWorkbook | None = None
        super().__init__(path, schema, written, overwrite)

    def _opened(self, end: str, stream: BinaryIO, schema: pa.Schema, written: Written) -> Format:
        if end != ".xlsx":
            return super()._opened(end, stream, schema, written)
        from importer.results.report_workbook import ReportWorkbook  # noqa: PLC0415  only then is xlsxwriter worth its import

        self._workbook = ReportWorkbook(stream, names=schema.names)
        return self._workbook

    def write(self, outcomes: Outcomes) -> None:
        """Append the lines of the rows. FileError: the disk refuses."""
        self.append(outcomes)

    def add_summary(self, totals: Totals, facts: Facts) -> None:
        """Add what the run came to, before the report is closed; a CSV has no place for it."""
        if isinstance(self._format, ParquetTable):
            self._format.notes[FACTS_KEY] = facts_as_json(facts)
        elif self._workbook is not None:
            self._workbook.add_summary(totals, facts)


def written(batch: pa.RecordBatch) -> list[Column]:
    """Return the columns of the report as text, formulas disarmed, amounts in plain decimals."""
    found = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        text = money(column, batch.column("currency")) if name == "value" else texts(column)
        found.append(disarmed(text) if is_text(column) else text)
    return found
