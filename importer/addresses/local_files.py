"""Folders and patterns on this machine: the files they stand for, in the order of their names."""

from __future__ import annotations

import glob
from pathlib import Path

from importer.addresses.patterns import has_pattern, is_hidden
from importer.errors import FileError


def local_files(text: str) -> list[Path]:
    """Return the files that a path stands for: itself, those of a folder (not of its sub-folders), or of a pattern.

    FileError: a folder or pattern stands for no file. A path of no file is returned as it is, for the reader to tell.
    """
    path = Path(text)
    if path.is_dir():
        found = [entry for entry in path.iterdir() if not is_hidden(entry.name)]
        what = f"The folder {text} holds no file to import"
    elif has_pattern(text) and not path.exists():
        found = [Path(entry) for entry in glob.glob(text)]  # noqa: PTH207  Path.glob takes no absolute pattern
        what = f"No file matches {text}"
    else:
        return [path]
    files = sorted(entry for entry in found if entry.is_file())
    if not files:
        message = f"{what}; check the path."
        raise FileError(message)
    return files
