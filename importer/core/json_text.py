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
    """A member of an object as `"name":` and what opens its value, the value's JSON, and what closes it.

    values: a column, null where the member is left out, or an object's own members.
    """

    opening: str
    values: Column | Sequence[Member]
    closing: str = ""


def text_member(name: str, column: Column) -> Member:
    """A member whose values are texts; null where the text is null."""
    return Member(f'"{name}":"', escaped(column), '"')


def members(parts: Sequence[Member], count: int) -> Column:
    """For each row its members, parted by commas; those whose value is null are left out, and null where all are.

    Literals stand between the columns of one join, which copies each byte once: joining members, then objects, then
    the event takes three times as long.
    """
    pieces = _pieces(parts, count)
    if pieces is not None:
        return one_chunk(pc.binary_join_element_wise(*merged(pieces), ""))
    flat = _flat(parts, count)
    if not flat:
        return nulls(count)
    joined = pc.binary_join_element_wise(*(_filled(part, ",", "") for part in flat), "")
    return null_if_empty(one_chunk(pc.utf8_ltrim(joined, characters=",")))


def _pieces(parts: Sequence[Member], count: int) -> list[Column | str] | None:
    """What a row's members are joined of; None where no member stands on every row, to which commas could be tied."""
    flat = _flat(parts, count)
    everywhere = [place for place, part in enumerate(flat) if _stands_everywhere(part)]
    if not everywhere:
        return None
    pieces: list[Column | str] = []
    for place, part in enumerate(flat):
        before, behind = "," if place > everywhere[0] else "", "," if place < everywhere[0] else ""
        if place in everywhere:
            inner = [part.values] if not isinstance(part.values, Sequence) else _pieces(part.values, count)
            pieces += [before + part.opening, *(inner or []), part.closing + behind]
        else:
            pieces.append(_filled(part, before, behind))
    return pieces


def _flat(parts: Sequence[Member], count: int) -> list[Member]:
    """The members that stand on some row; an object's own ones are joined where it may be empty."""
    found = []
    for part in parts:
        if isinstance(part.values, Sequence):
            whole = _pieces(part.values, count) is not None
            found.append(part if whole else part._replace(values=members(part.values, count)))
        else:
            found.append(part)
    return [part for part in found if isinstance(part.values, Sequence) or part.values.null_count < count]


def _stands_everywhere(part: Member) -> bool:
    return isinstance(part.values, Sequence) or part.values.null_count == 0


def _filled(part: Member, before: str, behind: str) -> Column:
    """The member with its commas, nothing where it is left out."""
    whole = pc.binary_join_element_wise(before + part.opening, part.values, part.closing + behind, "")
    return one_chunk(whole.fill_null(""))


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
