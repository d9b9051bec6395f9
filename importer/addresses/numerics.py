"""PostgreSQL's NUMERIC, which its driver gives as text: exact decimals again, or `1.234` might be a thousand.

Where the column says how many digits it has, it is converted at once. Where it does not, the text is kept first, its
digits are counted, and a second pass over the private file writes decimals that hold them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

import pyarrow as pa
import pyarrow.compute as pc

from importer.errors import FileError, UsageError

MOST_DIGITS = 76
"""What a decimal of Arrow holds."""
_DECIMAL128 = 38
_TYPE, _TYPMOD = b"POSTGRESQL:type", b"POSTGRESQL:typmod"


@dataclass
class Numerics:
    """How the columns of an answer are written.

    schema: of the first pass. open: columns of text whose digits are being counted: whole ones, and those behind the
    point.
    """

    schema: pa.Schema
    open: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, schema: pa.Schema) -> Self:
        """Look at the columns. FileError: an amount of the type money, whose unit only the server knows."""
        fields, unknown = [], {}
        names = _unique(schema.names)
        for name, column in zip(names, schema, strict=True):
            kind = (column.metadata or {}).get(_TYPE, b"")
            if kind == b"money":
                amount = f"CAST({name} AS numeric) AS {name}"
                message = f"Column {name} is of PostgreSQL's type money; give its amount, like {amount}."
                raise FileError(message)
            storage = column.type.storage_type if isinstance(column.type, pa.BaseExtensionType) else column.type
            if kind == b"numeric" and pa.types.is_string(storage):
                declared = _declared(column)
                if declared is None:
                    unknown[name] = (1, 0)
                fields.append(pa.field(name, declared or pa.string()))
            else:
                fields.append(pa.field(name, storage))
        return cls(pa.schema(fields), unknown)

    def convert(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch as it is written, and count the digits of open columns."""
        columns = []
        for place, wanted in enumerate(self.schema):
            column = batch.column(place)
            if isinstance(column, pa.ExtensionArray):
                column = column.storage
            if column.type != wanted.type:
                column = _numbers(column).cast(wanted.type)
            elif wanted.name in self.open:
                column = _numbers(column)
                self.open[wanted.name] = _digits(column, self.open[wanted.name])
            columns.append(column)
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    @property
    def final_schema(self) -> pa.Schema:
        """The schema with decimals for all open columns; one of more than 76 digits stays text."""
        fields = [pa.field(one.name, self._decimal(one.name) or one.type) for one in self.schema]
        return pa.schema(fields)

    def _decimal(self, name: str) -> pa.DataType | None:
        whole, behind = self.open.get(name, (MOST_DIGITS, 1))
        return _decimal(whole + behind, behind) if whole + behind <= MOST_DIGITS else None


def require_types(schema: pa.Schema) -> None:
    """Raise UsageError where the driver does not say PostgreSQL's types: `numeric` would be text, `money` a number."""
    if any(_TYPE not in (column.metadata or {}) for column in schema):
        message = "This needs adbc-driver-postgresql 1.13 or newer: pip install -U 'capi-import[sql-postgres]'."
        raise UsageError(message)


def with_decimals(raw: Path, target: BinaryIO, numerics: Numerics) -> None:
    """Write the private file again, its open columns as decimals."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = numerics.final_schema
    with pq.ParquetFile(raw) as source, pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in source.iter_batches():
            columns = [batch.column(place).cast(wanted.type) for place, wanted in enumerate(schema)]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _unique(names: list[str]) -> list[str]:
    """Return names that Parquet can tell apart; a query may give one name to several columns."""
    found: list[str] = []
    for name in names:
        free, number = name, 1
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found.append(free)
    return found


def _declared(column: pa.Field) -> pa.DataType | None:
    """Return the decimal that NUMERIC(precision, scale) says, None where it says none that Arrow has."""
    typmod = int((column.metadata or {}).get(_TYPMOD, b"-1"))
    if typmod < 4:  # noqa: PLR2004  PostgreSQL adds the four bytes of a header
        return None
    precision, scale = (typmod - 4) >> 16, (typmod - 4) & 0x7FF
    return _decimal(precision, scale) if scale <= precision <= MOST_DIGITS else None


def _decimal(precision: int, scale: int) -> pa.DataType:
    return pa.decimal128(precision, scale) if precision <= _DECIMAL128 else pa.decimal256(precision, scale)


def _numbers(column: pa.Array) -> pa.Array:
    """Return the texts that are numbers; NaN and infinity are no amounts, so null."""
    return pc.if_else(
        pc.match_substring_regex(column, r"^-?[0-9]+(?:\.[0-9]+)?$"), column, pa.scalar(None, pa.string())
    )


def _digits(column: pa.Array, known: tuple[int, int]) -> tuple[int, int]:
    """Return the most digits before and behind the point, in this column and those before."""
    plain = pc.replace_substring(column, "-", "")
    whole = pc.max(pc.utf8_length(pc.replace_substring_regex(plain, r"\..*$", ""))).as_py() or 1
    behind = pc.max(pc.utf8_length(pc.replace_substring_regex(plain, r"^[^.]*\.?", ""))).as_py() or 0
    return max(known[0], whole), max(known[1], behind)
