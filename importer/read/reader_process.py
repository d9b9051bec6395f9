"""The program's end of `calamine_process`: a workbook is read in a process of its own, which may die alone."""

from __future__ import annotations

import datetime as dt
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from importer.read import calamine_process

LIMITED = sys.platform == "linux"
"""Whether the system enforces the limit of memory."""

_SCRIPT = Path(calamine_process.__file__)
_LEAST_BYTES, _BYTES_FOR_EACH = 3 << 30, 30
"""A rectangle of the most cells, filled or not, takes 1.6 GB; filled ones take up to 30 times their packed bytes."""
_LEAST_SECONDS, _BYTES_A_SECOND = 120, 1 << 19
_SHARE = 0.75  # of the machine's memory
_TYPES = {kind.__name__: kind for kind in (dt.date, dt.datetime, dt.time, dt.timedelta)}


class PasswordNeeded(Exception):
    """The workbook is protected."""


class Unreadable(Exception):
    """calamine says that the workbook is damaged."""


class ReaderDied(Exception):
    """The process took more memory or time than it may, or aborted."""


class ReaderProcess:
    """A running process, asked for one thing after another."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._requests, self._answers = _pipes(process)
        self._asked = self._answered = 0

    def ask(self, what: str, data: bytes = b"", **arguments: Any) -> Any:
        """Ask and wait for the answer."""
        return self.finish(self.begin(what, data, **arguments))

    def begin(self, what: str, data: bytes = b"", **arguments: Any) -> int:
        """Ask for something and return the request's number; an answer that nobody waited for is dropped."""
        if self._answered < self._asked:
            with suppress(Unreadable):
                self.finish(self._asked)
        try:
            self._requests.write(json.dumps({"ask": what} | arguments).encode() + b"\n" + data)
            self._requests.flush()
        except OSError as error:
            raise ReaderDied from error
        self._asked += 1
        return self._asked

    def finish(self, request: int) -> Any:
        """Wait for the answer to the request asked last."""
        if request != self._asked or request == self._answered:
            message = "the answer to this request was dropped"
            raise RuntimeError(message)
        self._answered = request
        try:
            state, found = _Cells(self._answers).load()
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise ReaderDied from error
        if state == calamine_process.READ:
            return found
        raise {calamine_process.PASSWORD: PasswordNeeded, calamine_process.DAMAGED: Unreadable}.get(state, ReaderDied)


class _Cells(pickle.Unpickler):
    """Loads plain values and times, and nothing else, whatever the process sends."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in _TYPES:
            return _TYPES[name]
        raise pickle.UnpicklingError


@contextmanager
def reader_process(unpacked: int) -> Iterator[ReaderProcess]:
    """Start a process for a workbook of this size, and end it afterwards.

    unpacked: bytes, from which the limits of memory and time follow. What Rust prints on a damaged file is kept away.
    """
    spec = find_spec("python_calamine")
    folder = str(Path(spec.origin).parents[1]) if spec and spec.origin else ""
    limits = [str(_memory(unpacked)), str(_LEAST_SECONDS + unpacked // _BYTES_A_SECOND)]
    with subprocess.Popen(  # noqa: S603  this program's own script
        [sys.executable, "-I", "-S", str(_SCRIPT), folder, *limits],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        try:
            yield ReaderProcess(process)
        finally:
            process.kill()
            with suppress(OSError):  # what was not yet written to it cannot be
                _pipes(process)[0].close()


def _memory(unpacked: int) -> int:
    wanted = _LEAST_BYTES + _BYTES_FOR_EACH * unpacked
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return wanted
    return min(wanted, int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * _SHARE))


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:  # never, as both are pipes
        raise ReaderDied
    return process.stdin, process.stdout
