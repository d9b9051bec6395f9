"""Files of this program's own among the inputs: `send *.csv` meets them in its second week.

They are known by `files.db`, and where that does not know them by what stands in them. A report or a page is never an
input. A rejects file is one once somebody has fixed it; as it was written it is left out beside other files, unless it
holds rows that were not sent.
"""

from __future__ import annotations

import logging
import re
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from importer.core.model import OUTCOMES
from importer.errors import UsageError
from importer.inputs import RunInput
from importer.results.facts import WORKBOOK_TITLE
from importer.results.files_db import FileKind, kind_of

LOG = logging.getLogger("importer")

MOST_NAMED = 3
NEVER_READ = (FileKind.REPORT, FileKind.SUMMARY, FileKind.SCHEMA)
HEAD_BYTES = 65_536
_COLUMNS = list(OUTCOMES.names[:8])
_PAGE = b'<meta name="generator" content="capi-import">'


def without_own_files(files: Sequence[RunInput]) -> tuple[RunInput, ...]:
    """Return the inputs without the files that this program wrote, and say which. UsageError: no other one is left."""
    kinds = [None if file.path is None else own_kind(file.path) for file in files]
    told = list(zip(files, kinds, strict=True))
    kept = [(file, kind) for file, kind in told if kind not in NEVER_READ]
    if told and not kept:
        message = (
            f"{files[0].place} is a {kinds[0]} of this program, not an export; name the export, or the rejects file "
            "that you fixed."
        )
        raise UsageError(message)
    if any(kind is not FileKind.REJECTS for _, kind in kept):
        kept = [(file, kind) for file, kind in kept if kind is not FileKind.REJECTS]
    out = [f"{file.name} ({kind})" for file, kind in told if (file, kind) not in kept]
    if out:
        more = f" and {len(out) - MOST_NAMED:,} more" if len(out) > MOST_NAMED else ""
        LOG.warning("Not read, since this program wrote them: %s%s.", ", ".join(out[:MOST_NAMED]), more)
    return tuple(file for file, _ in kept)


def own_kind(path: Path) -> FileKind | None:
    """Tell as what this program wrote a file: as `files.db` knows, else a report or a page by what stands in it."""
    kind = kind_of(path)
    if kind is None:
        with suppress(OSError):
            if path.is_file():
                kind = _by_content(path)
    return kind


def _by_content(path: Path) -> FileKind | None:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if head.startswith(b"PAR1"):
        return FileKind.REPORT if _parquet_columns(path) == _COLUMNS else None
    if head.startswith(b"PK\x03\x04"):
        return FileKind.REPORT if _workbook_title(path) == WORKBOOK_TITLE else None
    if _PAGE in head:
        return FileKind.SUMMARY
    first = head.split(b"\n", 1)[0].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    cells = [cell.strip(' "\r') for cell in re.split(r"[,;\t]", first)]
    return FileKind.REPORT if cells[: len(_COLUMNS)] == _COLUMNS else None


def _parquet_columns(path: Path) -> list[str]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415  slow to import, with all its file systems

    try:
        return list(pq.read_schema(path).names[: len(_COLUMNS)])
    except (pa.ArrowException, OSError, ValueError, TypeError):
        return []


def _workbook_title(path: Path) -> str:
    """Return the title among a workbook's properties."""
    with suppress(zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, EOFError):
        with zipfile.ZipFile(path) as book, book.open("docProps/core.xml") as part:
            found = re.search(r"<dc:title>([^<]{0,200})</dc:title>", part.read(HEAD_BYTES).decode("utf-8", "replace"))
        return "" if found is None else found[1]
    return ""
