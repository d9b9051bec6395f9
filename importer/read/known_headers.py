"""The encoding in which the words of a file's first lines are words that the lexicon knows."""

from __future__ import annotations

import re

from importer.core.understanding.headers import UNSPACED, read_headers
from importer.core.understanding.lexicon import is_written

CODE_PAGES = (
    "windows-1252", "cp1250", "iso8859-2", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "cp1258", "cp874", "cp932", "euc_jp", "cp949", "gb18030", "big5", "cp852", "cp866", "mac_roman",
)  # fmt: skip
"""Encodings that exports are written in where they are not Unicode; Western text is the first."""

LINES, BYTES = 8, 16_384
"""How much of a file's start is looked at."""

ENOUGH = 2
"""Words or headers beyond ASCII that are known."""

_WORDS = re.compile(r"[^\W\d_]+")
_VALUE = re.compile(r"[0-9][0-9 .:/-]*")
_CELLS = re.compile(r'[,;\t|"\r\n]+')


def page_of_headers(start: bytes) -> str | None:
    """Return the code page in which more headers are understood than in any that reads them otherwise, or None."""
    lines = start[:BYTES].split(b"\n")[:LINES]
    read = {page: [text for line in lines if (text := _decoded(line, page)) is not None] for page in CODE_PAGES}
    counts = {page: max(map(_known, texts), default=0) for page, texts in read.items()}
    best = max(counts, key=lambda page: counts[page])
    rivals = [page for page in CODE_PAGES if read[page] != read[best] and counts[page] >= counts[best]]
    return best if counts[best] >= ENOUGH and not rivals else None


def _decoded(line: bytes, page: str) -> str | None:
    try:
        return line.decode(page)
    except UnicodeDecodeError:
        return None


def _known(line: str) -> int:
    """Count the words beyond ASCII of a line that are known letter by letter; 0 where most of them are not.

    Of scripts without blanks whole cells are counted of which every word is known.
    """
    if any(_VALUE.fullmatch(cell.strip()) for cell in _CELLS.split(line)):
        return 0  # a record, no headers
    cells = [cell.strip() for cell in _CELLS.split(line) if not cell.isascii()]
    unspaced = [cell for cell in cells if UNSPACED.search(cell)]
    words = {word for cell in cells if cell not in unspaced for word in _WORDS.findall(cell.casefold())}
    beyond = [word for word in words if not word.isascii()]
    known = sum(map(is_written, beyond))
    known += sum(bool(header.meanings) and not header.unknown for header in read_headers(unspaced))
    return known if known * 2 >= len(beyond) + len(unspaced) else 0
