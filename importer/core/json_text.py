"""JSON written by column: the members of one object of each row, joined in a single pass over all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import by_distinct, null_if_empty, nulls, one_chunk
from importer.core.model import Column
from importer.core.octets import octets

_CONTROLS, _DELETE, _QUOTE, _BACKSLASH = 0x20, 0x7F, ord('"'), ord("\\")


class Member(NamedTuple):
    """A member of an object as `"name":` and what opens its value, the value's JSON, and what closes it."""

    opening: str
    values: Column
    closing: str = ""


def text_member(name: str, column: Column) -> Member:
    """A member whose values are texts; null where the text is null."""
    return Member(f'"{name}":"', escaped(column), '"')


def members(parts: Sequence[Member], count: int) -> Column:
    """For each row its members, parted by commas; those whose value is null are left out, and null where all are.

    Literals stand between the columns of one join, which copies each byte once: joining members, then objects, then
    the event takes three times as long.
    """
    filled = [part for part in parts if part.values.null_count < count]
    if not filled:
        return nulls(count)
    comma_first = filled[0].values.null_count > 0
    pieces: list[Column | str] = []
    for place, part in enumerate(filled):
        opening = ("," if place or comma_first else "") + part.opening
        if part.values.null_count:
            whole = pc.binary_join_element_wise(opening, part.values, part.closing, "")
            pieces.append(whole.fill_null(""))
        else:
            pieces += [opening, part.values, part.closing]
    joined = one_chunk(pc.binary_join_element_wise(*_merged(pieces), ""))
    return null_if_empty(one_chunk(pc.utf8_ltrim(joined, characters=","))) if comma_first else joined


def _merged(pieces: Sequence[Column | str]) -> list[Column | str]:
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
