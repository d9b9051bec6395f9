"""Files that are read whole, as schemas, tokens and tasks: of any of them no more than such a file may hold."""

from __future__ import annotations

import os
import select
import stat
from pathlib import Path
from typing import BinaryIO

from importer.errors import FileError

MOST_BYTES = 4 << 20
"""Of a schema or a token; the largest schema that comes with the program has 8 kB."""
PIPE_SECONDS = 60.0
"""How long a pipe may be silent: whoever writes it may be asking for a passphrase."""
TOO_LARGE = "{name} holds more than {most} MB, so it is not what it was given for; check the path."


def read_small(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return what the file, device or pipe holds; OSError where it cannot be read.

    FileError: it holds more than `most` bytes, or it is a pipe that nobody writes into.
    """
    is_pipe = stat.S_ISFIFO(path.stat().st_mode)
    flags = os.O_NONBLOCK if is_pipe else 0  # else opening waits for a writer, and for ever
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | flags), "rb", buffering=0) as file:  # noqa: PTH123
        content = bytearray()
        while len(content) <= most:
            if is_pipe and not select.select([file], [], [], PIPE_SECONDS)[0]:
                message = f"{path} is a pipe into which nothing was written; give a file."
                raise FileError(message)
            part = file.read(most + 1 - len(content))
            if not part:
                return bytes(content)
            content += part
    raise FileError(TOO_LARGE.format(name=path, most=most >> 20))


def read_stream(stream: BinaryIO, most: int) -> bytes:
    """Return what standard input holds; FileError where that is more than `most` bytes."""
    content = stream.read(most + 1)
    if len(content) > most:
        raise FileError(TOO_LARGE.format(name="Standard input", most=most >> 20))
    return content
