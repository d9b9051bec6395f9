"""The response to a request, before it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from importer.core.replies.reply_table import NetworkFault


@dataclass(frozen=True)
class GraphResponse:
    """What came back. fault: why there is no whole answer; `status` is None then. Header names are in lower case."""

    status: int | None
    headers: Mapping[str, str]
    body: bytes
    fault: NetworkFault | None = None
