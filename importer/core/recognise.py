"""Headers -> which export this is, and in which language it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from importer.core.plan import Plan, fold
from importer.core.understanding.headers import read_headers

LONGEST_HEADER = 60
"""Letters of a cell that may be a header for the words in it."""


def recognise(plans: Iterable[Plan], headers: Sequence[str]) -> Plan | None:
    """Return the plan whose identifying headers are all there; of several the one with the most of them."""
    present = {fold(header) for header in headers}
    fits = [(score, plan) for plan in plans if (score := _score(plan, present)) > 0]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None


def _score(plan: Plan, present: set[str]) -> float:
    sets = [{fold(header) for header in headers} for headers in plan.identify.headers]
    wanted = max((len(each) for each in sets if each <= present), default=0)
    if not wanted or any(fold(header) in present for header in plan.identify.without):
        return 0
    return wanted + 0.1 * sum(fold(header) in present for header in plan.identify.any)


def lacking(plan: Plan, headers: Sequence[str], fields: Iterable[str]) -> tuple[str, ...]:
    """Return the headers that a plan names and a file lacks: of those that identify it, and for each of the fields."""
    present = {fold(header) for header in headers}
    sets = [[header for header in one if fold(header) not in present] for one in plan.identify.headers]
    closest = min(sets, key=len, default=[])
    named = [plan.columns[name].headers for name in fields if name in plan.columns]
    return tuple(dict.fromkeys([*(one[0] for one in named if not present & set(map(fold, one))), *closest]))


def as_written(plan: Plan, headers: Sequence[str]) -> Plan:
    """Return the plan with the order of dates and the decimal mark of the variant that these headers show."""
    present = {fold(header) for header in headers}
    for variant in plan.variant:
        if any(fold(header) in present for header in variant.headers):
            time = plan.time.model_copy(update={"order": variant.order or plan.time.order})
            money = plan.money.model_copy(update={"decimal": variant.decimal or plan.money.decimal})
            return plan.model_copy(update={"time": time, "money": money, "variant": ()})
    return plan.model_copy(update={"variant": ()}) if plan.variant else plan


def header_names(plans: Iterable[Plan]) -> frozenset[str]:
    """Return all header names, folded, that the plans name for whatever purpose."""
    names: set[str] = set()
    for plan in plans:
        specs = (*plan.columns.values(), *plan.items.values(), *plan.custom.values())
        names |= {fold(header) for spec in specs for header in (*spec.headers, *spec.minus)}
        names |= {fold(header) for headers in (*plan.identify.headers, plan.identify.any) for header in headers}
        names |= {fold(header) for rule in plan.sale for header in rule.column}
    return frozenset(names - {""})


def header_counter(plans: Iterable[Plan]) -> Callable[[Sequence[str]], int]:
    """Return the function of a row's cells that counts the headers among them, by which a header row is told from data.

    A header is one that a plan names, or a cell of which every word is known.
    """
    names = header_names(plans)

    def count(cells: Sequence[str]) -> int:
        known = sum(fold(cell) in names for cell in cells)
        rest = [cell for cell in cells if cell.strip() and len(cell) <= LONGEST_HEADER and fold(cell) not in names]
        return known + sum(bool(header.meanings) and not header.unknown for header in read_headers(rest))

    return count
