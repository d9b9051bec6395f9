"""Headers -> which export this is."""

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
    wanted = {fold(header) for header in plan.identify.headers}
    if not wanted or not wanted <= present or any(fold(header) in present for header in plan.identify.without):
        return 0
    return len(wanted) + 0.1 * sum(fold(header) in present for header in plan.identify.any)


def header_names(plans: Iterable[Plan]) -> frozenset[str]:
    """Return all header names, folded, that the plans name for whatever purpose."""
    names: set[str] = set()
    for plan in plans:
        specs = (*plan.columns.values(), *plan.items.values(), *plan.custom.values())
        names |= {fold(header) for spec in specs for header in (*spec.headers, *spec.minus)}
        names |= {fold(header) for header in (*plan.identify.headers, *plan.identify.any)}
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
