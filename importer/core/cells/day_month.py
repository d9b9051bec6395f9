"""Which of two numbers is the month: what a whole column says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

import numpy as np

from importer.core.cells.date_parts import (
    DateKind,
    Moments,
    civil_days,
    early_and_late,
    exchanged_days,
    in_range,
    is_early,
)
from importer.core.kernels.arrays import Indices, Mask

DateOrder = Literal["mdy", "dmy", "ymd"]

_EARLY_SHARE, _LEAST_CHANCE = 12 / 30, 0.01
"""The share of a month's days that can change places with the month, and what is no chance any more."""
_NEAR_DAYS, _EXCEPTIONS, _SEVERAL = 31, 10, 3
"""Dates so near the others are among them; one of so many may be an exception; the place of fewer tells nothing."""


@dataclass(frozen=True)
class DateEvidence:
    """Counts of a column's values; those of two batches add up.

    mdy, dmy: values that only this order can read. ambiguous: both orders read them, as different days; dotted: those
    of them that are separated by full stops. naive: dates of a sale that need a zone. aware: instants of a sale.
    unread: no date at all. filled: values that are not blank. Birthdays are evidence of an order like any other date.
    open: dates of three numbers with the year last; short: those with two digits of it. proven: the different days of
    those that prove an order, as days since 1970. early, late: the days, up to the 12th of a month and later, of dates
    that leave nothing open (`2026-11-20`). lines: where the first of `mdy`, `dmy` and `early` stands.
    """

    mdy: int = 0
    dmy: int = 0
    ambiguous: int = 0
    dotted: int = 0
    naive: int = 0
    aware: int = 0
    unread: int = 0
    filled: int = 0
    open: int = 0
    short: int = 0
    early: frozenset[int] = frozenset()
    late: frozenset[int] = frozenset()
    proven: frozenset[int] = frozenset()
    lines: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: DateEvidence) -> DateEvidence:
        def both(name: str) -> Any:
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, Mapping):
                return {**theirs, **mine}
            return mine | theirs if isinstance(mine, frozenset) else mine + theirs

        return DateEvidence(**{each.name: both(each.name) for each in fields(self)})


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
    is_open = (moments.kind == DateKind.OPEN) | (moments.kind == DateKind.OPEN_SHORT)
    if not is_open.any():
        return None
    mdy_days, mdy = civil_days(moments.year, moments.first, moments.second)
    dmy_days, dmy = civil_days(moments.year, moments.second, moments.first)
    return Readings(mdy & is_open, dmy & is_open, is_open & (moments.first == moments.second), mdy_days, dmy_days)


def evidence_of(moments: Moments, lines: Indices | None = None) -> DateEvidence:
    """Count the evidence of one batch. lines: where its rows stand in the file."""
    found, filled, is_aware = readings(moments), moments.kind != DateKind.NOTHING, moments.aware
    known, instant = moments.kind == DateKind.KNOWN, moments.kind == DateKind.INSTANT
    read = known | instant if found is None else known | instant | found.mdy | found.dmy
    dated = read & (instant | in_range(moments.year))
    aware = _count(dated & is_aware)
    evidence = DateEvidence(
        naive=_count(dated) - aware, aware=aware, unread=_count(filled & ~read), filled=_count(filled)
    )
    evidence = evidence if found is None else replace(evidence, **_orders(found, moments, lines))
    settled = known & ~is_aware
    early, late = early_and_late(moments.days if settled.all() else moments.days[settled])
    if early and lines is not None:
        first = int(lines[np.argmax(settled & is_early(moments.days))])
        evidence = replace(evidence, lines={**evidence.lines, "early": first})
    return replace(evidence, early=early, late=late)


def _orders(found: Readings, moments: Moments, lines: Indices | None) -> dict[str, Any]:
    """Count what the open dates say about the order of day and month."""
    only_mdy, only_dmy = found.mdy & ~found.dmy, found.dmy & ~found.mdy
    _, proven = early_and_late(np.concatenate([found.mdy_days[only_mdy], found.dmy_days[only_dmy]]))
    proving = {"mdy": only_mdy, "dmy": only_dmy}
    return {
        "mdy": _count(only_mdy),
        "dmy": _count(only_dmy),
        "ambiguous": _count(found.ambiguous),
        "dotted": _count(found.ambiguous & moments.dotted),
        "open": _count(found.mdy | found.dmy),
        "short": _count((found.mdy | found.dmy) & (moments.kind == DateKind.OPEN_SHORT)),
        "proven": proven,
        "lines": {
            name: int(lines[np.argmax(rows)]) for name, rows in proving.items() if lines is not None and rows.any()
        },
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


def contradicts(evidence: DateEvidence, order: DateOrder) -> bool:
    """Tell whether more values prove the opposite order than this one."""
    against = {"mdy": evidence.dmy - evidence.mdy, "dmy": evidence.mdy - evidence.dmy}
    return against.get(order, 0) > 0


Exchange = Literal["certain", "likely"]


def exchange(evidence: DateEvidence) -> Exchange | None:
    """Tell whether a spreadsheet of another country has exchanged day and month of the column's date cells.

    Excel with American settings makes dates of the texts that it can read with the month first, wrongly of
    `10/11/2026`, and leaves `13/11/2026` a text. So all dates that leave nothing open are of a day up to the 12th, and
    all others prove their order. That can be chance where the different days are few; and where most dates lie near the
    others as they stand, but not put back, nothing was exchanged.
    """
    days = np.array(sorted(evidence.early), np.int64)
    put_back = exchanged_days(days)
    days, put_back = days[days != put_back], put_back[days != put_back]
    early, proven = len(days), evidence.mdy + evidence.dmy
    unproven = evidence.open - max(evidence.mdy, evidence.dmy)
    if not early or not evidence.proven or _EXCEPTIONS * len(evidence.late) > early or _EXCEPTIONS * unproven > proven:
        return None
    first, last = min(evidence.proven) - _NEAR_DAYS, max(evidence.proven) + _NEAR_DAYS
    near, near_put_back = (_count((first <= each) & (each <= last)) for each in (days, put_back))
    if early >= _SEVERAL and near_put_back < near / 2:
        return None
    if evidence.aware and early < _SEVERAL:  # who writes instants with their offset writes such dates, too
        return None
    chance = _EARLY_SHARE**early * (1 - _EARLY_SHARE) ** len(evidence.proven)
    is_clean = not evidence.late and not unproven and near_put_back >= near
    return "certain" if chance < _LEAST_CHANCE and is_clean else "likely"


def without_naive(evidence: DateEvidence) -> DateEvidence:
    """Return the evidence of values whose zone stands beside them, in a column of its own or in the header."""
    return replace(evidence, naive=0, aware=evidence.aware + evidence.naive)


def is_ambiguous(evidence: DateEvidence) -> bool:
    """Tell whether some values can be read as two days and nothing in the column decides between them."""
    return evidence.ambiguous > 0 and decide(evidence) is None
