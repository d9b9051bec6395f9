from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from importer.read import Export, open_export

Opener = Callable[..., Export]


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    """Writes bytes (or text as UTF-8) to a file and opens it as an export."""

    def write_and_open(data: bytes | str, name: str = "export.csv", **options) -> Export:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return open_export(path, **options)

    return write_and_open
