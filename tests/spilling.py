"""Bounds so low that whatever is remembered of rows is spilled to files."""

import pytest

from importer.core.kernels import seen_keys, sorted_rows, sorted_run


def lower_bounds(monkeypatch: pytest.MonkeyPatch, bound: int) -> None:
    """Spill beyond so many keys or rows; blocks are so small that equal keys stand in several."""
    monkeypatch.setattr(seen_keys, "IN_MEMORY", bound)
    monkeypatch.setattr(sorted_rows, "IN_MEMORY", bound)
    for name, few in (("BLOCK", 4), ("PIECE", 8), ("MOST_LOOKED_UP", 3)):
        monkeypatch.setattr(sorted_run, name, few)
