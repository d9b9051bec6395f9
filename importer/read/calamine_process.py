"""The process that reads one workbook with calamine, which may abort; it runs as a script, started by `reader_process`.

It imports nothing of the program, so that it starts in some 30 ms. Requests are lines of JSON on stdin, each answered
by one pickle on stdout: (state, what was asked for). Arguments: folder of calamine, bytes of memory, seconds of work.
"""

from __future__ import annotations

import io
import json
import pickle
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import IO, Any

READ, PASSWORD, DAMAGED, EXHAUSTED = "read", "password", "damaged", "exhausted"


def limit(memory: int, seconds: int) -> None:
    """Limit this process where the platform can, and leave signals to the program that started it."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # macOS refuses the first
            hard = resource.getrlimit(kind)[1]
            lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (lower, lower))


class OpenWorkbook:
    """An open workbook; the sheet read last is kept, since reading one is what costs."""

    def __init__(self, requests: IO[bytes]) -> None:
        self._requests = requests
        self._workbook: Any = None
        self._name: str | None = None
        self._sheet: Any = None
        self._rows: Iterator[Any] = iter(())
        self._next = 0

    def open(self, path: str, size: int) -> list[tuple[str, bool, bool]]:
        """Open the file, or the copy of this size that follows: each sheet's name, is it a table, is it visible."""
        import python_calamine as calamine  # noqa: PLC0415  its folder is known only now

        with open(bytes.fromhex(path), "rb") if path else io.BytesIO(self._requests.read(size)) as stream:  # noqa: PTH123
            self._workbook, self._name = calamine.CalamineWorkbook.from_filelike(stream), None
        table, visible = calamine.SheetTypeEnum.WorkSheet, calamine.SheetVisibleEnum.Visible
        return [(sheet.name, sheet.typ == table, sheet.visible == visible) for sheet in self._workbook.sheets_metadata]

    def load(self, sheet: str) -> tuple[int, int, int]:
        """Load a sheet: its width, and the numbers of its last column and row."""
        if sheet != self._name:
            self._name, self._sheet, self._rows = None, None, iter(())  # memory holds one sheet
            self._sheet = self._workbook.get_sheet_by_name(sheet)
            self._name, self._rows, self._next = sheet, self._sheet.iter_rows(), 0
        return self._sheet.width, self._sheet.total_width, self._sheet.total_height

    def rows(self, first: int, count: int) -> list[Any]:
        """Return rows of the loaded sheet from a place on."""
        if first != self._next:
            self._rows = islice(self._sheet.iter_rows(), first, None)
        found = list(islice(self._rows, count))
        self._next = first + len(found)
        return found


def answer(workbook: OpenWorkbook, request: dict[str, Any]) -> tuple[str, Any]:
    """Do what is asked for."""
    try:
        return READ, getattr(workbook, request.pop("ask"))(**request)
    except MemoryError:
        return EXHAUSTED, None
    except BaseException as error:  # noqa: BLE001  a panic of calamine's is no Exception
        return PASSWORD if type(error).__name__ == "PasswordError" else DAMAGED, None


def main() -> None:
    """Answer requests until there are no more."""
    folder, memory, seconds = sys.argv[1:]
    limit(int(memory), int(seconds))
    sys.path.append(folder)
    workbook = OpenWorkbook(sys.stdin.buffer)
    for line in iter(sys.stdin.buffer.readline, b""):
        found = answer(workbook, json.loads(line))
        pickler = pickle.Pickler(sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        pickler.fast = True  # cells hold no one another
        pickler.dump(found)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
