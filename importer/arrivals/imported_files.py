"""What a watcher remembers: the contents that were imported, and the troubles that were told. Survives kill -9.

A file of lines, each a JSON object; what a kill tore off at the end is left out. A content is known by its SHA-256 and
by where it was sent, so the same file in another dataset's folder is another import.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from importer.errors import FileError, UsageError
from importer.private_files import lock
from importer.results.files_db import file_sha256
from importer.results.output_files import translated


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hex. FileError: it cannot be read."""
    try:
        return file_sha256(path)
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); check its permissions."
        raise FileError(message) from error


class ImportedFiles:
    """The memory of one watcher. UsageError: another watcher is at work with it. FileError: it cannot be written."""

    def __init__(self, path: Path) -> None:
        with translated(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._stream = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        if not lock(self._stream.fileno()):
            self._stream.close()
            message = "Another watcher is at work on this folder; end it first."
            raise UsageError(message)
        self._path = path
        self._imported: set[str] = set()
        self._told: set[str] = set()
        self._read()

    def _read(self) -> None:
        whole = 0
        for line in self._stream:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            with suppress(ValueError, KeyError, TypeError):
                self._take(json.loads(line))
        self._stream.seek(whole)
        self._stream.truncate()

    def _take(self, entry: dict[str, Any]) -> None:
        if "imported" in entry:
            self._imported.add(f"{entry['imported']} {entry['into']}")
        elif "told" in entry:
            self._told.add(entry["told"])
        else:
            self._told.discard(entry["over"])

    def knows(self, content: str, into: str) -> bool:
        """Tell whether a content was imported into a dataset before."""
        return f"{content} {into}" in self._imported

    def imported(self, content: str, into: str, name: str) -> None:
        """Remember, through a power cut, that a content was imported."""
        self._add({"imported": content, "into": into, "file": name})

    def tell(self, trouble: str) -> bool:
        """Return whether a trouble is new, and remember it as told until it is over."""
        if trouble in self._told:
            return False
        self._add({"told": trouble})
        return True

    def over(self, beginning: str) -> None:
        """Forget the troubles whose names begin so: when they come again they are told again."""
        for trouble in [one for one in self._told if one.startswith(beginning)]:
            self._add({"over": trouble})

    def _add(self, entry: dict[str, str]) -> None:
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        with translated(self._path):
            self._stream.write(
                json.dumps({**entry, "time": now}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
            )
            self._stream.flush()
            os.fsync(self._stream.fileno())
        self._take(entry)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stream.close()
