"""Whole numbers as decimal digits, a column at a time: four digits at once, from tables."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from importer.core.kernels.arrays import Indices, Mask
from importer.core.kernels.bytes import texts_of
from importer.core.model import Column

LARGEST = 10**15 - 1
"""The number farthest from zero that is written here."""

Signs = npt.NDArray[np.uint32]
"""Four ASCII characters in each place."""

Lengths = npt.NDArray[np.uint8]

_GROUP, _AMOUNT = 10_000, 1_000
_DIGITS_OF_AMOUNT = len("000")
_AMOUNTS = np.frombuffer("".join(f"{cents // 100}.{cents % 100:02}" for cents in range(_AMOUNT)).encode(), np.uint32)


def numbers(whole: Indices) -> Column:
    """Each number in decimal digits, in half the time of a cast. There must be one at least."""
    size = np.abs(whole)
    return _shortened(_grouped(size, []), _digits(size, 1), whole < 0)


def amounts(cents: Indices, valid: Mask) -> Column:
    """Each number of cents as an amount with two decimals, `1049.40`; null where not valid. There must be one."""
    size = np.abs(cents)
    rest = size // _AMOUNT
    groups = _grouped(rest, [_AMOUNTS[size - rest * _AMOUNT]])
    return _shortened(groups, _digits(size, _DIGITS_OF_AMOUNT) + np.uint8(1), cents < 0, valid)


def _grouped(size: Indices, groups: list[Signs]) -> list[Signs]:
    """The digits of each number with zeros in front, four in a group, before the groups given."""
    most = int(size.max())
    while most or not groups:
        rest = size // _GROUP
        groups = [four_characters("{:04}", _GROUP)[size - rest * _GROUP], *groups]
        size, most = rest, most // _GROUP
    return groups


def _digits(size: Indices, least: int) -> Lengths:
    """How many digits each number has, at least so many."""
    fewest = max(least, len(str(size.min())))
    digits = np.full(len(size), fewest, np.uint8)
    for power in range(fewest, len(str(size.max()))):
        digits += size >= 10**power
    return digits


def _shortened(groups: list[Signs], lengths: Lengths, negative: Mask, valid: Mask | None = None) -> Column:
    """Of each row of letters the last, as many as its length says, with a minus in front where negative."""
    signed = bool(negative.any())
    letters = np.stack([np.zeros_like(groups[0]), *groups] if signed else groups, axis=1).view(np.uint8)
    width = letters.shape[1]
    if signed:
        rows = np.flatnonzero(negative)
        lengths = lengths + negative
        letters[rows, width - lengths[rows]] = ord("-")
    if lengths.min() == lengths.max():
        data = letters[:, width - int(lengths[0]) :].ravel()
    else:
        data = letters[np.arange(width, dtype=np.uint8) >= width - lengths[:, np.newaxis]]
    return texts_of(data, lengths.astype(np.int32), valid)


@cache
def four_characters(form: str, count: int) -> Signs:
    """The numbers from 0 on, in four characters each."""
    return np.frombuffer("".join(form.format(number) for number in range(count)).encode(), np.uint32)
