"""The shapes of a column's texts: what is left when every digit is written 0.

A column of a million dates has a dozen shapes. A grammar reads each shape once, in Python; the digits of all rows of
one shape then lie at the same places and are turned into numbers by NumPy, a column at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from importer.core.cells.letters import fold, has_foreign_digits
from importer.core.columns import Indices, by_distinct
from importer.core.model import Column

Bytes = npt.NDArray[np.uint8]
Span = tuple[int, int]
"""The first digit of a number and the one behind its last, counted among the digits of a text."""

_ZERO, _AFTER_NINE = ord("0"), ord("9") + 1
_SHAPE_OF_BYTE = np.arange(256, dtype=np.uint8)
_SHAPE_OF_BYTE[_ZERO:_AFTER_NINE] = _ZERO

LONGEST = 120
"""Longer texts are no date, amount or clock; no grammar needs to look at them."""

Layout = TypeVar("Layout")


@dataclass(frozen=True)
class Digits:
    """The digits of all rows of one shape, one array of 0 to 9 for each digit of the shape."""

    columns: Bytes

    def number(self, span: Span) -> Indices:
        """The number that the digits of the span write, for each row; spans of up to 18 digits."""
        total = np.zeros(self.columns.shape[1], dtype=np.int64)
        for digit in range(*span):
            total = total * 10 + self.columns[digit]
        return total


@dataclass(frozen=True)
class Group(Generic[Layout]):
    """The rows of one shape with what the grammar made of it."""

    layout: Layout
    rows: Indices
    digits: Digits


def _raw(column: Column) -> tuple[Indices, Bytes]:
    """The bounds of each text in the column's bytes, and these bytes; for string columns without nulls."""
    _, offsets, data = column.buffers()
    bounds = np.frombuffer(offsets, np.int32, count=len(column) + 1, offset=column.offset * 4).astype(np.int64)
    content = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return bounds - bounds[0], content[bounds[0] : bounds[-1]]


def _shapes(bounds: Indices, content: Bytes) -> Column:
    """The texts with every digit written 0, dictionary encoded."""
    offsets, shaped = pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(_SHAPE_OF_BYTE[content])
    shapes: Column = pa.StringArray.from_buffers(len(bounds) - 1, offsets, shaped).dictionary_encode()
    return shapes


def _digits(shape: str, starts: Indices, content: Bytes) -> Digits:
    """The digits of the rows that start there and have this shape."""
    places = np.flatnonzero(np.frombuffer(shape.encode(), np.uint8) == _ZERO)
    return Digits(content[starts[np.newaxis, :] + places[:, np.newaxis]] - np.uint8(_ZERO))


def by_shape(column: Column, grammar: Callable[[str], Layout | None]) -> Iterator[Group[Layout]]:
    """The rows of each shape that the grammar can read, with their digits; the others are left out.

    column: strings; null counts as the empty text.
    grammar: takes a shape as `letters.fold` writes it, digits as 0. Its spans count digits, so folding moves nothing.
    """
    if not len(column):
        return
    texts = column.fill_null("")
    bounds, content = _raw(texts)
    encoded = _shapes(bounds, content)
    codes = np.asarray(encoded.indices)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(encoded.dictionary)))
    foreign: list[Indices] = []
    for shape, end, start in zip(encoded.dictionary.to_pylist(), ends, [0, *ends[:-1]], strict=True):
        if len(shape) > LONGEST:
            continue
        if has_foreign_digits(shape):
            foreign.append(order[start:end])
        elif (layout := grammar(fold(shape))) is not None:
            rows = order[start:end]
            yield Group(layout, rows, _digits(shape, bounds[rows], content))
    if foreign:
        rows = np.concatenate(foreign)
        for group in by_shape(by_distinct(texts.take(pa.array(rows)), fold), grammar):
            yield Group(group.layout, rows[group.rows], group.digits)
