"""Files in the buckets of S3, Google Cloud Storage and Azure, through pyarrow's own file systems.

Credentials come from the environment as each cloud's own tools take them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from importer.addresses.address import last_name, scheme, shown
from importer.addresses.cloud_credentials import azure_options, google_options, s3_options
from importer.addresses.fetched_file import Fetched, begin_again, private_path, write, writing
from importer.addresses.patience import Patience
from importer.addresses.patterns import fixed_part, has_pattern, is_hidden, matches
from importer.errors import FileError, UsageError

if TYPE_CHECKING:
    from pyarrow import NativeFile
    from pyarrow.fs import FileInfo, FileSystem

PART_BYTES = 8 << 20
"""Read at once; each part is a request of its own."""

_CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
_REFUSALS = (
    "ACCESS_DENIED", "INVALID_ACCESS_KEY", "SIGNATURE", "INVALID_CLIENT_TOKEN", "EXPIRED", "FORBIDDEN",
    "HTTP STATUS: 403", "HTTP STATUS: 401", "UNAUTHENTICATED", "PERMISSION_DENIED", "CREDENTIAL",
    "AUTHENTICAT", "AUTHORIZ",
)  # fmt: skip
"""Words of the clouds' errors that mean: not with these credentials."""
_MISSING = ("NO_SUCH_BUCKET", "NO_SUCH_KEY", "NOT_FOUND", "DOES NOT EXIST", "CONTAINERNOTFOUND", "BLOBNOTFOUND")


def fetch_cloud(address: str, folder: Path, environ: Mapping[str, str]) -> list[Fetched]:
    """Bring the file, the files of a folder (not of its sub-folders) or of a pattern into the folder.

    UsageError: credentials are missing. FileError: there is no such file, or it cannot be had whole.
    """
    place, key = shown(address), address.partition("://")[2]
    if not key.strip("/"):
        message = f"{address} names no bucket; write it like {scheme(address)}://BUCKET/sales.csv."
        raise UsageError(message)
    system = file_system(address, environ)
    try:
        files = _listed(system, key.rstrip("/"))
    except OSError as error:
        raise cloud_error(error, place) from error
    if not files:
        message = f"There is no file at {place}; check the bucket, the path and its letters' case."
        raise FileError(message)
    root = f"{scheme(address)}://"
    return [bring(system, path, folder, root + path) for path in files]


def send_to_cloud(source: Path, address: str, environ: Mapping[str, str]) -> None:
    """Copy a file of this machine to an address of a bucket. FileError: the bucket does not take it."""
    try:
        with source.open("rb") as stream, open_target(address, environ) as target:
            while part := stream.read(PART_BYTES):
                target.write(part)
    except OSError as error:
        raise cloud_error(error, shown(address)) from error


def exists(address: str, environ: Mapping[str, str]) -> bool:
    """Tell whether there is a file at the address. FileError, UsageError: the bucket cannot be asked."""
    system = file_system(address, environ)
    try:
        require_bucket(system, address)
        return is_kind(system.get_file_info(address.partition("://")[2]), "File")
    except OSError as error:
        raise cloud_error(error, shown(address)) from error


def require_bucket(system: FileSystem, address: str) -> None:
    """Raise FileError where there is no such bucket; OSError: it cannot be asked."""
    bucket = address.partition("://")[2].partition("/")[0]
    if not is_kind(system.get_file_info(bucket), "Directory"):
        message = f"There is no bucket {scheme(address)}://{bucket}; check its name."
        raise FileError(message)


def open_target(address: str, environ: Mapping[str, str]) -> NativeFile:
    """Open a new file of a bucket for writing; it is there, whole, when closed."""
    return file_system(address, environ).open_output_stream(address.partition("://")[2])


def file_system(address: str, environ: Mapping[str, str]) -> FileSystem:
    """Return the file system of an address. UsageError: credentials are missing, or cannot be used."""
    from pyarrow import fs  # noqa: PLC0415  the clouds' libraries take a while

    kind = scheme(address)
    try:
        if kind == "s3":
            retries = fs.AwsStandardS3RetryStrategy(max_attempts=3)
            return fs.S3FileSystem(**s3_options(environ), retry_strategy=retries, connect_timeout=5, request_timeout=15)
        if kind == "gs":
            return fs.GcsFileSystem(**google_options(environ))
        return fs.AzureFileSystem(**azure_options(environ))
    except (OSError, ValueError) as error:
        message = (
            f"{shown(address)} cannot be reached: the credentials or the endpoint of the environment cannot be used."
        )
        raise UsageError(message) from error


def _listed(system: FileSystem, key: str) -> list[str]:
    """Return the paths of the files that a key stands for."""
    from pyarrow.fs import FileSelector  # noqa: PLC0415

    info = system.get_file_info(key)
    if is_kind(info, "File"):
        return [key]
    if has_pattern(key):
        base = fixed_part(key)
        deep = key.count("/") > base.count("/") + 1
        found = system.get_file_info(FileSelector(base, recursive=deep, allow_not_found=True))
        return _paths(entry for entry in found if matches(entry.path, key))
    if is_kind(info, "NotFound"):
        return []
    return _paths(entry for entry in system.get_file_info(FileSelector(key)) if not is_hidden(entry.base_name))


def _paths(found: Iterable[FileInfo]) -> list[str]:
    return sorted(entry.path for entry in found if is_kind(entry, "File"))


def is_kind(info: FileInfo, kind: str) -> bool:
    """Tell whether this is a File, a Directory or NotFound."""
    return bool(info.type.name == kind)


def bring(system: FileSystem, path: str, folder: Path, address: str) -> Fetched:
    """Bring one file, whole; after a cut the rest follows, and a file that changed meanwhile is begun again.

    FileError: it is not there, or cannot be had whole.
    """
    target, patience, version = private_path(folder, last_name(path, "sales")), Patience(), ""
    with writing(target, address) as stream:
        while True:
            try:
                with system.open_input_file(path) as source:
                    changed = bool(version) and _version(source) != version
                    if changed:
                        begin_again(stream)
                    version = _version(source)
                    _copy(source, stream)
                with system.open_input_file(path) as source:
                    if _version(source) == version:
                        break
            except FileNotFoundError as error:
                message = f"There is no file at {address}; check the bucket, the path and its letters' case."
                raise FileError(message) from error
            except OSError as error:
                patience.reached(stream.tell())
                if not patience.more():
                    raise cloud_error(error, address) from error
                continue
            if not patience.restart():
                message = (
                    f"{address} changes again and again while it is read; wait until it is written, and try again."
                )
                raise FileError(message)
    return Fetched(target.name, target, address)


def _copy(source: NativeFile, stream: BinaryIO) -> None:
    """Append what the private file lacks."""
    if stream.tell():
        source.seek(stream.tell())
    while part := source.read(PART_BYTES):
        write(stream, part)
    if stream.tell() != source.size():
        raise OSError


def _version(source: NativeFile) -> str:
    """Return what tells one content of a file from the next."""
    known = {
        (name if isinstance(name, str) else name.decode()).lower(): value for name, value in source.metadata().items()
    }
    told = [known.get(name) for name in ("etag", "generation", "last-modified", "updated")]
    return f"{told} {source.size()}"


def cloud_error(error: OSError, place: str, consequence: str = "; nothing was sent") -> FileError | UsageError:
    """Say in a sentence what the cloud's long one means; it may hold keys of others."""
    text = str(error).upper()
    if any(word in text for word in _MISSING) or isinstance(error, FileNotFoundError):
        return FileError(f"There is no file or bucket at {place}; check its name.")
    if any(word in text for word in _REFUSALS):
        names = _CREDENTIALS[scheme(place)]
        return UsageError(f"{place} refuses access: check {names} in the environment, and what that account may do.")
    return FileError(
        f"{place} cannot be reached, or the connection broke off{consequence}. Run the same command again."
    )
