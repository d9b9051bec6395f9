"""Routes of the reading side: a path in, the answer of its handler out; lists in pages as the Graph API's [RES]."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from importer.graph_sandbox.access import no_such_object
from importer.graph_sandbox.graph_errors import GraphError, configuration
from importer.graph_sandbox.memory import Dataset
from importer.graph_sandbox.reading_side import World, account_node, dataset_node, quality, statistics
from importer.graph_sandbox.request import Parameters

_SORTS = frozenset({"NAME", "LAST_FIRED_TIME"})
_MOST = 100
"""Items in a page, whatever the request says."""


@dataclass(frozen=True)
class ReadContext:
    """What a read is answered from: the world, the memory, the time, and the address that was asked."""

    world: World
    datasets: Mapping[str, Dataset]
    now: float
    address: str
    page_size: int

    def dataset(self, number: str) -> Dataset:
        """Return the memory of one dataset; asking for it writes nothing."""
        return self.datasets.get(number) or Dataset()


def read(parts: list[str], given: Parameters, context: ReadContext) -> Parameters | GraphError:
    """Answer a GET of the path that `parts` make, version left out."""
    match parts:
        case ["me", "adaccounts"]:
            return _page([account_node(number, given) for number in context.world.accounts], given, context)
        case ["dataset_quality"]:
            number = str(given.get("dataset_id", ""))
            if not context.world.has_dataset(number):
                return GraphError(subcode=2044055, message="The dataset does not exist.")
            return quality(context.dataset(number), given, context.now)
        case [account, "adspixels"] if account.startswith("act_"):
            return _pixels(account.removeprefix("act_"), given, context)
        case [number] | [number, _] if context.world.has_dataset(number):
            return _dataset(number, parts[1:], given, context)
    return _nothing(parts)


def _dataset(number: str, edge: list[str], given: Parameters, context: ReadContext) -> Parameters | GraphError:
    if not edge:
        return dataset_node(number, context.dataset(number), context.world, given)
    if edge == ["stats"]:
        return statistics(context.dataset(number), given, context.now)
    return configuration("(#100) Tried accessing nonexisting field")


def _nothing(parts: list[str]) -> GraphError:
    """Return why there is no answer: an alias, an id that does not exist, or no path at all."""
    if not parts or len(parts) > 2:  # noqa: PLR2004 an object and its edge
        return GraphError(2500, message="Unknown path components")
    if not parts[0].removeprefix("act_").isdigit():
        return GraphError(803, message="(#803) Some of the aliases you requested do not exist")
    return no_such_object("get")


def _pixels(account: str, given: Parameters, context: ReadContext) -> Parameters | GraphError:
    numbers = context.world.datasets_of(account)
    if numbers is None:
        return no_such_object("get")
    if given.get("sort_by", "NAME") not in _SORTS:
        return configuration("(#100) Param sort_by must be one of the documented values.")
    if given.get("sort_by") == "LAST_FIRED_TIME":
        order = sorted(numbers, key=lambda number: context.dataset(number).last or 0, reverse=True)
    else:
        order = sorted(numbers, key=context.world.name_of)
    return _page(
        [dataset_node(number, context.dataset(number), context.world, given) for number in order], given, context
    )


def _page(nodes: list[Parameters | GraphError], given: Parameters, context: ReadContext) -> Parameters | GraphError:
    """Return one page of the nodes with its cursors, and the whole address of the next page while there is one.

    That address holds the token, as Meta's does.
    """
    failed = next((node for node in nodes if isinstance(node, GraphError)), None)
    bounds = failed or _bounds(given, len(nodes), context.page_size)
    if isinstance(bounds, GraphError):
        return bounds
    start, end = bounds
    answer: Parameters = {"data": nodes[start:end]}
    if start < end:
        paging: Parameters = {"cursors": {"before": _cursor(start), "after": _cursor(end)}}
        if end < len(nodes):
            kept = {key: value for key, value in given.items() if key not in {"before", "after"}}
            paging["next"] = f"{context.address}?{urlencode({**kept, 'limit': end - start, 'after': _cursor(end)})}"
        answer["paging"] = paging
    if "summary" in given:
        answer["summary"] = {"total_count": len(nodes)}
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
