"""Evidence of a bug: where it happened, never what the data were."""

from __future__ import annotations

import os
import platform
import secrets
import tempfile
import traceback
from pathlib import Path


def write_crash_file(error: BaseException) -> str:
    """Write a file with versions and the stack of the error and its causes; return a sentence that names it.

    The errors' own texts are left out, since a library's message may quote a customer's value.
    """
    path = Path(tempfile.gettempdir()) / f"capi-import-crash-{secrets.token_hex(4)}.txt"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(_lines(error)) + "\n")
    except OSError:
        return "Please report it; its details could not be written to a file."
    return f"Please report it with the file {path}, which holds no customer data."


def _lines(error: BaseException | None) -> list[str]:
    from importlib import metadata  # noqa: PLC0415  slow to import, and there is hardly ever a crash

    lines = [
        f"capi-import {metadata.version('capi-import')}, Python {platform.python_version()}, {platform.platform()}"
    ]
    while error is not None:
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        error = error.__cause__ or error.__context__
    return lines
