"""Whether two sales under one key are the same one: an order id may be amended, corrected, or used again.

    customer                                day     amount   then
    shares a key, or one side has none      same    same     SAME
    shares a key                            other   same     CORRECTED   the same sale, with a corrected date
    shares a key, or one side has none      same    other    AMENDED     the same sale, with a corrected amount
    one side has none                       other   any      UNSURE      taken as the same sale
    else                                                     OTHER       another sale that bears the id again

A sale without these facts (of an older ledger, or without order id, whose keys say it all) is the SAME under its key.

Sales are not compared in pairs, since one id may stand on thousands of them. Each sale that is held leaves marks,
64-bit words made of its key, a customer, its day and its amount, in each combination that would make another one the
same; a sale that is looked up finds the marks that fit it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, as_lists, one_chunk
from importer.core.kernels.hash64 import Words, text_hashes
from importer.store.ledger_sales import Sales

SAME, CORRECTED, AMENDED, UNSURE, OTHER, NEW = range(6)
"""What a sale is to one that is held, the surest first; NEW: its key is not held."""

Levels: TypeAlias = npt.NDArray[np.int8]

_ANYONE, _NOBODY = np.uint64(0x5851_F42D_4C95_7F2D), np.uint64(0x1405_7B7E_F767_814F)
"""Stand for any customer, and for a sale that names none."""
_WITHOUT_FACTS, _EVERY = np.uint64(0xD1B5_4A32_D192_ED03), np.uint64(0xAEF1_7502_108E_F2D9)
_MULTIPLIER, _FOLD = np.uint64(0x9E37_79B9_7F4A_7C15), np.uint64(29)
_LEVEL_SALT = tuple(np.uint64(place * 0xD6E8_FEB8_6659_FD93 % (1 << 64)) for place in range(UNSURE + 1))


FACTS = ("keys", "day", "value", "currency", "customers")
"""The columns that are compared."""


@dataclass(frozen=True, eq=False)
class Marks:
    """Words, each with its level (SAME to UNSURE) and the place of its sale."""

    words: Words
    levels: Levels
    places: Indices


def held_marks(sales: Sales) -> Marks:
    """Return the marks that sales leave behind, under their keys."""
    further, owners = sales.further()
    keys, places = np.concatenate([sales.keys, further]), np.concatenate([np.arange(len(sales)), owners])
    facts = _Facts.of(sales)
    has_facts, names = facts.has_facts[places], facts.names_customer[places]
    everyone = np.flatnonzero(has_facts)
    rows, customers = facts.customers_of(everyone, places)
    nobody = np.flatnonzero(has_facts & ~names)
    mixed = [
        facts.marks(rows, customers, keys, places, of_customer=True),
        facts.marks(everyone, _ANYONE, keys, places),
        facts.marks(nobody, _NOBODY, keys, places),
        _bare(np.flatnonzero(~has_facts), _WITHOUT_FACTS, keys, places),
        _bare(np.arange(len(keys)), _EVERY, keys, places),
    ]
    return _joined(mixed)


def wanted_marks(sales: Sales, keys: npt.NDArray[np.uint64], places: Indices) -> Marks:
    """Return the marks that each sale would find if it were held, under these keys of the sales at these places."""
    facts = _Facts.of(sales)
    has_facts, names = facts.has_facts[places], facts.names_customer[places]
    named = np.flatnonzero(has_facts & names)
    rows, customers = facts.customers_of(named, places)
    mixed = [
        facts.marks(rows, customers, keys, places, of_customer=True),
        facts.marks(named, _NOBODY, keys, places),
        facts.marks(np.flatnonzero(has_facts & ~names), _ANYONE, keys, places),
        _bare(np.arange(len(keys)), _WITHOUT_FACTS, keys, places),
        _bare(np.flatnonzero(~has_facts), _EVERY, keys, places),
    ]
    return _joined(mixed)


def compared(held: Sales, sales: Sales, keys: Words, places: Indices) -> tuple[Indices, Levels, Indices]:
    """Return the places of sales that fit a held one, each with its level and that one's place.

    keys: those of the sales, at these places, that are held.
    """
    every = np.arange(len(sales))
    is_again = np.array_equal(keys, held.keys) and np.array_equal(places, every)
    if is_again and held.columns.select(FACTS).equals(sales.columns.select(FACTS)):  # a file comes again unchanged
        return every, np.zeros(len(sales), np.int8), every
    return match(held_marks(held), wanted_marks(sales, keys, places))


def match(held: Marks, wanted: Marks) -> tuple[Indices, Levels, Indices]:
    """Return the places of wanted sales that fit a held one, each with its best level and that one's place."""
    order = np.argsort(held.words, kind="stable")
    ordered = held.words[order]
    found = np.minimum(np.searchsorted(ordered, wanted.words), max(len(ordered) - 1, 0))
    hits = np.flatnonzero(ordered[found] == wanted.words) if len(ordered) else np.empty(0, np.int64)
    best = hits[np.lexsort((wanted.levels[hits], wanted.places[hits]))]
    places, firsts = np.unique(wanted.places[best], return_index=True)
    best = best[firsts]
    return places, wanted.levels[best], held.places[order[found[best]]]


@dataclass(frozen=True, eq=False)
class _Facts:
    """What tells sales apart beside their keys; `amounts` are words for value and currency."""

    has_facts: npt.NDArray[np.bool_]
    names_customer: npt.NDArray[np.bool_]
    days: Words
    amounts: Words
    counts: Indices
    starts: Indices
    customers: Words

    @classmethod
    def of(cls, sales: Sales) -> _Facts:
        columns = sales.columns
        day, lists = columns.column("day"), as_lists(columns.column("customers"))
        texts = [columns.column(name).cast(pa.string()).fill_null("") for name in ("value", "currency")]
        counts = np.asarray(lists.value_lengths().fill_null(0)).astype(np.int64)
        return cls(
            has_facts=np.asarray(day.is_valid()).astype(np.bool_),
            names_customer=counts > 0,
            days=np.asarray(day.fill_null(0)).astype(np.int64).view(np.uint64),
            amounts=text_hashes(one_chunk(pc.binary_join_element_wise(*texts, " "))),
            counts=counts,
            starts=np.append(0, np.cumsum(counts))[:-1],
            customers=np.asarray(lists.flatten()).astype(np.uint64),
        )

    def customers_of(self, rows: Indices, places: Indices) -> tuple[Indices, Words]:
        """Return each customer's word of the rows, whose sales are at `places`, with its row."""
        counts = self.counts[places[rows]]
        ends = np.cumsum(counts)
        within = np.arange(int(counts.sum())) - np.repeat(ends - counts, counts)
        return np.repeat(rows, counts), self.customers[np.repeat(self.starts[places[rows]], counts) + within]

    def marks(
        self, rows: Indices, who: Words | np.uint64, keys: Words, places: Indices, *, of_customer: bool = False
    ) -> Marks:
        """Return the marks of a customer, or of anyone or nobody, on the rows."""
        sales = places[rows]
        base = _mixed(_folded(keys[rows]), who)
        by_day = _mixed(base, self.days[sales])
        words = {SAME: _mixed(by_day, self.amounts[sales]), AMENDED: by_day}
        if of_customer:
            words[CORRECTED] = _mixed(base, self.amounts[sales])
        else:
            words[UNSURE] = base
        return _joined([_at(level, word, sales) for level, word in words.items()])


def _at(level: int, words: Words, places: Indices) -> Marks:
    return Marks(words ^ _LEVEL_SALT[level], np.full(len(words), level, np.int8), places)


def _bare(rows: Indices, what: np.uint64, keys: Words, places: Indices) -> Marks:
    return _at(SAME, _mixed(_folded(keys[rows]), what), places[rows])


def _folded(keys: Words) -> Words:
    return _mixed(keys[:, 0], keys[:, 1])


def _mixed(first: Words, second: Words | np.uint64) -> Words:
    """Mix two words into one that is as good as random."""
    mixed = (first ^ second) * _MULTIPLIER
    mixed ^= mixed >> _FOLD
    mixed *= _MULTIPLIER
    words: Words = mixed ^ (mixed >> _FOLD)
    return words


def _joined(parts: list[Marks]) -> Marks:
    return Marks(
        np.concatenate([part.words for part in parts]),
        np.concatenate([part.levels for part in parts]),
        np.concatenate([part.places for part in parts]),
    )
