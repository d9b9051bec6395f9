"""How a text file separates its cells, detected on a sample: by the width that its records agree on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from importer.read.column_names import clean_header
from importer.read.csv_scanner import CsvRecord, Dialect, scan
from importer.read.header import SEARCHED, Known, is_typed

CANDIDATES = (b",", b";", b"\t", b"|", b"^")
NAMES = {b",": "comma", b";": "semicolon", b"\t": "tab", b"|": "pipe", b"^": "caret"}
ONE_COLUMN = b"\x1f"
"""The delimiter of a file with one column: a character that separates nothing in it."""

SNIFFED = 16 << 10
_MAJORITY = 0.5  # share of records that must agree on a width
_ENOUGH = 1_000  # quoted cells that settle whether marks quote

_SEP = re.compile(rb'"?sep=(.)"?[ \t]*(?:\r\n|\n|\r)', re.IGNORECASE)


class _Score(NamedTuple):
    """The evidence for a delimiter, the strongest first."""

    known: int
    headed: bool  # the first record of the usual width holds words, not values
    share: float  # of records that have the usual width
    skipped: int  # records before the first of that width, counted down from 0
    width: int
    split: float  # share of records with several cells


def declared_delimiter(sample: bytes) -> tuple[bytes, int] | None:
    """Return the delimiter that a first line `sep=;` declares (Excel) and the length of that line."""
    found = _SEP.match(sample)
    return (found[1], found.end()) if found else None


def find_delimiter(sample: bytes, known: Known, *, whole: bool) -> bytes:
    """Choose the candidate that makes most sense of a sample: known header names first, then records of one width.

    whole: the sample is the whole file, so that its last line is complete.
    """
    part = sample[:SNIFFED]
    if b"\n" not in part and b"\r" not in part:
        part = sample  # a wide table: its header alone is longer
    whole = whole and len(part) == len(sample)
    scores = {candidate: _score(part, candidate, known, whole=whole) for candidate in CANDIDATES}
    best = max(CANDIDATES, key=lambda candidate: scores[candidate])
    single = _score(part, ONE_COLUMN, known, whole=whole)
    if single.known > scores[best].known and not scores[best].headed:
        return ONE_COLUMN
    return best if scores[best].known > 1 or scores[best].split >= _MAJORITY else ONE_COLUMN


def marks_quote(chunks: Iterable[bytes], delimiter: bytes) -> bool:
    """Tell whether quotation marks enclose cells, rather than being text as in Amazon's reports.

    Comma and semicolon files always quote. Elsewhere well-quoted cells are weighed against cells that begin with a
    mark and do not end with one.
    """
    if delimiter in (b",", b";"):
        return True
    char = re.escape(delimiter)
    before, after = rb"(?<![^\r\n" + char + rb"])", rb"(?![^\r\n" + char + rb"])"
    cell = re.compile(before + rb'"(?:[^"' + char + rb']|"")*+"' + after)
    begun = re.compile(before + rb'"')
    proper = lone = 0
    for chunk in chunks:
        if b'"' not in chunk:
            continue
        rest, count = cell.subn(b"", chunk)
        proper, lone = proper + count, lone + len(begun.findall(rest))
        if max(proper, lone) >= _ENOUGH:
            break
    return proper >= lone


def records_of(text: bytes, dialect: Dialect, most: int, *, final: bool) -> list[CsvRecord]:
    """Scan the first records of a text, blank lines included."""
    records: list[CsvRecord] = []
    place = 0
    while place < len(text) and len(records) < most:
        record = scan(text, place, dialect, None, final=final)
        if record is None:
            break
        records.append(record)
        place = record.end
    return records


def cell_texts(record: CsvRecord) -> list[str]:
    """Decode a record's cells, cleaned as headers are."""
    return [clean_header(cell.decode("utf-8", "replace")) for cell in record.cells]


def _score(sample: bytes, delimiter: bytes, known: Known, *, whole: bool) -> _Score:
    records = records_of(sample, Dialect(delimiter, quoted=True), len(sample), final=whole)
    rows = [record for record in records if any(record.cells)]
    if not rows:
        return _Score(0, headed=False, share=0.0, skipped=0, width=0, split=0.0)
    sizes = [len(record.cells) for record in rows]
    widths = Counter(sizes)
    width = max(widths, key=lambda cells: (widths[cells] if cells > 1 else 0, cells))
    first = sizes.index(width)
    head = [cell for cell in cell_texts(rows[first]) if cell]
    alone = delimiter == ONE_COLUMN
    return _Score(
        known=max(
            (known(cell_texts(record)) for record in rows[:SEARCHED] if alone or len(record.cells) > 1), default=0
        ),
        headed=width > 1 and sum(map(is_typed, head)) * 5 <= len(head),
        share=round(widths[width] / len(rows), 1) if width > 1 else 0.0,
        skipped=-first,
        width=width,
        split=1 - widths[1] / len(rows),
    )
