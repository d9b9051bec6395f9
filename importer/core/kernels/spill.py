"""Where sorted arrays go that are too long for the memory: a file that whoever is allowed to make one hands in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

WORD_BYTES = 8
Numbers = TypeVar("Numbers", np.int64, np.uint64)


class NumberFile(Protocol):
    """A file that only this process sees, written at its end and read anywhere."""

    def append(self, data: memoryview) -> None:
        """Write the bytes at the end of the file."""

    def read_into(self, start: int, buffer: memoryview) -> None:
        """Fill the buffer with the bytes from `start` on."""


NewFile: TypeAlias = Callable[[], NumberFile]


def append(file: NumberFile, numbers: npt.NDArray[Numbers]) -> None:
    """Write 64-bit numbers at the end of the file."""
    file.append(np.ascontiguousarray(numbers).view(np.uint8).data)


def read(file: NumberFile, start: int, into: npt.NDArray[Numbers]) -> None:
    """Fill an array with the 64-bit numbers from the place `start` on, counted in numbers."""
    file.read_into(start * WORD_BYTES, into.view(np.uint8).data)
