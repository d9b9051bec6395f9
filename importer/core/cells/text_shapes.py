"""The shapes of a column's texts: what is left when every digit is written 0.

A column of a million dates has a dozen shapes. A grammar reads each shape once, in Python; the digits of all rows of
one shape then lie at the same places and are turned into numbers by NumPy, a column at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa

from importer.core.cells.spelling import fold, has_foreign_digits
from importer.core.kernels.arrays import Indices, by_distinct
from importer.core.kernels.bytes import Bytes, TextBytes, text_bytes, texts_of
from importer.core.model import Column

Span = tuple[int, int]
"""The first digit of a number and the one behind its last, counted among the digits of a text."""

_ZERO = np.uint8(ord("0"))
_FEW = 1 << 15
"""Up to so many shapes their codes take two bytes, which NumPy sorts four times as fast."""

LONGEST = 120
"""Longer texts are no date, amount or clock; no grammar needs to look at them."""

Layout = TypeVar("Layout")


@dataclass(frozen=True)
class Digits:
    """The digits of all rows of one shape, one array of 0 to 9 for each digit of the shape."""

    columns: Bytes

    def number(self, span: Span | int | None) -> Indices:
        """Return the number that the digits of a span write, for each row: of up to 18 digits. Or a constant, or 0."""
        if not isinstance(span, tuple):
            return np.full(self.columns.shape[1], span or 0, np.int64)
        total = np.zeros(self.columns.shape[1], np.int64)
        for digit in range(*span):
            total = total * 10 + self.columns[digit]
        return total


@dataclass(frozen=True)
class Group(Generic[Layout]):
    """The rows of one shape with what the grammar made of it."""

    layout: Layout
    rows: Indices
    digits: Digits


def _places(shape: str) -> Indices:
    """Return where the digits of a shape stand."""
    return np.flatnonzero(np.frombuffer(shape.encode(), np.uint8) == _ZERO)


def _digits(shape: str, starts: Indices, content: Bytes) -> Digits:
    """Take the digits of the rows that start there and have this shape."""
    places = _places(shape)
    columns = np.empty((len(places), len(starts)), np.uint8)
    for column, place in zip(columns, places.tolist(), strict=True):
        content.take(starts + place, out=column, mode="clip")  # clipping nothing, it needs no copy
    columns -= _ZERO
    return Digits(columns)


def _groups(cells: TextBytes) -> Iterator[tuple[str, Indices, Callable[[], Digits]]]:
    """Yield each shape with its rows and a function that takes their digits."""
    shaped = np.where(cells.digits, _ZERO, cells.data)
    width = int(cells.lengths[0])
    if (cells.lengths == width).all() and (shaped[width:] == shaped[: len(shaped) - width]).all():
        shape = shaped[:width].tobytes().decode()
        columns = cells.data.reshape(len(cells.lengths), -1).T
        yield shape, np.arange(len(cells.lengths)), lambda: Digits(columns[_places(shape)] - _ZERO)
        return
    encoded = texts_of(shaped, cells.lengths).dictionary_encode()
    codes = np.asarray(encoded.indices)
    order = np.argsort(codes.astype(np.int16) if len(encoded.dictionary) < _FEW else codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(encoded.dictionary)))
    starts = cells.bounds[:-1].astype(np.int64)
    for each, end, start in zip(encoded.dictionary.to_pylist(), ends, [0, *ends[:-1]], strict=True):
        rows = order[start:end]
        yield each, rows, partial(_digits, each, starts[rows], cells.data)


def by_shape(column: Column, grammar: Callable[[str], Layout | None]) -> Iterator[Group[Layout]]:
    """Yield the rows of each shape that the grammar can read, with their digits; leave out the others.

    column: strings; null counts as the empty text.
    grammar: takes a shape as `spelling.fold` writes it, digits as 0. Its spans count digits, so folding moves nothing.
    """
    if not len(column):
        return
    foreign: list[Indices] = []
    for shape, rows, digits in _groups(text_bytes(column)):
        if len(shape) > LONGEST:
            continue
        if has_foreign_digits(shape):
            foreign.append(rows)
        elif (layout := grammar(fold(shape))) is not None:
            yield Group(layout, rows, digits())
    if foreign:
        rows = np.concatenate(foreign)
        for group in by_shape(by_distinct(column.take(pa.array(rows)), fold), grammar):
            yield Group(group.layout, rows[group.rows], group.digits)
