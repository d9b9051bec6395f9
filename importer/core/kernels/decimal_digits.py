"""Whole numbers and exact amounts as decimal digits, four of them a step."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from importer.core.kernels.arrays import Indices, one_chunk
from importer.core.kernels.concat import Texts, texts_of
from importer.core.kernels.json_encode import number
from importer.core.model import Column

Signs = npt.NDArray[np.uint32]
"""Four ASCII characters in each place."""

_MICROS, _THOUSAND = 1_000_000, np.uint32(1_000)
_FOUR = 10_000
_PLACES = 12
"""Digits before the decimal point that are written; larger numbers go by Arrow."""


def integers(column: Column) -> Texts:
    """Each whole number in digits; an empty text for null."""
    values = np.asarray(column.fill_null(0))
    if not _fit(values):
        return texts_of(one_chunk(column.cast(pa.string()).fill_null("")))
    signs = np.empty((len(values), 3), np.uint32)
    return _texts(signs, _write(signs, values), 0, column)


def amounts(column: Column) -> Texts:
    """Each exact amount (MONEY) in its shortest form, 1049.400000 as 1049.4; an empty text for null.

    A third of the 70 nanoseconds in which Arrow writes all six decimals and cuts off the zeros again.
    """
    low, high = np.frombuffer(column.buffers()[1], np.int64).reshape(-1, 2)[column.offset :][: len(column)].T
    if column.null_count:
        valid = np.asarray(column.is_valid())
        low, high = low * valid, high * valid
    whole = low // _MICROS
    if high.any() or not _fit(whole):
        return texts_of(one_chunk(number(column).fill_null("")))
    signs = np.empty((len(low), 5), np.uint32)
    decimals = _write_decimals(signs, (low - whole * _MICROS).astype(np.uint32))
    return _texts(signs, _write(signs, whole), decimals, column)


def _fit(values: Indices) -> bool:
    return len(values) > 0 and int(values.min()) >= 0 and int(values.max()) < 10**_PLACES


def _write(signs: Signs, values: Indices) -> npt.NDArray[np.int8]:
    """The first twelve characters are the number with zeros before it; returns how many digits it has without."""
    most = int(values.max())
    upper = values // _FOUR
    signs[:, 2] = four_characters("{:04}", _FOUR)[values - upper * _FOUR]
    top = upper // _FOUR if most >= _FOUR**2 else np.zeros(1, np.int64)
    signs[:, 1] = four_characters("{:04}", _FOUR)[upper - top * _FOUR]
    signs[:, 0] = four_characters("{:04}", _FOUR)[top]
    digits = np.ones(len(values), np.int8)
    for power in range(1, len(str(most))):
        digits += values >= 10**power
    return digits


def _write_decimals(signs: Signs, micros: npt.NDArray[np.uint32]) -> npt.NDArray[np.int8]:
    """The next eight characters begin with the point and six decimals; returns how many it takes to tell the amount."""
    upper = micros // _THOUSAND
    lower = micros - upper * _THOUSAND
    signs[:, 3] = four_characters(".{:03}", 1_000)[upper]
    signs[:, 4] = four_characters("{:03}0", 1_000)[lower]
    needed = _needed()[upper]
    return np.where(lower > 0, 4 + _needed()[lower] - 1, needed) if lower.any() else needed


def _texts(signs: Signs, digits: npt.NDArray[np.int8], decimals: npt.NDArray[np.int8] | int, column: Column) -> Texts:
    """What was written of each number, less the zeros before and behind it."""
    starts = np.arange(len(signs)) * signs.shape[1] * 4 + _PLACES - digits
    lengths = (digits + decimals).astype(np.int64)
    if column.null_count:
        lengths *= np.asarray(column.is_valid())
    return Texts(signs.view(np.uint8).ravel(), starts, lengths)


@cache
def four_characters(form: str, count: int) -> Signs:
    """The numbers from 0 on, in four characters each."""
    return np.frombuffer("".join(form.format(number) for number in range(count)).encode(), np.uint32)


@cache
def _needed() -> npt.NDArray[np.int8]:
    """For three decimals, how many characters tell them, with the point: none for 000, three for 120."""
    return np.array([len(f".{number:03}".rstrip("0")) if number else 0 for number in range(1_000)], np.int8)
