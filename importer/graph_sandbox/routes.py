"""Which question of the reading side a path asks, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from importer.graph_sandbox.access import no_such_object
from importer.graph_sandbox.faults import Fault, configuration
from importer.graph_sandbox.memory import Dataset
from importer.graph_sandbox.paging import page
from importer.graph_sandbox.reading_side import World, account_node, dataset_node, quality, statistics
from importer.graph_sandbox.request import Parameters

_SORTS = frozenset({"NAME", "LAST_FIRED_TIME"})


@dataclass(frozen=True)
class View:
    """What an answer is made from: the world, the memory, the time, and the address that was asked."""

    world: World
    datasets: Mapping[str, Dataset]
    now: float
    address: str
    page_size: int

    def dataset(self, number: str) -> Dataset:
        """The memory of one dataset; asking for it writes nothing."""
        return self.datasets.get(number) or Dataset()


def read(parts: list[str], given: Parameters, view: View) -> Parameters | Fault:
    """The answer to a GET of the path that `parts` make, version left out."""
    match parts:
        case ["me", "adaccounts"]:
            return _page([account_node(number, given) for number in view.world.accounts], given, view)
        case ["dataset_quality"]:
            return _quality(given, view)
        case [account, "adspixels"] if account.startswith("act_"):
            return _pixels(account.removeprefix("act_"), given, view)
        case [number] | [number, _] if view.world.has_dataset(number):
            return _dataset(number, parts[1:], given, view)
    return _nothing(parts)


def _dataset(number: str, edge: list[str], given: Parameters, view: View) -> Parameters | Fault:
    if not edge:
        return dataset_node(number, view.dataset(number), view.world, given)
    if edge == ["stats"]:
        return statistics(view.dataset(number), given, view.now)
    return configuration("(#100) Tried accessing nonexisting field")


def _nothing(parts: list[str]) -> Fault:
    """Why there is no answer: an alias, an id that is not there, or no path at all."""
    if not parts or len(parts) > 2:  # noqa: PLR2004 an object and its edge
        return Fault(2500, message="Unknown path components")
    if not parts[0].removeprefix("act_").isdigit():
        return Fault(803, message="(#803) Some of the aliases you requested do not exist")
    return no_such_object("get")


def _pixels(account: str, given: Parameters, view: View) -> Parameters | Fault:
    numbers = view.world.datasets_of(account)
    if numbers is None:
        return no_such_object("get")
    if given.get("sort_by", "NAME") not in _SORTS:
        return configuration("(#100) Param sort_by must be one of the documented values.")
    if given.get("sort_by") == "LAST_FIRED_TIME":
        order = sorted(numbers, key=lambda number: view.dataset(number).last or 0, reverse=True)
    else:
        order = sorted(numbers, key=view.world.name_of)
    return _page([dataset_node(number, view.dataset(number), view.world, given) for number in order], given, view)


def _page(nodes: list[Parameters | Fault], given: Parameters, view: View) -> Parameters | Fault:
    items: list[Parameters] = []
    for node in nodes:
        if isinstance(node, Fault):
            return node
        items.append(node)
    return page(items, given, view.address, view.page_size)


def _quality(given: Parameters, view: View) -> Parameters | Fault:
    number = str(given.get("dataset_id", ""))
    if not view.world.has_dataset(number):
        return Fault(subcode=2044055, message="The dataset does not exist.")
    return quality(view.dataset(number), given, view.now)
