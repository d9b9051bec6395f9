from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Any, overload

from pyarrow import NativeFile

class FileType(Enum):
    NotFound = 0
    Unknown = 1
    File = 2
    Directory = 3

class FileInfo:
    @property
    def path(self) -> str: ...
    @property
    def base_name(self) -> str: ...
    @property
    def type(self) -> FileType: ...
    @property
    def size(self) -> int | None: ...

class FileSelector:
    def __init__(self, base_dir: str, *, allow_not_found: bool = False, recursive: bool = False) -> None: ...

class FileSystem:
    @overload
    def get_file_info(self, paths: str) -> FileInfo: ...
    @overload
    def get_file_info(self, paths: FileSelector) -> list[FileInfo]: ...
    def open_input_file(self, path: str) -> NativeFile: ...
    def open_output_stream(self, path: str, *, metadata: Mapping[str, str] | None = None) -> NativeFile: ...

class AwsStandardS3RetryStrategy:
    def __init__(self, max_attempts: int = 3) -> None: ...

class S3FileSystem(FileSystem):
    def __init__(self, **options: Any) -> None: ...

class GcsFileSystem(FileSystem):
    def __init__(self, *, retry_time_limit: timedelta | None = None, **options: Any) -> None: ...

class AzureFileSystem(FileSystem):
    def __init__(self, account_name: str, **options: Any) -> None: ...
