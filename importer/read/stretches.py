"""Stretches of a file's records that can be read by themselves, between cuts."""

from __future__ import annotations

from typing import NamedTuple


class Cut(NamedTuple):
    """A place where a file can be cut: where a record begins, or the file ends.

    row: the record's number, from 1. line: its line, 0 where the file has none. offset: its first byte in a text file.
    skipped: records before it that are read all the same, in a Parquet file those of its row group.
    """

    row: int
    line: int = 0
    offset: int = 0
    skipped: int = 0


class Stretch(NamedTuple):
    """The records from one cut up to another."""

    begin: Cut
    end: Cut

    @property
    def rows(self) -> int:
        """The number of records."""
        return self.end.row - self.begin.row
