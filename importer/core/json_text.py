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
    return _joined(_laid_out(parts, count), count)


class _Laid(NamedTuple):
    """A member that stands on some row, as what it is joined of; everywhere: on every row."""

    opening: str
    inner: list[Column | str]
    closing: str
    everywhere: bool


def _laid_out(parts: Sequence[Member], count: int) -> list[_Laid]:
    """The members in the same order; an object that may be empty on some row is joined first."""
    laid: list[_Laid] = []
    for opening, values, closing in parts:
        if isinstance(values, Sequence):
            within = _laid_out(values, count)
            pieces = _pieces(within)
            if pieces is not None:
                laid.append(_Laid(opening, pieces, closing, everywhere=True))
                continue
            values = _joined(within, count)  # noqa: PLW2901
        if values.null_count < count:
            laid.append(_Laid(opening, [values], closing, everywhere=values.null_count == 0))
    return laid


def _joined(laid: Sequence[_Laid], count: int) -> Column:
    if not laid:
        return nulls(count)
    pieces = _pieces(laid)
    if pieces is not None:
        return one_chunk(pc.binary_join_element_wise(*merged(pieces), ""))
    joined = pc.binary_join_element_wise(*(_where_present(part, ",", "") for part in laid), "")
    return null_if_empty(one_chunk(pc.utf8_ltrim(joined, characters=",")))


def _pieces(laid: Sequence[_Laid]) -> list[Column | str] | None:
    """What a row's members are joined of; None where no member stands on every row, to which commas could be tied."""
    anchor = next((place for place, part in enumerate(laid) if part.everywhere), None)
    if anchor is None:
        return None
    pieces: list[Column | str] = []
    for place, part in enumerate(laid):
        before, behind = "," if place > anchor else "", "," if place < anchor else ""
        if part.everywhere:
            pieces += [before + part.opening, *part.inner, part.closing + behind]
        else:
            pieces.append(_where_present(part, before, behind))
    return pieces


def _where_present(part: _Laid, before: str, behind: str) -> Column:
    """The member with its commas, nothing where it is left out."""
    whole = pc.binary_join_element_wise(before + part.opening, *part.inner, part.closing + behind, "")
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
