"""The reply to a request, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from importer.core.replies.reply_table import Fault


@dataclass(frozen=True)
class Reply:
    """What came back. `fault`: why there is no whole answer; then `status` is None. Header names are in lower case."""

    status: int | None
    headers: Mapping[str, str]
    body: bytes
    fault: Fault | None = None
