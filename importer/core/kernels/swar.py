"""Eight bytes of a cell in one machine word: what they are is asked, and the number in them read, for all rows at once.

The first byte is the lowest. One operation on a word of each row takes 0.2 ns a row: a date with its time costs 10,
digit by digit it was 100.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from importer.core.kernels.arrays import Indices, Mask
from importer.core.kernels.bytes import Bytes, TextBytes
from importer.core.kernels.hash64 import Words

SIZE = 8
_OF_ONE, _OF_TWO, _OF_FOUR = (np.uint64(bits) for bits in (8, 16, 32))
_ONE, _REST = np.uint64(1), np.uint64(63)
_TENS, _HUNDREDS, _TEN_THOUSANDS = (np.uint64(10**digits) for digits in (1, 2, 4))


def _word(signs: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(signs, "little"))


_HIGHEST_BITS = _word(b"\x80" * SIZE)
_EVERY_SECOND, _EVERY_FOURTH, _LOWEST_FOUR = _word(b"\xff\0" * 4), _word(b"\xff\xff\0\0" * 2), _word(b"\xff" * 4)
_FIRST = np.array([_word(b"\xff" * count) for count in range(SIZE + 1)])
_LAST = np.array([~_word(b"\xff" * (SIZE - count)) for count in range(SIZE + 1)])
_ZEROS_BEFORE = np.array([_word(b"0" * (SIZE - count)) for count in range(SIZE + 1)])
"""By how many bytes of a word are a cell's: the bits of its first, or last bytes, and the digits 0 before the last."""

_MIX, _HALF = np.uint64(0x9E37_79B9_7F4A_7C15), np.uint64(29)
"""An odd number without a pattern: 2**64 divided by the golden ratio."""

_SLACK = {True: 0x76, False: 0x7F}
"""Added to a byte, it sets the highest bit of what is more than 9, or more than 0."""


def each(data: Bytes, width: int, start: int) -> Words:
    """Of cells of one width the eight bytes from a place in each on, start + 8 being at most the width."""
    words: Words = np.ndarray((len(data) // width,), "<u8", np.ascontiguousarray(data), start, (width,))
    return words


def last_of(cells: TextBytes) -> Words:
    """The last eight bytes of each cell; of a shorter one all, with the digit 0 before them."""
    lengths = np.minimum(cells.lengths, SIZE)
    padded = np.concatenate([np.zeros(SIZE, np.uint8), cells.data])
    words: Words = _windows(padded, cells.bounds[1:]) & _LAST.take(lengths) | _ZEROS_BEFORE.take(lengths)
    return words


def _windows(data: Bytes, places: npt.NDArray[np.int32]) -> Words:
    """The eight bytes from each place on; beyond the data's end 0.

    Each is put together from two whole words, 3 ns; NumPy takes words that lie between them in 6 to 20.
    """
    whole = np.zeros(len(data) // SIZE + 2, "<u8")
    whole.view(np.uint8)[: len(data)] = data
    first, bits = places >> 3, ((places & 7) << 3).astype(np.uint64)
    return (whole.take(first) >> bits) | (whole[1:].take(first) << _ONE << (_REST - bits))


def against(words: Words, pattern: str) -> Words:
    """The words with their digits as numbers from 0 to 9 and each other sign as 0 where it is the pattern's.

    pattern: eight signs; 0 stands for any digit.
    """
    return words ^ _word(pattern.encode())


def follows(found: Words, pattern: str) -> Mask:
    """Which words are made as the pattern is; found: what `against` made of them."""
    slack = _word(bytes(_SLACK[sign == "0"] for sign in pattern))
    told = found + slack
    told |= found
    told &= _HIGHEST_BITS
    return np.asarray(told == 0)


def pairs(found: Words) -> Bytes:
    """The numbers from 0 to 99 that each byte and the next one write, a row for each word; found: by `against`."""
    return _pairs(found).view(np.uint8).reshape(-1, SIZE)


def _pairs(found: Words) -> Words:
    numbers = found >> _OF_ONE
    numbers += found * _TENS
    return numbers


def number(found: Words) -> Indices:
    """The number that all eight bytes write, a sign counting as the digit 0; found: by `against`."""
    twos = _pairs(found) & _EVERY_SECOND
    fours = (twos * _HUNDREDS + (twos >> _OF_TWO)) & _EVERY_FOURTH
    return ((fours * _TEN_THOUSANDS + (fours >> _OF_FOUR)) & _LOWEST_FOUR).view(np.int64)


def fingerprints(cells: TextBytes) -> Words:
    """A number for each cell: equal where the texts are, different where they are not but once in 2**60 pairs."""
    found = cells.lengths.astype(np.uint64)
    found *= _MIX
    shortest, longest = int(cells.lengths.min(initial=SIZE)), int(cells.lengths.max(initial=0))
    for start in range(0, longest, SIZE):
        mixed = found ^ _next_words(cells, start, shortest, longest)
        mixed *= _MIX
        mixed ^= mixed >> _HALF
        found = mixed if start < shortest else np.where(start < cells.lengths, mixed, found)
    return found


def _next_words(cells: TextBytes, start: int, shortest: int, longest: int) -> Words:
    """The eight bytes of each cell from a place on, at its end its last eight ones, all that a shorter one has."""
    if shortest == longest >= SIZE:
        return each(cells.data, longest, min(start, longest - SIZE))
    places = cells.bounds[:-1] + np.maximum(np.minimum(start, cells.lengths - SIZE), 0)
    words = _windows(cells.data, places)
    return words if shortest >= SIZE else words & _FIRST.take(np.minimum(cells.lengths, SIZE))
