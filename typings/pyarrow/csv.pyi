from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Literal, Self

from pyarrow import DataType, MemoryPool, NativeFile, RecordBatch, Schema, Table, _Source

class ReadOptions:
    def __init__(
        self,
        *,
        use_threads: bool | None = None,
        block_size: int | None = None,
        skip_rows: int | None = None,
        skip_rows_after_names: int | None = None,
        column_names: Sequence[str] | None = None,
        autogenerate_column_names: bool | None = None,
        encoding: str = "utf8",
    ) -> None: ...

class ParseOptions:
    def __init__(
        self,
        delimiter: str | None = None,
        *,
        quote_char: str | Literal[False] | None = None,
        double_quote: bool | None = None,
        escape_char: str | Literal[False] | None = None,
        newlines_in_values: bool | None = None,
        ignore_empty_lines: bool | None = None,
        invalid_row_handler: object = None,
    ) -> None: ...

class ConvertOptions:
    def __init__(
        self,
        check_utf8: bool | None = None,
        *,
        column_types: Schema | Mapping[str, DataType] | None = None,
        null_values: Sequence[str] | None = None,
        true_values: Sequence[str] | None = None,
        false_values: Sequence[str] | None = None,
        decimal_point: str | None = None,
        strings_can_be_null: bool | None = None,
        quoted_strings_can_be_null: bool | None = None,
        include_columns: Sequence[str] | None = None,
        include_missing_columns: bool | None = None,
        auto_dict_encode: bool | None = None,
        auto_dict_max_cardinality: int | None = None,
        timestamp_parsers: Sequence[str] | None = None,
    ) -> None: ...

class WriteOptions:
    def __init__(
        self,
        *,
        include_header: bool | None = None,
        batch_size: int | None = None,
        delimiter: str | None = None,
        quoting_style: Literal["needed", "all_valid", "none"] | None = None,
        quoting_header: Literal["needed", "all_valid", "none"] | None = None,
    ) -> None: ...

class CSVStreamingReader:
    @property
    def schema(self) -> Schema: ...
    def close(self) -> None: ...
    def read_all(self) -> Table: ...
    def read_next_batch(self) -> RecordBatch: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def __iter__(self) -> Iterator[RecordBatch]: ...

def open_csv(
    input_file: _Source,
    read_options: ReadOptions | None = None,
    parse_options: ParseOptions | None = None,
    convert_options: ConvertOptions | None = None,
    memory_pool: MemoryPool | None = None,
) -> CSVStreamingReader: ...
def read_csv(
    input_file: _Source,
    read_options: ReadOptions | None = None,
    parse_options: ParseOptions | None = None,
    convert_options: ConvertOptions | None = None,
    memory_pool: MemoryPool | None = None,
) -> Table: ...
def write_csv(
    data: RecordBatch | Table,
    output_file: _Source | NativeFile,
    write_options: WriteOptions | None = None,
    memory_pool: MemoryPool | None = None,
) -> None: ...
