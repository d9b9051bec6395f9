"""Headers and samples -> which export this is, and which column maps where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from importer.core.plan import Plan, fold, fold_value, read_plan
from importer.core.tables import aliases

NEAR = 0.86
"""How alike (difflib's ratio) a header must be to a known name to be proposed for its field."""

UNIT_PRICE = re.compile(
    r"(?i)unit|each|lineitem|per piece|einzel|stück|stuk|styck|styk|eenheid|jednost|jednotk|enhed|enhet|yksikkö|birim|"
    r"μονάδας|単価|单价|單價|단가|satuan|đơn"
)
"""Words of a price that is surely that of one piece; "Price" alone may be a line's."""

PARTS = {"rows": "lines", "total": "sum"}
"""The layout of a file whose amounts are unit price times quantity, line by line."""

STATE_OR_STATUS = frozenset({"estado", "stato", "état", "etat"})
"""Headers, folded, that name a state in one file and a status in the next; their values decide."""

_FLAGS: dict[str, str] = {fold(name): meaning for meaning, names in aliases.FLAGS.items() for name in names} | {
    fold(name): "sale" for name in aliases.PAID
}
"""Headers of yes/no columns, folded -> what a row is of which they say yes."""

_AMOUNT = re.compile(r"[^0-9A-Za-z]*[0-9]+(?:[., ][0-9]{3})*[.,][0-9]{1,2}[^0-9]*")
_DATE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}")
"""An amount with decimals, and the beginning of a date, as no yes or no is written."""


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


def known_headers(plans: Iterable[Plan]) -> frozenset[str]:
    """Return all header names, folded, that some plan or alias knows: by them a header row is told from data."""
    names = {fold(header) for plan in plans for spec in plan.columns.values() for header in spec.headers}
    names |= {fold(header) for plan in plans for header in (*plan.identify.headers, *plan.identify.any)}
    listed = (*aliases.NAMES.values(), *aliases.ITEMS.values(), aliases.STATUS, aliases.STAFF, aliases.OTHERS)
    return frozenset(names | {fold(name) for group in listed for name in group} - {""})


def doubtful(headers: Sequence[str]) -> list[str]:
    """Return the headers whose values must tell what they mean: "Estado" a state or a status, "Refund" yes or 5.00."""
    return [header for header in headers if fold(header) in STATE_OR_STATUS | _FLAGS.keys()]


def guess(headers: Sequence[str], samples: Mapping[str, Sequence[str]] | None = None) -> Plan:
    """Map a file by its headers alone: exact aliases apply by themselves, likenesses make the plan a guess.

    samples: some values of each doubtful header.
    """
    places = _places(headers, samples or {})
    exact = _exact(headers, aliases.NAMES)
    items = _exact(headers, aliases.ITEMS)
    taken = {fold(header) for found in (*exact.values(), *items.values()) for header in found}
    near = _near([header for header in headers if fold(header) and fold(header) not in taken], set(exact))
    columns: dict[str, Any] = {  # columns of one header are a list of values, as in Meta's template
        name: found[0] if len({fold(header) for header in found}) == 1 else list(dict.fromkeys(found))
        for name, found in (exact | near).items()
    }
    _settle_names(columns)
    if places and "st" not in columns:
        columns["st"] = places
    if "event_time" not in columns and "event_clock" in columns:
        columns["event_time"] = columns.pop("event_clock")
    if "quantity" not in items:
        items = {}
    if not {"id", "item_price"} & items.keys():
        items = {}
    stores = _exact([header for header in headers if fold(header) not in taken], {"store": aliases.STORES}).get("store")
    parts = "value" not in columns and any(UNIT_PRICE.search(header) for header in items.get("item_price", ()))
    data = {
        "name": "guessed" if near else "headers",
        "title": "mapped by its headers",
        "guessed": bool(near),
        "from_headers": True,
        "columns": columns,
        "items": {name: list(found) for name, found in items.items()},
        "orders": {"store": stores[0] if stores else None} | (PARTS if parts else {}),
        "sale": _sale_rules([header for header in headers if header not in places], samples or {}),
    }
    return read_plan(data, "the mapping by headers")


def _places(headers: Sequence[str], samples: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the headers that may mean a status or a state and whose values are not statuses."""
    known = {fold_value(word) for words in aliases.VOCABULARY.values() for word in words}
    return [
        header
        for header in headers
        if fold(header) in STATE_OR_STATUS
        and (words := samples.get(header))
        and sum(fold_value(word) in known for word in words) * 2 < len(words)
    ]


def _settle_names(columns: dict[str, Any]) -> None:
    """Take a column called just "name" as the whole name, or as the part of it that no other column holds."""
    parts = {"fn", "ln"} & set(columns)
    if not parts or "full_name" not in columns:
        return
    whole = columns.pop("full_name")
    headers = [whole] if isinstance(whole, str) else whole
    known = {fold(name) for name in aliases.PART_OR_WHOLE}
    open_part = next(iter({"fn", "ln"} - parts), None)
    if open_part and (part := [header for header in headers if fold(header) in known]):
        columns[open_part] = part


def _exact(headers: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each field the headers among its names, in the order of the names."""
    by_fold: dict[str, str] = {}
    for header in headers:
        by_fold.setdefault(fold(header), header)
    found = {
        field: tuple(dict.fromkeys(by_fold[fold(name)] for name in wanted if fold(name) in by_fold))
        for field, wanted in names.items()
    }
    return {field: present for field, present in found.items() if present}


def _near(headers: Sequence[str], filled: set[str]) -> dict[str, tuple[str, ...]]:
    """Return for fields still empty the header most like one of their names; never a staff or company column."""
    known = {
        fold(name) for name in (*aliases.STAFF, *aliases.OTHERS, *aliases.STATUS, *aliases.CANCELLED, *aliases.REFUNDED)
    } | _FLAGS.keys()
    open_fields = {
        field: [fold(name) for name in names] for field, names in aliases.NAMES.items() if field not in filled
    }
    scored = [
        (SequenceMatcher(None, name, fold(header)).ratio(), field, header)
        for header in headers
        if fold(header) not in known
        for field, names in open_fields.items()
        for name in get_close_matches(fold(header), names, n=1, cutoff=NEAR)
    ]
    found: dict[str, tuple[str, ...]] = {}
    used: set[str] = set()
    for _, field, header in sorted(scored, reverse=True):
        if field not in found and header not in used:
            found[field] = (header,)
            used.add(header)
    return found


def _sale_rules(headers: Sequence[str], samples: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    present = {fold(header): header for header in headers}
    rules: list[dict[str, Any]] = []
    for name in aliases.CANCELLED:
        if fold(name) in present:
            words = {"sale": ["no", "false", "0", "n"], "other": "cancelled"}
            rules.append({"column": present[fold(name)], **words})
    flags = [_flag_rule(header, samples.get(header, ())) for header in headers if fold(header) in _FLAGS]
    rules += [rule for rule in flags if rule is not None]
    rules += [
        {"column": present[fold(name)], "full_refund": True} for name in aliases.REFUNDED if fold(name) in present
    ]
    rules += [{"column": present[fold(name)], **aliases.VOCABULARY} for name in aliases.STATUS if fold(name) in present]
    return rules


def _flag_rule(header: str, words: Sequence[str]) -> dict[str, Any] | None:
    """Return what a yes/no column says; one of amounts tells what was refunded, one of other words nothing.

    Where it would say that money went back, other words are left for the user to explain.
    """
    meaning = _FLAGS[fold(header)]
    told = {fold_value(word) for word in words}
    if any(_DATE.match(word) for word in words):  # when the sale was taken back
        return {"column": header, "sale": aliases.NO, "other": meaning} if meaning != "sale" else None
    amounts = any(_AMOUNT.fullmatch(word) for word in words if fold_value(word) not in _NO)
    if amounts and meaning in ("refund", "refunded"):
        return {"column": header, "full_refund": True}
    if meaning in ("sale", "not_a_sale") and len(told - _NO - _YES) * 2 > len(told):
        return None
    if meaning == "sale":
        return {"column": header, "sale": aliases.YES, "unpaid": aliases.NO}
    return {"column": header, meaning: aliases.YES, "sale": aliases.NO}


_YES, _NO = (frozenset(map(fold_value, words)) for words in (aliases.YES, aliases.NO))
