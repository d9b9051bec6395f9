"""The rows of a Parquet report, filtered and page by page; of ten million rows it holds three small codes each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

FILTERS = ("status", "reason", "warnings")
PAGE_ROWS = 100


@dataclass(frozen=True)
class Filter:
    """What the rows must have; an empty text asks nothing."""

    status: str = ""
    reason: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Page:
    """Some rows of the report, each a mapping of the report's columns and its `place` in the report."""

    rows: Sequence[Mapping[str, Any]]
    number: int
    pages: int
    total: int


class ReportRows:
    """The rows of one report."""

    def __init__(self, path: Path) -> None:
        self._file = pq.ParquetFile(path, memory_map=True)
        metadata = self._file.metadata
        sizes = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
        self._starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self._codes: dict[str, npt.NDArray[np.int32]] = {}
        self._words: dict[str, list[str]] = {}
        for name in FILTERS:
            self._words[name], self._codes[name] = self._coded(name)
        self._places = lru_cache(maxsize=8)(self._matching)

    def _coded(self, name: str) -> tuple[list[str], npt.NDArray[np.int32]]:
        """Return a column's distinct texts and each row's index into them."""
        words: dict[str, int] = {}
        parts = [np.zeros(0, np.int32)]
        for batch in self._file.iter_batches(batch_size=1 << 17, columns=[name]):
            encoded = pc.dictionary_encode(batch.column(0).fill_null(""))
            own = [words.setdefault(word, len(words)) for word in encoded.dictionary.to_pylist()]
            parts.append(np.array(own, np.int32)[encoded.indices.to_numpy()])
        return list(words), np.concatenate(parts)

    def __len__(self) -> int:
        return int(self._starts[-1])

    @cached_property
    def choices(self) -> dict[str, dict[str, int]]:
        """For each filter the texts that occur and how many rows have them; of warnings each by itself."""
        counts = {
            name: dict(zip(self._words[name], np.bincount(self._codes[name]).tolist(), strict=False))
            for name in FILTERS
        }
        warnings: dict[str, int] = {}
        for notes, count in counts.pop("warnings").items():
            for note in filter(None, notes.split("; ")):
                warnings[note] = warnings.get(note, 0) + count
        return {
            name: {word: count for word, count in sorted(found.items()) if word} for name, found in counts.items()
        } | {"warning": dict(sorted(warnings.items()))}

    def page(self, wanted: Filter, number: int) -> Page:
        """Return the page of that number, the first is 1; the last one where there are fewer."""
        places = self._places(wanted)
        pages = max(1, -(-len(places) // PAGE_ROWS))
        number = min(max(number, 1), pages)
        shown = places[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
        return Page(self._read(shown), number, pages, len(places))

    def row(self, place: int) -> Mapping[str, Any] | None:
        """Return the row at a place of the report, the first is 0; None where there is none."""
        return self._read(np.array([place]))[0] if 0 <= place < len(self) else None

    def _matching(self, wanted: Filter) -> npt.NDArray[np.int64]:
        mask = np.ones(len(self), np.bool_)
        for name, word in (("status", wanted.status), ("reason", wanted.reason)):
            if word:
                mask &= self._codes[name] == (self._words[name].index(word) if word in self._words[name] else -1)
        if wanted.warning:
            having = [n for n, notes in enumerate(self._words["warnings"]) if wanted.warning in notes.split("; ")]
            mask &= np.isin(self._codes["warnings"], having)
        return np.flatnonzero(mask)

    def _read(self, places: npt.NDArray[np.int64]) -> list[Mapping[str, Any]]:
        """Read the rows at these places, in their order, out of the row groups that hold them."""
        rows: list[Mapping[str, Any]] = []
        groups = np.searchsorted(self._starts, places, side="right") - 1
        for group in np.unique(groups).tolist():
            own = places[groups == group]
            table = self._file.read_row_group(group).take(pa.array(own - self._starts[group]))
            rows += [row | {"place": place} for row, place in zip(table.to_pylist(), own.tolist(), strict=True)]
        return rows
