"""JSON written by column: the members of one object of each row, joined in a single pass over all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Indices, Mask, by_distinct, null_if_empty, nulls, one_chunk
from importer.core.model import Column
from importer.core.octets import octets
from importer.core.typeset import Lists, Piece, Texts, texts_of, typeset

_CONTROLS, _DELETE, _QUOTE, _BACKSLASH = 0x20, 0x7F, ord('"'), ord("\\")
_BETWEEN = b'","'
"""What parts the values of a list."""


class Member(NamedTuple):
    """A member of an object as `"name":` and what opens its value, the value's JSON, and what closes it.

    values: a column, null where the member is left out; texts, empty where it is; lists whose values are parted by
    `","`, empty where it is; or an object's own members.
    """

    opening: str
    values: Column | Texts | Sequence[Member]
    closing: str = ""


def text_member(name: str, column: Column) -> Member:
    """A member whose values are texts; null where the text is null."""
    return Member(f'"{name}":"', escaped(column), '"')


def members(parts: Sequence[Member], count: int) -> Column:
    """For each row its members, parted by commas; those whose value is null are left out, and null where all are."""
    pieces, rows = _laid_out(parts, count)
    if not pieces:
        return nulls(count)
    written = typeset([*pieces, Piece(rows, [b""], back=True)], count).cast(pa.string())
    return written if rows is None else null_if_empty(written)


def objects(parts: Sequence[Member], count: int) -> Column:
    """For each row an object of its members, as a large text."""
    pieces, rows = _laid_out(parts, count)
    end = [Piece(rows, [b""], back=True)] if pieces else []
    return typeset([Piece(None, [b"{"]), *pieces, *end, Piece(None, [b"}"])], count)


def _laid_out(parts: Sequence[Member], count: int) -> tuple[list[Piece], Indices | None]:
    """The members as pieces, each with a comma behind it, and the rows on which any stands, None being all."""
    pieces: list[Piece] = []
    found: list[Indices | None] = []
    for opening, values, closing in parts:
        before, behind = opening.encode(), f"{closing},".encode()
        if isinstance(values, Sequence):
            inner, rows = _laid_out(values, count)
            laid = [Piece(rows, [before]), *inner, Piece(rows, [behind], back=True)] if inner else []
        else:
            source, rows = _source(values)
            laid = [] if source is None else [Piece(rows, _line(before, source, behind))]
        if laid:
            pieces += laid
            found.append(rows)
    return pieces, _any(found, count)


def _any(found: Sequence[Indices | None], count: int) -> Indices | None:
    """The rows that are among any of these."""
    marks = np.zeros(count, np.bool_)
    for rows in found:
        if rows is None:
            return None
        marks[rows] = True
    return np.flatnonzero(marks)


def _line(before: bytes, source: Texts | Lists, behind: bytes) -> list[bytes | Texts | Lists]:
    constant = source.constant if isinstance(source, Texts) else None
    return [before, source, behind] if constant is None else [before + constant + behind]


def _source(values: Column | Texts) -> tuple[Texts | Lists | None, Indices | None]:
    """What is set, and on which rows, None being all; nothing where no row has a value."""
    if isinstance(values, Texts):
        return _where(values, values.lengths > 0)
    if values.null_count == len(values):
        return None, None
    if pa.types.is_list(values.type):
        counts = np.diff(np.asarray(values.offsets))
        return _lists(texts_of(values.flatten()), counts, counts > 0)
    return _where(texts_of(values), np.asarray(values.is_valid()) if values.null_count else None)


def _where(texts: Texts, present: Mask | None) -> tuple[Texts | None, Indices | None]:
    if present is None or present.all():
        return texts, None
    rows = np.flatnonzero(present)
    return (texts.of(rows) if len(rows) else None), rows


def _lists(texts: Texts, counts: Indices, present: Mask) -> tuple[Texts | Lists | None, Indices | None]:
    rows = None if present.all() else np.flatnonzero(present)
    if len(texts.lengths) == np.count_nonzero(present):
        return (texts if len(texts.lengths) else None), rows
    return Lists(texts, counts[present], _BETWEEN), rows


def merged(pieces: Sequence[Column | str]) -> list[Column | str]:
    """Neighbouring literals as one."""
    merged: list[Column | str] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


def escaped(column: Column) -> Column:
    """The texts as they stand between the quotation marks of JSON; null stays null."""
    found = octets(column).data
    odd = (found < _CONTROLS) | (found == _QUOTE) | (found == _BACKSLASH) | (found == _DELETE)
    if not odd.any():
        return column
    return by_distinct(column, lambda text: json.dumps(text, ensure_ascii=False)[1:-1])


def quoted(column: Column) -> Column:
    """Each text as a JSON string, quotation marks and all; null stays null."""
    return one_chunk(pc.binary_join_element_wise('"', escaped(column), '"', ""))


def number(column: Column) -> Column:
    """Each number, exact or not, as a JSON number in its shortest form: 1049.400000 is 1049.4."""
    text = column.cast(pa.string())
    if not pa.types.is_decimal(column.type):
        return one_chunk(text)
    return one_chunk(pc.utf8_rtrim(pc.utf8_rtrim(text, characters="0"), characters="."))
