"""A sorted array of 64-bit words in a file, of which the memory holds 1.3 bytes a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from importer.core.kernels.arrays import Indices, Mask
from importer.core.kernels.hash64 import Words
from importer.core.kernels.spill import NumberFile, append, read

BLOCK = 512
"""Words that are read at once, 4 kB; the first of each is in memory."""
PIECE = 1 << 17
"""Words that are in memory at once while runs are merged."""
MOST_LOOKED_UP = 4_096
"""Words that are looked up at once in the file: each may need a block of its own, 16 MB in all."""
WORDS_A_FILTER_WORD = 6
"""With four bits set for each of six words, 3 of 200 words that are not held need a look into the file."""

_MIXER = np.uint64(0x9E37_79B9_7F4A_7C15)
_HALF, _ONE, _LOW = np.uint64(32), np.uint64(1), np.uint64(63)
_SHIFTS = tuple(np.uint64(shift) for shift in (40, 46, 52, 58))


class SortedRun:
    """Words in ascending order, written once.

    In front of the file stands a Bloom filter, so that nearly no word is looked for that is not there. number_bits:
    the lowest bits of a word are no part of what is looked for, at most 32 of them. total: the number of all words.
    """

    def __init__(self, pieces: Iterable[Words], total: int, number_bits: int, file: NumberFile) -> None:
        self._file, self._count = file, 0
        self._bits, self._number = np.uint64(number_bits), np.uint64((1 << number_bits) - 1)
        self._filter = np.zeros(total // WORDS_A_FILTER_WORD + 1, np.uint64)
        firsts = []
        for piece in pieces:
            append(file, piece)
            firsts.append(piece[-self._count % BLOCK :: BLOCK].copy())
            self._mark(piece)
            self._count += len(piece)
        self._firsts = np.concatenate(firsts)

    def __len__(self) -> int:
        return self._count

    def pieces(self) -> Iterator[Words]:
        """Yield all words, in order."""
        for start in range(0, self._count, PIECE):
            piece = np.empty(min(PIECE, self._count - start), np.uint64)
            read(self._file, start, piece)
            yield piece

    def near(self, wanted: Words) -> Iterator[tuple[Indices, Words]]:
        """Yield the places of those ascending words that may be held, some at a time, and all that they may be.

        What is yielded beside the places are words of the run, ascending, every one that is equal to one of these but
        for its number among them.
        """
        maybe = np.flatnonzero(self._may_hold(wanted))
        some = wanted[maybe]
        firsts = np.maximum(np.searchsorted(self._firsts, some) - 1, 0)
        ends = np.maximum(np.searchsorted(self._firsts, some | self._number, "right"), firsts + 1)
        for start in range(0, len(maybe), MOST_LOOKED_UP):
            part = slice(start, start + MOST_LOOKED_UP)
            yield maybe[part], self._blocks(firsts[part], ends[part])

    def _may_hold(self, words: Words) -> Mask:
        places, bits = self._marks(words)
        held: Mask = self._filter[places] & bits == bits
        return held

    def _mark(self, piece: Words) -> None:
        """Note ascending words in the filter."""
        places, bits = self._marks(piece)
        starts = np.flatnonzero(np.append(True, places[1:] != places[:-1]))
        self._filter[places[starts]] |= np.bitwise_or.reduceat(bits, starts)

    def _marks(self, words: Words) -> tuple[Indices, Words]:
        """Return for each word its place in the filter, ascending as the words do, and the bits that it sets there."""
        places = ((words >> _HALF) * np.uint64(len(self._filter))) >> _HALF
        mixed = (words >> self._bits) * _MIXER
        bits = np.zeros(len(words), np.uint64)
        for shift in _SHIFTS:
            bits |= _ONE << ((mixed >> shift) & _LOW)
        return places.astype(np.int64), bits

    def _blocks(self, firsts: Indices, ends: Indices) -> Words:
        """Read the blocks from each first one to before its end; those side by side at once."""
        starts_anew = np.append(True, firsts[1:] > np.maximum.accumulate(ends)[:-1])
        groups = np.flatnonzero(starts_anew)
        begins, stops = firsts[groups] * BLOCK, np.minimum(np.maximum.reduceat(ends, groups) * BLOCK, self._count)
        words = np.empty(int((stops - begins).sum()), np.uint64)
        filled = 0
        for begin, count in zip(begins.tolist(), (stops - begins).tolist(), strict=True):
            read(self._file, begin, words[filled : filled + count])
            filled += count
        return words


def merged(first: Iterator[Words], second: Iterator[Words]) -> Iterator[Words]:
    """Yield the words of two ascending streams as one, in pieces."""
    left, right = next(first, None), next(second, None)
    while left is not None and right is not None:
        bound = min(left[-1], right[-1])
        left_end, right_end = (int(np.searchsorted(part, bound, "right")) for part in (left, right))
        piece = np.concatenate([left[:left_end], right[:right_end]])
        piece.sort(kind="stable")  # merges the two sorted runs: 1 ns a word, by the default kind 5
        yield piece
        left = left[left_end:] if left_end < len(left) else next(first, None)
        right = right[right_end:] if right_end < len(right) else next(second, None)
    for rest, stream in ((left, first), (right, second)):
        if rest is not None:
            yield rest
            yield from stream
