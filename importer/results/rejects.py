"""The rows that can be fixed or sent again, in the export's own columns, to fix and import again.

This is the one file that holds customers' values: the user's own, as the export had them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from importer.core.kernels.arrays import one_chunk
from importer.core.model import Column, Outcomes, Raw, Status
from importer.results.alike_csv import AlikeCsv
from importer.results.csv_text import disarmed_for_import, is_text, texts
from importer.results.files_db import FileKind
from importer.results.output_files import Overwrite
from importer.results.table_files import Format, TableFile, Written
from importer.results.totals import TO_FIX, TOO_LATE
from importer.results.value_counts import among
from importer.text_form import TextForm

OWN_COLUMNS = 3
"""row, line and fault stand before the export's own columns in `Raw`."""


class RejectsWriter(TableFile):
    """The export's own columns and two more, `reason` and `message`, as CSV, Parquet or Excel by the path's ending.

    form: how the export is written, where it is text: a CSV is written alike. sheet: the worksheet it stands on;
    mixed: places of its columns whose cells are of several kinds.
    """

    kind = FileKind.REJECTS

    def __init__(
        self,
        path: Path,
        originals: Sequence[str],
        overwrite: Overwrite = Overwrite.ANY,
        *,
        form: TextForm | None = None,
        sheet: str = "",
        mixed: Sequence[int] = (),
    ) -> None:
        self._form, self._sheet, self._mixed = form, sheet, mixed
        self._names = [*originals, *added_names(originals)]
        schema = pa.schema([pa.field(name, pa.string()) for name in self._names])
        super().__init__(path, schema, written, overwrite)

    def _opened(self, end: str, stream: BinaryIO, schema: pa.Schema, written: Written) -> Format:
        if end == ".csv" and self._form not in (None, TextForm()):
            return AlikeCsv(stream, schema, written, self._form or TextForm())
        if end == ".xlsx" and self._sheet:
            from importer.results.excel_writer import ExcelTable  # noqa: PLC0415  slow to import

            return ExcelTable(stream, schema, title=self._sheet, mixed=self._mixed)
        return super()._opened(end, stream, schema, written)

    def write(self, raw: Raw, outcomes: Outcomes) -> None:
        """Append the batch's rows that can be fixed or sent again. FileError: the disk refuses."""
        rejected = rejected_rows(raw, outcomes, self._names)
        if rejected.num_rows:
            if among(outcomes.column("status"), [Status.UNSENT]).any():
                self._output.kind = FileKind.UNSENT
            self.append(rejected)


def rejected_rows(raw: Raw, outcomes: Outcomes, names: Sequence[str]) -> pa.RecordBatch:
    """Return the rows that can be fixed or sent again: the export's own columns, reason and message, by these names."""
    if not raw.column("row").equals(outcomes.column("row")):
        message = "The source rows and their outcomes are not the same rows."
        raise ValueError(message)
    bad = among(outcomes.column("status"), TO_FIX) & ~among(outcomes.column("reason"), TOO_LATE)
    mask = pa.array(bad)
    columns = [*raw.columns[OWN_COLUMNS : len(names) + 1], outcomes.column("reason"), outcomes.column("message")]
    kept = [one_chunk(column.filter(mask)) for column in columns]
    return pa.RecordBatch.from_arrays(kept, names=list(names))


def added_names(originals: Sequence[str]) -> tuple[str, str]:
    """Return the names of the two added columns, neither of which the export has itself."""
    taken = {name.strip().lower() for name in originals}
    names, number = ("reason", "message"), 1
    while taken.intersection(names):
        suffix = "" if number == 1 else f"_{number}"
        names, number = (f"import_reason{suffix}", f"import_message{suffix}"), number + 1
    return names


def written(batch: pa.RecordBatch) -> list[Column]:
    """Return the columns as text that reads back as it was, with only true formulas disarmed."""
    return [disarmed_for_import(texts(column)) if is_text(column) else texts(column) for column in batch.columns]
