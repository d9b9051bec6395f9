"""The report on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from importer.core.model import OUTCOMES, Column, Outcomes
from importer.report.tables import TableFile
from importer.report.texts import disarmed, is_text, money, texts


class ReportWriter(TableFile):
    """The report, one line per source row, as CSV, Parquet or Excel by the path's ending."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, OUTCOMES, written)

    def write(self, outcomes: Outcomes) -> None:
        """The rows' lines follow those before. FileError: the disk refuses."""
        self.append(outcomes)


def written(batch: pa.RecordBatch) -> Sequence[Column]:
    """The columns of the report as text, formulas disarmed, amounts in plain decimals."""
    return [_column(batch, name) for name in batch.schema.names]


def _column(batch: pa.RecordBatch, name: str) -> Column:
    column: Column = batch.column(name)
    if is_text(column):
        return disarmed(texts(column))
    return money(column, batch.column("currency")) if name == "value" else texts(column)
