"""A form with files, written to the disk as it comes: never more of it in memory than one piece."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from importer.errors import UsageError
from importer.page.languages import mark
from importer.private_files import create_private
from importer.results.output_files import numbered

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MAX_BYTES = 2 << 30
MAX_FIELD_BYTES = 1 << 20
MAX_FILES = 100
MAX_NAME_BYTES = 200


@dataclass
class Form:
    """What a form held: its fields, and by field the files where they lie, under the names that they came with."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[Path]] = field(default_factory=dict)


async def read_form(request: Request, folder: Path, allowed: Callable[[str | None], bool]) -> Form:
    """Read a multipart form, its files into the folder; the token comes before them, and nothing is kept without it.

    allowed: whether the token `csrf` is the session's. UsageError: too large, or no such form.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        message = mark("The form is not as the page sends it.")
        raise UsageError(message)
    parts = _Parts(folder, allowed)
    parser = MultipartParser(options[b"boundary"], parts.callbacks())
    size = 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > MAX_BYTES:
                message = mark("The files hold more than 2 GB; import them with capi-import send on the command line.")
                raise UsageError(message)
            parser.write(piece)
        parser.finalize()
    except ClientDisconnect as error:
        message = mark("The upload was cancelled.")
        raise UsageError(message) from error
    except ValueError as error:
        message = mark("The form is not as the page sends it.")
        raise UsageError(message) from error
    finally:
        parts.close()
    return parts.form


class _Parts:
    """Receives a form's parts from the parser."""

    def __init__(self, folder: Path, allowed: Callable[[str | None], bool]) -> None:
        self.form = Form()
        self._folder, self._allowed = folder, allowed
        self._headers: dict[bytes, bytes] = {}
        self._header, self._value = b"", b""
        self._name = ""
        self._text: bytearray | None = None
        self._stream: BinaryIO | None = None
        self._path: Path | None = None
        self._count = 0

    def callbacks(self) -> MultipartCallbacks:
        """Return what the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._add_header(data[start:end]),
            "on_header_value": lambda data, start, end: self._add_value(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": lambda data, start, end: self._write(data[start:end]),
            "on_part_end": self._end,
        }  # fmt: skip

    def _begin(self) -> None:
        self._headers = {}

    def _add_header(self, data: bytes) -> None:
        self._header += data

    def _add_value(self, data: bytes) -> None:
        self._value += data

    def _end_header(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header, self._value = b"", b""

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode(errors="replace")
        file = options.get(b"filename")
        if file is None:
            self._text = bytearray()
            return
        if not self._allowed(self.form.fields.get("csrf")):
            message = mark("The form does not come from the page itself; open the page again.")
            raise UsageError(message)
        if not file:  # the field was left empty
            return
        if self._count == MAX_FILES:
            message = mark("Give at most 100 files at once.")
            raise UsageError(message)
        self._count += 1
        self._path = free_path(self._folder / safe_name(file.decode(errors="replace")))
        self._stream = create_private(self._path)

    def _write(self, data: bytes) -> None:
        if self._stream is not None:
            self._stream.write(data)
        elif self._text is not None:
            self._text += data
            if len(self._text) > MAX_FIELD_BYTES:
                message = mark("A field of the form is longer than the page allows.")
                raise UsageError(message)

    def _end(self) -> None:
        if self._text is not None:
            self.form.fields[self._name] = self._text.decode(errors="replace")
        if self._path is not None:
            self.form.files.setdefault(self._name, []).append(self._path)
        self.close()

    def close(self) -> None:
        """Close a file that is still open."""
        if self._stream is not None:
            self._stream.close()
        self._text = self._stream = self._path = None


def free_path(path: Path) -> Path:
    """Return the path, or the first with a number that does not exist yet: sales.csv, sales-2.csv."""
    return next(place for place in numbered(path) if not place.exists())


def safe_name(name: str) -> str:
    """Return a file's name without a folder and without characters that a disk refuses.

    >>> safe_name("../../etc/pass wd.csv")
    'pass wd.csv'
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "_", last).strip(". ")
    return kept.encode()[-MAX_NAME_BYTES:].decode(errors="ignore") or "file"
