"""Which of two numbers is the month: what a whole column says about it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from importer.core.cells.date_parts import Kind, Moments, civil_days, in_range
from importer.core.kernels.arrays import Indices, Mask

DateOrder = Literal["mdy", "dmy", "ymd"]


@dataclass(frozen=True)
class DateEvidence:
    """Counts of a column's values; those of two batches add up.

    mdy, dmy: values that only this order can read. ambiguous: both orders read them, as different days; dotted: those
    of them that are separated by full stops. naive: dates of a sale that need a zone. aware: instants of a sale.
    unread: no date at all. filled: values that are not blank. Birthdays are evidence of an order like any other date.
    """

    mdy: int = 0
    dmy: int = 0
    ambiguous: int = 0
    dotted: int = 0
    naive: int = 0
    aware: int = 0
    unread: int = 0
    filled: int = 0

    def __add__(self, other: DateEvidence) -> DateEvidence:
        return DateEvidence(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class Readings:
    """For each row of open order, whether the orders read it, and whether they read the same day.

    mdy_days, dmy_days: the days that they read.
    """

    mdy: Mask
    dmy: Mask
    same: Mask
    mdy_days: Indices
    dmy_days: Indices

    @property
    def ambiguous(self) -> Mask:
        """Tell where both orders read a day, and not the same."""
        return np.asarray(self.mdy & self.dmy & ~self.same)


def readings(moments: Moments) -> Readings | None:
    """Read the open dates in both orders; all False where a date is not open, None where no date is."""
    is_open = (moments.kind == Kind.OPEN) | (moments.kind == Kind.OPEN_SHORT)
    if not is_open.any():
        return None
    mdy_days, mdy = civil_days(moments.year, moments.first, moments.second)
    dmy_days, dmy = civil_days(moments.year, moments.second, moments.first)
    return Readings(mdy & is_open, dmy & is_open, is_open & (moments.first == moments.second), mdy_days, dmy_days)


def evidence_of(moments: Moments) -> DateEvidence:
    """Count the evidence of one batch."""
    found, filled = readings(moments), moments.kind != Kind.NOTHING
    known, instant = moments.kind == Kind.KNOWN, moments.kind == Kind.INSTANT
    read = known | instant if found is None else known | instant | found.mdy | found.dmy
    dated = read & (instant | in_range(moments.year))
    aware = _count(dated & moments.aware)
    evidence = DateEvidence(
        naive=_count(dated) - aware, aware=aware, unread=_count(filled & ~read), filled=_count(filled)
    )
    return evidence if found is None else replace(evidence, **_orders(found, moments))


def _orders(found: Readings, moments: Moments) -> dict[str, int]:
    """Count what the open dates say about the order of day and month."""
    return {
        "mdy": _count(found.mdy & ~found.dmy),
        "dmy": _count(found.dmy & ~found.mdy),
        "ambiguous": _count(found.ambiguous),
        "dotted": _count(found.ambiguous & moments.dotted),
    }


def _count(mask: Mask) -> int:
    return int(np.count_nonzero(mask))


def decide(evidence: DateEvidence) -> DateOrder | None:
    """Return the order that the column's values prove; None where nothing does, or where they contradict one another.

    Without proof, full stops decide for day first: no locale of CLDR writes a month before them.
    """
    if evidence.mdy and evidence.dmy:
        return None
    if evidence.mdy:
        return "mdy"
    if evidence.dmy or (evidence.ambiguous and evidence.dotted == evidence.ambiguous):
        return "dmy"
    return None


def without_naive(evidence: DateEvidence) -> DateEvidence:
    """Return the evidence of values whose zone stands beside them, in a column of its own or in the header."""
    return replace(evidence, naive=0, aware=evidence.aware + evidence.naive)


def is_ambiguous(evidence: DateEvidence) -> bool:
    """Tell whether some values can be read as two days and nothing in the column decides between them."""
    return evidence.ambiguous > 0 and decide(evidence) is None
