"""Letters that an earlier program broke: UTF-8 read as Windows-1252 is undone, what is lost is left out.

A text is mended only where all of it, or a run of two or more signs in it, is UTF-8 that was taken for Windows-1252:
names do not hold such signs, and a hash of them matches nobody.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow.compute as pc

from importer.core.kernels.arrays import by_distinct_pair, from_flat, nulls
from importer.core.model import Column
from importer.core.normalise.by_column import at, with_texts
from importer.core.normalise.cell import Cell
from importer.core.normalise.flat_values import FlatValues, flatten

FIELDS = ("full_name", "fn", "ln", "ct", "st")
"""Fields of people's words."""

_SUSPECT = r"[^\x00-\x7F]|\?"
_TABLE = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(128, 256)} | {
    chr(byte): byte for byte in range(128, 160)
}
_RUN = re.compile("[{}]{{2,}}".format(re.escape("".join(_TABLE))))
_LATIN = re.compile("[\xa0-\u0233\u1e00-\u1eff\u2010-\u2026\u20ac]")
"""What one letter may be; a single sign of another script is rather a letter before a quotation mark."""
_MOST_TIMES = 3  # that a text was written as UTF-8 and read as Windows-1252
_SIGN = (
    r"[\xa2-\xa8\xac\xaf\xb1-\xb4\xb6\xb8\xb9\xbc-\xbf\xd7\xf7"
    r"\u02c6\u02dc\u2020-\u2022\u2030\u2200-\u22ff\u2500-\u259f]"
)
"""What stands for a letter where one code page was taken for another: money, fractions, box drawings."""
_LOST = re.compile(
    "[\x80-\x9f\ufffd]"
    r"|[^\W\d_]\?(?!\?\?+$)|\?[^\W\d_]"  # a question mark in the place of a letter; three at the end are a cry
    "|[a-z][\xc2\xc3\xc5\xd0]"  # the first half of a letter
    r"|\b[\xc2\xc3\xc5]\b(?=\s)"
    rf"|[^\W\d_]{_SIGN}(?:[^\W\d_]|{_SIGN})"
)


def mended(text: str) -> Cell:
    """Return the text as it was, or as it was before it was broken, or none where a letter is lost; and the code.

    >>> mended("MÃ¼ller")
    ('Müller', 'mojibake_repaired')
    >>> mended("M?ller")
    (None, 'broken_letters')
    >>> mended("São João")
    ('São João', None)
    """
    found = text
    for _ in range(_MOST_TIMES):
        found, before = _RUN.sub(lambda run: _as_utf8(run.group()), found), found
        if found == before:
            break
    if _LOST.search(found):
        return None, "broken_letters"
    return found, None if found == text else "mojibake_repaired"


def _as_utf8(run: str) -> str:
    try:
        found = bytes(_TABLE[char] for char in run).decode()
    except UnicodeDecodeError:
        return run
    latin = all(char in _TABLE or _LATIN.match(char) for char in found)
    return found if latin or (len(found) > 1 and (found.isprintable() or _RUN.fullmatch(found))) else run


def mend(column: Column) -> tuple[Column, FlatValues | None]:
    """Return a column of lists with its texts mended, and the codes of those that were not whole, if there are any."""
    texts, rows = flatten(column)
    if not _may_be_broken(texts):
        return column, None
    suspect = np.flatnonzero(np.asarray(pc.match_substring_regex(texts, _SUSPECT).fill_null(False)))
    forms, codes = by_distinct_pair(at(texts, suspect), mended)
    if codes.null_count == len(codes):
        return column, None
    notes = with_texts(nulls(len(texts)), suspect, codes)
    found = FlatValues(rows, with_texts(texts, suspect, forms), notes)
    return from_flat(found.forms, rows, len(column)), found


def _may_be_broken(texts: Column) -> bool:
    """Tell whether a text has a byte above 127 or a question mark; to look at all bytes at once is cheap."""
    if not len(texts) or texts.null_count == len(texts):
        return False
    data = texts.buffers()[2]
    codes = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return bool((codes > 127).any() or (codes == ord("?")).any())  # noqa: PLR2004 - the last ASCII character
