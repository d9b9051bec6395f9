"""Which rows under one order id are one sale: their store, their day and their customer must agree, as far as told.

Two stores count alike, numbers start again each morning: then strangers stand under one id. A row that tells nothing
belongs with the row of its id above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Column, Indices, Mask, first_of, join_present, nulls, one_chunk
from importer.core.kernels.hash64 import text_hashes
from importer.core.kernels.sha256 import hex_texts
from importer.core.model import Mapped
from importer.core.plan import OrderLayout

STRONG = ("em", "ph", "external_id")
"""Keys that tell people apart; the first one that two rows both have settles it, whatever the later ones say."""
NAME = "name"
SAME_DAY = 12 * 3_600
"""Rows less than so many seconds apart are of one day: a till's midnight and its time zone then do not matter."""
UNTOLD = 0
LARGEST = np.iinfo(np.int64).max
_PHONE_DIGITS = 9


@dataclass(frozen=True)
class Signs:
    """What rows say beside their order id.

    times: seconds, UNTOLD where a row has none.
    store: numbers, equal where the store is; UNTOLD where none is named.
    people: for each of STRONG and NAME that the file has a function of row numbers that gives such numbers.
    values: amounts, NaN where there is none. One total that stands on all rows of a customer's order holds it together,
    though its lines have days and stores of their own.
    """

    times: Indices
    store: Indices | None
    people: Mapping[str, Callable[[Indices], Indices]]
    values: npt.NDArray[np.float64] | None = None


def folded(name: str, texts: Column) -> Indices:
    """Return a number for each text of a key, equal where the key is; UNTOLD for null."""
    if name == "ph":
        texts = pc.utf8_slice_codeunits(pc.replace_substring_regex(texts, r"[^0-9]", ""), -_PHONE_DIGITS)
    elif name == NAME:
        texts = pc.replace_substring_regex(pc.utf8_lower(texts), r"[^\p{L}]", "")
    else:
        texts = pc.utf8_lower(texts)
    return numbers_of(one_chunk(texts))


def numbers_of(texts: Column) -> Indices:
    """Return a number for each text, equal where the texts are and above UNTOLD, which stands for null."""
    return (text_hashes(texts) >> np.uint64(1)).astype(np.int64)


def signs_of(mapped: Mapped, layout: OrderLayout) -> Signs:
    """Return what mapped rows say; those at fault, whose cells may be shifted, say nothing."""
    sound = np.asarray(mapped.column("fault").is_null())
    values = _floats(mapped.column("value"))
    dated = sound & ~(values < 0) & np.asarray(mapped.column("sale").is_null())  # a sale may be taken back on any day
    columns = {name: first_of(mapped.column(name)) for name in STRONG if name in mapped.schema.names}
    names = [first_of(mapped.column(name)) for name in ("full_name", "fn", "ln") if name in mapped.schema.names]
    if names:
        columns[NAME] = join_present(names, " ")
    store = numbers_of(mapped.column("store")) * sound if "store" in mapped.schema.names else None
    return Signs(
        times=np.asarray(mapped.column("event_time").fill_null(UNTOLD)) * dated,
        store=store,
        people={} if layout.several_people else {name: told(name, column, sound) for name, column in columns.items()},
        values=None if layout.total == "sum" else values,
    )


def day_only(notes: Column) -> Mask:
    """Tell which times are days, by the notes on them."""
    return np.asarray(pc.match_substring(notes, "date_only").fill_null(False)).astype(np.bool_)


def told(name: str, column: Column, sound: Mask | None = None) -> Callable[[Indices], Indices]:
    """Return the function of row numbers that gives the numbers of a key; `sound`: of these rows only."""

    def numbers(rows: Indices) -> Indices:
        whole = len(rows) == len(column) and bool((rows == np.arange(len(rows))).all())
        found = folded(name, column if whole else one_chunk(column.take(pa.array(rows))))
        return found if sound is None else found * sound[rows]

    return numbers


def _floats(column: Column) -> npt.NDArray[np.float64]:
    return np.asarray(one_chunk(pc.fill_null(column.cast(pa.float64()), np.nan)), np.float64)


def split(codes: Indices, signs: Signs) -> Indices:
    """Return for each row the number of its sale; rows of different ids (codes, not negative) are never one.

    Only where an id repeats are its rows looked at; numbers of the other rows are their codes.
    """
    counts = np.bincount(codes) if len(codes) else np.zeros(0, np.int64)
    rows = np.flatnonzero(counts[codes] > 1)
    if not len(rows):
        return codes
    rows = rows[np.argsort(codes[rows], kind="stable")]
    starts = _starts(codes[rows])
    groups = np.cumsum(starts) - 1
    agreed = _agreed(rows, groups, signs)
    parts = _stores_and_days(rows, groups, agreed, signs)
    numbers = _people(rows, parts, agreed[groups], signs)
    if numbers.max() == groups.max():  # as many sales as ids
        return codes
    firsts = np.flatnonzero(_starts(groups))
    extra = numbers != numbers[firsts][groups]
    sales = codes.copy()
    sales[rows[extra]] = len(counts) + numbers[extra]
    return sales


def store_marks(sales: Indices, codes: Indices, among: Mask, signs: Signs) -> Column:
    """Return for the rows `among` the store of a sale whose id another store's has before it, null on other rows.

    Sales of one id are told apart by day, amount and customer when they are looked up in the ledger, in whatever file
    they stand (`store/same_sale.py`). These do not tell two stores apart where one buyer, or nobody, is named in both:
    there the store becomes part of the key.
    """
    rows = np.flatnonzero(among) if signs.store is not None else np.empty(0, np.int64)
    rows = rows[np.lexsort((sales[rows], codes[rows]))]
    rows = rows[_several_sales(codes[rows], sales[rows])]
    if signs.store is None or not len(rows):
        return nulls(len(sales))
    starts = _starts(codes[rows]) | _starts(sales[rows])
    numbers, places = np.cumsum(starts) - 1, np.flatnonzero(starts)
    times = np.minimum.reduceat(np.where(signs.times[rows] == UNTOLD, LARGEST, signs.times[rows]), places)
    strong = [signs.people[name](rows) for name in STRONG if name in signs.people]
    stores, *people = (np.maximum.reduceat(each, places) for each in (signs.store[rows], *strong))
    order = np.lexsort((stores, times, codes[rows][places]))
    first = _starts(codes[rows][places][order])
    first_stores = _of_firsts(stores[order], first)
    marked = (stores[order] != first_stores) & (stores[order] != UNTOLD) & (first_stores != UNTOLD)
    marked &= _may_be_one([each[order] for each in people], first)
    of_sale = np.full(len(places), UNTOLD)
    of_sale[order[marked]] = stores[order[marked]]
    found = np.full(len(sales), UNTOLD)
    found[rows] = of_sale[numbers]
    hexes = hex_texts(found.astype(">i8").tobytes(), found.itemsize)
    return one_chunk(pc.if_else(pa.array(found != UNTOLD), hexes, pa.scalar(None, pa.string())))


def _may_be_one(strong: list[Indices], first: Mask) -> Mask:
    """Tell which sales share a strong key with the first of their id, or have none, or it has none."""
    shares, names, first_names = (np.zeros(len(first), np.bool_) for _ in range(3))
    for each in strong:
        of_first = _of_firsts(each, first)
        shares |= (each == of_first) & (each != UNTOLD)
        names |= each != UNTOLD
        first_names |= of_first != UNTOLD
    return shares | ~names | ~first_names


def _of_firsts(values: Indices, first: Mask) -> Indices:
    found: Indices = values[np.flatnonzero(first)][np.cumsum(first) - 1]
    return found


def _several_sales(codes: Indices, sales: Indices) -> Mask:
    """Tell which rows, ordered by id and sale, are of ids that have several sales."""
    starts = _starts(codes)
    places = np.flatnonzero(starts)
    several = np.maximum.reduceat(sales, places) != np.minimum.reduceat(sales, places) if len(places) else starts
    found: Mask = several[np.cumsum(starts) - 1]
    return found


def _starts(sorted_numbers: Indices) -> Mask:
    return np.append(True, sorted_numbers[1:] != sorted_numbers[:-1]) if len(sorted_numbers) else np.zeros(0, np.bool_)


def _agreed(rows: Indices, groups: Indices, signs: Signs) -> Mask:
    """Tell which groups have one strong key on all of their rows, and before it none that differs."""
    agreed, settled = (np.zeros(int(groups[-1]) + 1, np.bool_) for _ in range(2))
    for name in STRONG[:-1] if NAME in signs.people else STRONG:  # an id that two names have is a placeholder
        open_rows = ~settled[groups]
        if name in signs.people and open_rows.any():
            hashes, among = signs.people[name](rows[open_rows]), groups[open_rows]
            low, high = _bounds(hashes, among)
            least, _ = _bounds(np.where(hashes == UNTOLD, LARGEST, hashes), among)
            own = among[np.flatnonzero(_starts(among))]
            agreed[own] = (low == high) & (low != UNTOLD)
            settled[own] = agreed[own] | (least < high)
    return agreed


def _bounds(values: npt.NDArray[np.generic], groups: Indices) -> tuple[Indices, Indices]:
    """Return the smallest and the largest value of each group; rows of a group stand together."""
    firsts = np.flatnonzero(_starts(groups))
    return np.minimum.reduceat(values, firsts), np.maximum.reduceat(values, firsts)


def _stores_and_days(rows: Indices, groups: Indices, agreed: Mask, signs: Signs) -> Indices:
    """Part groups by store and by day; return for each row its part, numbered in no order."""
    times = _told_above(signs.times[rows], groups)
    low, high = _bounds(times, groups)
    apart = high - low >= SAME_DAY
    store = np.zeros(len(rows), np.int64)
    if signs.store is not None:
        store = _told_above(signs.store[rows], groups)
        apart |= np.not_equal(*_bounds(store, groups)) & ~(agreed & (low == high))  # else lines from several stocks
    if signs.values is not None and apart.any():
        values = signs.values[rows]
        least, _ = _bounds(np.where(np.isnan(values), np.inf, values), groups)
        _, most = _bounds(np.where(np.isnan(values), -np.inf, values), groups)
        apart &= ~(agreed & (least == most))
    if not apart.any():
        return groups
    among = np.flatnonzero(apart[groups])
    order = among[np.lexsort((times[among], store[among], groups[among]))]
    new = _starts(groups[order]) | _starts(store[order])
    new[1:] |= np.diff(times[order]) >= SAME_DAY
    parts = groups.copy()
    parts[order] = int(groups[-1]) + np.cumsum(new)
    return np.unique(parts, return_inverse=True)[1].astype(np.int64)


def _told_above(values: Indices, groups: Indices) -> Indices:
    """Return the values with each gap filled by the value above in its group, else by the next one below."""
    told = values != UNTOLD
    if told.all() or not told.any():
        return values
    places = np.arange(len(values))
    above = np.maximum.accumulate(np.where(told, places, -1))
    below = np.minimum.accumulate(np.where(told, places, len(values) - 1)[::-1])[::-1]
    found = np.where((above >= 0) & (groups[above] == groups), above, below)
    return np.where(groups[found] == groups, values[found], UNTOLD)


def _people(rows: Indices, parts: Indices, agreed: Mask, signs: Signs) -> Indices:
    """Part rows further by their customers; return for each row the number of its sale, from 0."""
    names = [name for name in (*STRONG, NAME) if name in signs.people]
    doubtful = np.flatnonzero(~agreed)
    if not names or not len(doubtful):
        return parts
    doubtful = doubtful[np.argsort(parts[doubtful], kind="stable")]
    hashes = [signs.people[name](rows[doubtful]) for name in names]
    sales, last = parts.copy(), int(parts.max())
    for start, end in _of_several(hashes, parts[doubtful]):
        rows_told = [
            dict(zip(names, row, strict=True))
            for row in zip(*(each[start:end].tolist() for each in hashes), strict=True)
        ]
        customers = np.array(_customers(rows_told))
        places = doubtful[start:end]
        sales[places[customers > 0]] = last + customers[customers > 0]
        last += int(customers.max())
    return sales


def _of_several(hashes: list[Indices], parts: Indices) -> list[tuple[int, int]]:
    """Return the bounds of the parts, whose rows stand together, in which some key has two values."""
    differ = np.zeros(len(np.flatnonzero(_starts(parts))), np.bool_)
    for each in hashes:
        low, _ = _bounds(np.where(each == UNTOLD, LARGEST, each), parts)
        _, high = _bounds(each, parts)
        differ |= low < high
    starts = np.flatnonzero(_starts(parts))
    ends = np.append(starts[1:], len(parts))
    return list(zip(starts[differ].tolist(), ends[differ].tolist(), strict=True))


def _customers(told: list[dict[str, int]]) -> list[int]:
    """Return for each row the number of its customer, from 0, of rows that stand under one id."""
    known: list[dict[str, set[int]]] = []
    found: list[int] = []
    for row in told:
        keys = {name: value for name, value in row.items() if value != UNTOLD}
        same = [_same(keys, one) for one in known]
        if True in same:
            number = same.index(True)
        else:  # nothing shared: it belongs with the row above, else with the first one that it does not contradict
            nearest = [*found[-1:], *range(len(known))]
            number = next((place for place in nearest if same[place] is None), len(known))
        if number == len(known):
            known.append({})
        for name, value in keys.items():
            known[number].setdefault(name, set()).add(value)
        found.append(number)
    return found


def _same(keys: Mapping[str, int], one: Mapping[str, set[int]]) -> bool | None:
    """Tell whether a row names this customer; None where they have no key in common.

    An id that two people of different names have is a placeholder.
    """
    name = next((name for name in (*STRONG, NAME) if name in keys and name in one), None)
    if name is None:
        return None
    same = keys[name] in one[name]
    if name == "external_id" and NAME in keys and NAME in one:
        return same and keys[NAME] in one[NAME]
    return same
