"""A run's datasets side by side: each has its own ledger key, repeats and requests; one that stops stops alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from importer.core.kernels.arrays import Indices
from importer.delivery.duplicates import DuplicateFilter
from importer.delivery.prepared_batch import PreparedBatch
from importer.delivery.sender import Sender


@dataclass(frozen=True, eq=False)
class Lane:
    """What one dataset's events go through."""

    dataset: str
    sender: Sender
    duplicates: DuplicateFilter
    queue: asyncio.Queue[tuple[PreparedBatch, Indices]] = field(default_factory=asyncio.Queue)
