"""Lists in pages, as the Graph API gives them [RES]."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from urllib.parse import urlencode

from importer.graph_sandbox.graph_errors import GraphError, configuration
from importer.graph_sandbox.request import Parameters

_MOST = 100


def page(items: Sequence[Parameters], given: Parameters, address: str, size: int) -> Parameters | GraphError:
    """Return one page of `items` with its cursors, and the whole address of the next page while there is one.

    That address holds the token, as Meta's does.
    """
    bounds = _bounds(given, len(items), size)
    if isinstance(bounds, GraphError):
        return bounds
    start, end = bounds
    answer: Parameters = {"data": list(items[start:end])}
    if start < end:
        paging: Parameters = {"cursors": {"before": _cursor(start), "after": _cursor(end)}}
        if end < len(items):
            kept = {key: value for key, value in given.items() if key not in {"before", "after"}}
            paging["next"] = f"{address}?{urlencode({**kept, 'limit': end - start, 'after': _cursor(end)})}"
        answer["paging"] = paging
    if "summary" in given:
        answer["summary"] = {"total_count": len(items)}
    return answer


def _bounds(given: Parameters, count: int, size: int) -> tuple[int, int] | GraphError:
    """Return where the page begins and ends, from `limit` and one of the cursors."""
    try:
        limit = min(int(given.get("limit", size)), _MOST)
        after, before = (_place(given[name]) if name in given else None for name in ("after", "before"))
    except (ValueError, binascii.Error):
        return configuration("(#100) Invalid limit or cursor.")
    if limit < 1:
        return configuration("(#100) Param limit must be positive.")
    if before is not None:
        return max(0, before - limit), min(before, count)
    return after or 0, min((after or 0) + limit, count)


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(b"place:%d" % place).decode()


def _place(cursor: str) -> int:
    place = int(base64.b64decode(cursor, altchars=b"-_", validate=True).decode("ascii").removeprefix("place:"))
    if place < 0:
        message = "a cursor is never negative"
        raise ValueError(message)
    return place
