"""Repeats among sales that come together: which are the first of their kind, and which bear another one's order id."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from importer.core.kernels.arrays import Mask
from importer.core.kernels.hash64 import repeated
from importer.store import Sales
from importer.store.keys import held_places
from importer.store.ledger_sales import all_keys, lookup_keys
from importer.store.same_sale import Marks, held_marks, match, wanted_marks

Repeat = tuple[int, int, int]
"""A sale's place, that of the first one which it repeats, and the level of `same_sale`."""


def repeats_within(sales: Sales) -> tuple[list[Repeat], Mask]:
    """Return the sales that repeat an earlier one, and which of the others bear the order id of an earlier one."""
    is_reused: Mask = np.zeros(len(sales), np.bool_)
    keys, places = lookup_keys(sales)
    some = np.unique(places[repeated(keys[:, 0])])
    if not len(some):
        return [], is_reused
    candidates = sales.take(some)
    repeats: list[Repeat] = []
    first_of: dict[int, int] = {}
    seen_keys: set[bytes] = set()
    wanted, held = _by_place(wanted_marks(candidates, *lookup_keys(candidates))), _by_place(held_marks(candidates))
    for place, own_keys in enumerate(_keys_of(candidates)):
        fitting = next((mark for mark in wanted[place] if mark[0] in first_of), None)
        if fitting is not None:
            repeats.append((int(some[place]), int(some[first_of[fitting[0]]]), fitting[1]))
            continue
        is_reused[some[place]] = not seen_keys.isdisjoint(own_keys)
        seen_keys |= own_keys
        for word, _ in held[place]:
            first_of.setdefault(word, place)
    return repeats, is_reused


def repeats_of(held: Sales, sales: Sales) -> tuple[list[Repeat], Mask]:
    """Return the sales that repeat a held one, and which of the others bear the order id of a held one."""
    is_reused: Mask = np.zeros(len(sales), np.bool_)
    keys, places = lookup_keys(sales)
    hits = held_places(all_keys(held), keys)
    if not len(hits):
        return [], is_reused
    is_reused[places[hits]] = True
    found, levels, firsts = match(held_marks(held), wanted_marks(sales, keys[hits], places[hits]))
    is_reused[found] = False
    return list(zip(found.tolist(), firsts.tolist(), levels.tolist(), strict=True)), is_reused


def _by_place(marks: Marks) -> list[list[tuple[int, int]]]:
    """Return for each sale its marks as words with their level, the surest first."""
    count = int(marks.places.max(initial=-1)) + 1
    lists: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    order = np.lexsort((marks.levels, marks.places))
    columns = (marks.places[order].tolist(), marks.words[order].tolist(), marks.levels[order].tolist())
    for place, word, level in zip(*columns, strict=True):
        lists[place].append((word, level))
    return lists


def _keys_of(sales: Sales) -> Iterator[set[bytes]]:
    """Yield the keys of each sale."""
    keys, places = lookup_keys(sales)
    own: list[set[bytes]] = [set() for _ in range(len(sales))]
    for place, key in zip(places.tolist(), keys, strict=True):
        own[place].add(key.tobytes())
    yield from own
