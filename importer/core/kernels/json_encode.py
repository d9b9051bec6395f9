"""JSON by column: the members of one object a row, joined in a single call.

A member is a sequence of literals and columns. Members that every row has are given to Arrow's
`binary_join_element_wise` as they are, one operand a literal or column; of the others each is joined to a text first,
empty where the row leaves it out. So a body of 1,000 bytes is copied once. Objects are large strings, since a batch of
them may pass 2 GB.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Column, Mask, as_lists, by_distinct, one_chunk, one_text
from importer.core.kernels.bytes import text_bytes

_CONTROLS, _QUOTE, _BACKSLASH = 0x20, ord('"'), ord("\\")
_LARGE = pa.large_string()

Pieces: TypeAlias = tuple[str | Column, ...]


class Member(NamedTuple):
    """A member of an object, `"name":value`, in pieces; present: which rows have it, None for every row."""

    pieces: Pieces
    present: Mask | None = None


def member(name: str, values: Column) -> Member:
    """Return a member whose values are JSON already; null leaves it out."""
    return Member((f'"{name}":', values), _present(values))


def text_member(name: str, texts: Column) -> Member:
    """Return a member whose values are strings; null leaves it out."""
    constant = one_text(texts)
    if constant is not None:
        return Member((f'"{name}":{json.dumps(constant, ensure_ascii=False)}',))
    return Member((f'"{name}":"', escape(texts), '"'), _present(texts))


def list_member(name: str, column: Column) -> Member:
    """Return a member whose values are lists of strings, of texts escaped already; an empty list leaves it out."""
    lists = as_lists(column)
    lengths = lists.value_lengths()
    if pc.all(pc.equal(lengths, 1)).as_py():
        return Member((f'"{name}":["', lists.flatten(), '"]'))
    present = np.asarray(pc.greater(lengths, 0).fill_null(False))
    return Member((f'"{name}":["', one_chunk(pc.binary_join(lists, '","')), '"]'), None if present.all() else present)


def array_member(name: str, elements: Column) -> Member:
    """Return a member whose values are arrays, of elements joined by commas already; null leaves it out."""
    return Member((f'"{name}":[', elements, "]"), _present(elements))


def written_members(texts: Column) -> Member:
    """Return members that are written already, joined by commas; null leaves them out."""
    return Member((texts,), _present(texts))


def object_member(name: str, members: Sequence[Member], count: int) -> Member:
    """Return a member whose values are objects; left out where the object has no members."""
    content = join_members(members, count)
    return Member((f'"{name}":{{', *content.pieces, "}"), content.present)


def join_members(members: Sequence[Member], count: int) -> Member:
    """Return the members of each row, joined by commas, as one; present where a row has any."""
    pieces: list[str | Column] = []
    before = np.zeros(count, np.bool_)  # which rows have a member already
    for parts, present in members:
        if present is not None and not present.any():
            continue
        comma: str | Column = ","
        if not before.all():
            comma = one_chunk(pc.if_else(pa.array(before), ",", "")) if before.any() else ""
        if present is None:
            pieces += [comma, *parts]
            before = np.ones(count, np.bool_)
        else:
            text = concat((comma, *parts), count)
            pieces.append(one_chunk(pc.if_else(pa.array(present), text, pa.scalar("", _LARGE))))
            before = before | present
    return Member(tuple(pieces), None if before.all() and pieces else before)


def objects(members: Sequence[Member], count: int) -> Column:
    """Return an object for each row; null where it has no members."""
    content = join_members(members, count)
    return write(Member(("{", *content.pieces, "}"), content.present), count)


def write(content: Member, count: int) -> Column:
    """Return the text of each row; null where it is not present."""
    text = concat(content.pieces, count)
    return text if content.present is None else one_chunk(pc.if_else(pa.array(content.present), text, None))


def concat(pieces: Pieces, count: int) -> Column:
    """Concatenate literals and columns row by row; null where a column is null."""
    operands = list(_merged(pieces))
    if not any(isinstance(piece, pa.Array) for piece in operands):
        return one_chunk(pa.repeat(pa.scalar("".join(map(str, operands)), _LARGE), count))
    large = [pa.scalar(piece, _LARGE) if isinstance(piece, str) else piece.cast(_LARGE) for piece in operands]
    return one_chunk(pc.binary_join_element_wise(*large, pa.scalar("", _LARGE)))


def _merged(pieces: Pieces) -> Iterator[str | Column]:
    """Yield the pieces with neighboring literals as one, and without empty ones."""
    literal = ""
    for piece in pieces:
        if isinstance(piece, str):
            literal += piece
            continue
        if literal:
            yield literal
        literal = ""
        yield piece
    if literal:
        yield literal


def _present(values: Column) -> Mask | None:
    return np.asarray(values.is_valid()) if values.null_count else None


def escape(texts: Column) -> Column:
    """Return the texts as they stand between the quotation marks of JSON; null stays null.

    To find that nothing is to be escaped, three comparisons of all bytes take 1 ns a text, a regular expression 30.
    """
    data = text_bytes(texts).data
    if not ((data < _CONTROLS) | (data == _QUOTE) | (data == _BACKSLASH)).any():
        return texts
    return by_distinct(texts, lambda text: json.dumps(text, ensure_ascii=False)[1:-1])


def number(values: Column) -> Column:
    """Return each number, exact or not, as a JSON number in its shortest form: 1049.400000 is 1049.4."""
    text = values.cast(pa.string())
    if not pa.types.is_decimal(values.type):
        return one_chunk(text)
    return one_chunk(pc.ascii_rtrim(pc.ascii_rtrim(text, characters="0"), characters="."))
