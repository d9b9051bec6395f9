"""JSON written by column: the members of one object of each row, joined in a single pass over all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, Mask, by_distinct, null_if_empty, one_chunk
from importer.core.kernels.concat import Piece, Texts, texts_of, typeset
from importer.core.model import Column

_CONTROLS, _DELETE, _QUOTE, _BACKSLASH = 0x20, 0x7F, ord('"'), ord("\\")
_BETWEEN = b'","'
"""What parts the values of a list."""


class Member(NamedTuple):
    """A member of an object as `"name":` and what opens its value, the value's JSON, and what closes it.

    values: a column, null where the member is left out; texts, empty where it is; lists whose values are parted by
    `","`, empty where it is; or an object's own members. clear: the values are no JSON yet, but any text.
    """

    opening: str
    values: Column | Texts | Sequence[Member]
    closing: str = ""
    clear: bool = False


def text_member(name: str, column: Column) -> Member:
    """A member whose values are texts; null where the text is null."""
    return Member(f'"{name}":"', column, '"', clear=True)


def members(parts: Sequence[Member], count: int) -> Column:
    """For each row its members, parted by commas; those whose value is null are left out, and null where all are."""
    whole = objects(parts, count).view(pa.large_binary())
    return null_if_empty(one_chunk(pc.binary_slice(whole, 1, -1)).view(pa.large_string()).cast(pa.string()))


def objects(parts: Sequence[Member], count: int, behind: bytes = b"") -> Column:
    """For each row an object of its members, as a large text; those whose value is null are left out.

    behind: blanks that stand behind each object.
    """
    pieces, rows = _laid_out(parts, count)
    return typeset([Piece(None, [b"{"]), *pieces, Piece(rows, [b""], back=True), Piece(None, [b"}" + behind])], count)


def _laid_out(parts: Sequence[Member], count: int) -> tuple[list[Piece], Indices | None]:
    """The members as pieces, each with a comma behind it, and the rows on which any stands, None being all."""
    pieces: list[Piece] = []
    found: list[Indices | None] = []
    for opening, values, closing, clear in parts:
        before, behind = opening.encode(), f"{closing},".encode()
        if isinstance(values, Sequence):
            inner, rows = _laid_out(values, count)
            laid = [Piece(rows, [before]), *inner, Piece(rows, [behind], back=True)] if inner else []
        else:
            told = _values(values, clear=clear)
            rows = told[0].rows if told else None
            laid = [Piece(rows, [before]), *told, Piece(rows, [behind])] if told else []
        if laid:
            pieces += laid
            found.append(rows)
    return pieces, _any(found, count)


def _any(found: Sequence[Indices | None], count: int) -> Indices | None:
    """The rows that are among any of these, None being all."""
    marks = np.zeros(count, np.bool_)
    for rows in found:
        if rows is None:
            return None
        marks[rows] = True
    return np.flatnonzero(marks)


def _values(values: Column | Texts, *, clear: bool) -> list[Piece]:
    """The values as they are set; nothing where no row has one."""
    if isinstance(values, Texts):
        return _texts(values, values.lengths > 0)
    if values.null_count == len(values):
        return []
    if isinstance(values, pa.ListArray):
        inner = values.flatten()
        return _lists(texts_of(escaped(inner) if clear else inner), np.asarray(values.offsets))
    constant = None if values.null_count else texts_of(values).constant
    if constant is not None:
        return [Piece(None, [_escaped(constant.decode()).encode() if clear else constant])]
    return _texts(texts_of(escaped(values) if clear else values), np.asarray(values.is_valid()))


def _texts(texts: Texts, present: Mask) -> list[Piece]:
    if present.all():
        return [Piece(None, [texts])]
    rows = np.flatnonzero(present)
    return [Piece(rows, [texts.of(rows)])] if len(rows) else []


def _lists(texts: Texts, offsets: Indices) -> list[Piece]:
    """The first value of each list where it has one, then the second, and so on."""
    counts = np.diff(offsets)
    if (counts == 1).all():
        return [Piece(None, [texts])]
    pieces = []
    for place in range(int(counts.max(initial=0))):
        rows = None if counts.min() > place else np.flatnonzero(counts > place)
        mine = texts.of((offsets[:-1] if rows is None else offsets[rows]) - offsets[0] + place)
        pieces.append(Piece(rows, [_BETWEEN, mine] if place else [mine]))
    return pieces


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
    found = texts_of(column).data
    odd = (found < _CONTROLS) | (found == _QUOTE) | (found == _BACKSLASH) | (found == _DELETE)
    if not odd.any():
        return column
    return by_distinct(column, _escaped)


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def quoted(column: Column) -> Column:
    """Each text as a JSON string, quotation marks and all; null stays null."""
    return one_chunk(pc.binary_join_element_wise('"', escaped(column), '"', ""))


def number(column: Column) -> Column:
    """Each number, exact or not, as a JSON number in its shortest form: 1049.400000 is 1049.4."""
    text = column.cast(pa.string())
    if not pa.types.is_decimal(column.type):
        return one_chunk(text)
    return one_chunk(pc.utf8_rtrim(pc.utf8_rtrim(text, characters="0"), characters="."))
