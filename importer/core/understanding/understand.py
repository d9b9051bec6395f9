"""An export that no schema describes -> a plan: each field gets the column with the best evidence, all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from importer.core.cells.cell_text import as_text
from importer.core.model import ALL_OF, CUSTOMER_FIELDS, Raw
from importer.core.plan import ITEM_FIELDS, Plan, read_plan
from importer.core.understanding.arithmetic import (
    of_whole_orders,
    repeats_its_total,
    running_totals,
    same_amounts,
    weighed,
)
from importer.core.understanding.claims import claims
from importer.core.understanding.column import LIKELY, SURE, Claim, ColumnEvidence
from importer.core.understanding.contents import look, same_days, same_texts
from importer.core.understanding.discounts import untaken
from importer.core.understanding.headers import read_headers
from importer.core.understanding.people import (
    joined_keys,
    needless,
    one_name,
    other_people,
    settle_names,
    shared_keys,
)
from importer.core.understanding.sale_claims import CREATED, TIMED
from importer.core.understanding.statuses import sale_rules

Confidence = Literal["certain", "likely", "none"]

WORTH_ASKING = 0.15
"""A weaker claim is not proposed."""

CLOSE = 0.04
"""Claims nearer than this to the best one compete with it."""

DOUBTED = SURE - 0.05
"""The strength of a claim, sure by itself, beside which something else speaks."""


@dataclass(frozen=True)
class Reading:
    """What a column fills, how sure that is, and why. of_recipient: the header speaks of who receives the goods."""

    column: str
    header: str
    field: str | None
    confidence: Confidence
    why: str
    of_recipient: bool = False


@dataclass(frozen=True)
class Understanding:
    """What is understood of a file.

    plan: the fields that are certain and likely; readings: each column's; candidates: for fields that are likely or
    that no column fills, the columns that may, best first; shared: keys that are the same on rows of different people;
    needless: those of them that are left out and told rather than asked about; untaken: a column of discounts that the
    amount does not know of.
    """

    plan: Plan
    readings: tuple[Reading, ...]
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    needless: frozenset[str] = frozenset()
    untaken: str | None = None

    def likely(self) -> list[Reading]:
        """Return the readings that are only likely."""
        return [reading for reading in self.readings if reading.confidence == "likely"]


def understand(headers: Sequence[str], names: Sequence[str], sample: Raw, taken: Iterable[str] = ()) -> Understanding:
    """Understand a file by its headers and a sample of its rows.

    names: the unique names of its columns; taken: names of columns that something else explains already.
    """
    spoken_for = set(taken)
    columns = [
        _settled(ColumnEvidence(name, header, look(sample.column(name))))
        for name, header in zip(names, read_headers(headers), strict=True)
        if name not in spoken_for
    ]
    running = running_totals(columns)
    claimed = [claim for column in columns for claim in claims(column) if column.name not in running]
    found = weighed(columns, claimed)
    found = of_whole_orders(columns, found, _choose(found).get("order_id"), sample)
    chosen = _choose(found)
    shared = shared_keys(columns, chosen)
    settle_names(columns, chosen)
    one_name(columns, chosen)
    _only_amount(chosen, found)
    joined = joined_keys(columns, chosen)
    strengths = {
        name: _competing(claim, found, columns, sample, joined.get(name, ())) for name, claim in chosen.items()
    }
    strengths |= dict.fromkeys(other_people(columns, chosen), DOUBTED)
    rules = list(sale_rules([column for column in _telling(columns, chosen) if column.name not in running]))
    readings = _readings(columns, chosen, found, strengths, rules)
    return Understanding(
        plan=_plan(chosen, found, rules, readings, joined, orders=_orders(columns, chosen, sample)),
        readings=readings,
        candidates={claim.field: _candidates(claim.field, found) for claim in found},
        shared=shared,
        needless=needless(columns, chosen, shared),
        untaken=untaken(columns, chosen),
    )


def _telling(columns: Sequence[ColumnEvidence], chosen: Mapping[str, Claim]) -> list[ColumnEvidence]:
    """Return the columns that may say what is no sale; in a file of leads their own status does not."""
    taken = _names_of(chosen, ("title", "id"))
    leads = "lead_id" in chosen
    return [each for each in columns if each.name not in taken and not (leads and "lead" in each.header.words)]


STATE_OR_STATUS = frozenset({"estado", "stato", "etat", "estat"})
"""Words that mean a state in one file and a status in the next; the cells decide."""


def _settled(column: ColumnEvidence) -> ColumnEvidence:
    """Return the column with a header's word of two meanings settled by its cells."""
    if not STATE_OR_STATUS & set(column.header.words) or column.header.meanings - {"region", "status"}:
        return column
    is_status = column.contents.share("status") >= 0.5  # noqa: PLR2004
    meanings = column.header.meanings - {"region", "status"} | {"status" if is_status else "region"}
    return replace(column, header=replace(column.header, meanings=meanings))


def _choose(found: Sequence[Claim]) -> dict[str, Claim]:
    """Give each field its strongest claim, the strongest of all first; a column fills one field.

    An e-mail and a phone may stand in one column.
    """
    chosen: dict[str, Claim] = {}
    used: dict[str, str] = {}
    for claim in sorted(found, key=lambda claim: -claim.strength):
        both = {used.get(claim.column), claim.field} == set(ALL_OF)
        if claim.strength >= LIKELY and claim.field not in chosen and (claim.column not in used or both):
            chosen[claim.field] = claim
            used[claim.column] = claim.field
    return chosen


def _only_amount(chosen: dict[str, Claim], found: Sequence[Claim]) -> None:
    """Move a price that is the only amount to the value where there is no quantity."""
    price = chosen.get("item_price")
    if "value" in chosen or "quantity" in chosen or price is None:
        return
    of_value = next((claim for claim in found if claim.field == "value" and claim.column == price.column), None)
    if of_value is not None:
        del chosen["item_price"]
        chosen["value"] = replace(of_value, strength=of_value.strength + 0.2)


def _competing(
    claim: Claim, found: Sequence[Claim], columns: Sequence[ColumnEvidence], sample: Raw, joined: Sequence[str]
) -> float:
    """Return the claim's strength, less where another column claims the field nearly as well and says otherwise.

    joined: the columns that hold the field's parts, of which none is another's rival.
    """
    if claim.field == "event_time" and claim.strength <= CREATED + TIMED and _changes_later(claim, found):
        return min(claim.strength, DOUBTED)
    rivals = [
        other
        for other in found
        if other.field == claim.field
        and other.column not in (claim.column, *joined)
        and other.strength > claim.strength - CLOSE
    ]
    for rival in rivals:
        if claim.field in ALL_OF or claim.strength < SURE:
            break
        one, two = sample.column(claim.column), sample.column(rival.column)
        if claim.field in ("value", "item_price"):
            same = same_amounts(_contents(columns, claim.column).amounts, _contents(columns, rival.column).amounts)
        elif claim.field == "order_id":
            same = _same_partition(as_text(one), as_text(two))
        elif claim.field == "event_time":
            same = same_days(one, two)
        else:
            same = same_texts(as_text(one), as_text(two))
        if not same:
            return min(claim.strength, DOUBTED)
    return claim.strength


def _changes_later(claim: Claim, found: Sequence[Claim]) -> bool:
    """Tell whether a date of creation stands beside another date, which may be the sale's."""
    return "created" in claim.why and any(
        other.field == "event_time" and other.column != claim.column and other.strength >= LIKELY for other in found
    )


def _contents(columns: Sequence[ColumnEvidence], name: str) -> Any:
    return next(column.contents for column in columns if column.name == name)


def _same_partition(first: Any, second: Any) -> bool:
    """Tell whether two columns of ids part the rows alike: then it does not matter which of them is taken."""
    pairs = {pair for pair in zip(first.to_pylist(), second.to_pylist(), strict=True) if None not in pair}
    return len(pairs) == len({one for one, _ in pairs}) == len({two for _, two in pairs})


def _names_of(chosen: Mapping[str, Claim], without: Sequence[str] = ()) -> set[str]:
    return {claim.column for name, claim in chosen.items() if name not in without and claim.strength >= SURE}


def _candidates(name: str, found: Sequence[Claim]) -> tuple[str, ...]:
    ranked = sorted(
        (claim for claim in found if claim.field == name and claim.strength >= WORTH_ASKING),
        key=lambda claim: -claim.strength,
    )
    return tuple(dict.fromkeys(claim.column for claim in ranked))


def _confidence(strength: float) -> Confidence:
    return "certain" if strength >= SURE else "likely" if strength >= LIKELY else "none"


def _readings(
    columns: Sequence[ColumnEvidence],
    chosen: Mapping[str, Claim],
    found: Sequence[Claim],
    strengths: Mapping[str, float],
    rules: Sequence[tuple[str, dict[str, Any], str]],
) -> tuple[Reading, ...]:
    """Return what each column fills, or that it fills nothing and what was the best claim on it."""
    by_column: dict[str, list[tuple[str, Claim]]] = {}
    for name, claim in chosen.items():
        by_column.setdefault(claim.column, []).append((name, claim))
    speaking = {name: why for name, _, why in rules}
    readings = []
    for column in columns:
        header = column.header.text
        if column.name in by_column:
            readings += [
                Reading(column.name, header, name, _confidence(strengths[name]), claim.why, column.header.of_recipient)
                for name, claim in by_column[column.name]
            ]
        elif column.name in speaking:
            readings.append(Reading(column.name, header, "status", "certain", speaking[column.name]))
        else:
            best = max(
                (claim for claim in found if claim.column == column.name), key=lambda c: c.strength, default=None
            )
            why = "" if best is None else f"less like {best.field} than another column; {best.why}"
            readings.append(Reading(column.name, header, None, "none", why))
    return tuple(readings)


OF_PARTS = {"rows": "lines", "total": "sum"}
"""The layout of a file whose amounts are unit price times quantity, line by line."""

OF_TOTALS = {"rows": "lines", "total": "once"}
"""The layout of a file that repeats each order's total on its lines."""

UNIT_PRICE = 0.9
"""A claim on the unit price so strong is not a line's."""


def _orders(columns: Sequence[ColumnEvidence], chosen: Mapping[str, Claim], sample: Raw) -> dict[str, Any]:
    """Return what is sure of what a row is; the rest is inferred from the whole file, or asked."""
    found: dict[str, Any] = {"store": _store(columns)}
    if _surely_parts(chosen):
        return found | OF_PARTS
    told = {"value", "order_id"} <= set(chosen)
    if told and repeats_its_total(columns, chosen["value"].column, chosen["order_id"].column, sample):
        return found | OF_TOTALS
    return found


def _surely_parts(chosen: Mapping[str, Claim]) -> bool:
    """Tell whether the amount is surely unit price times quantity, since no column holds it."""
    price = chosen.get("item_price")
    return "value" not in chosen and "quantity" in chosen and price is not None and price.strength >= UNIT_PRICE


def _store(columns: Sequence[ColumnEvidence]) -> str | None:
    """Return the column of stores, tills or registers, each of which may count its orders itself."""
    found = [
        column.name
        for column in columns
        if column.has("store")
        and not column.has(
            "staff", "amount", "total", "price", "date", "status", "email", "phone", "fee", "city", "note"
        )
        and 1 < column.contents.distinct * 2 <= max(column.contents.rows, 4)
    ]
    return next(iter(found), None)


def _plan(
    chosen: Mapping[str, Claim],
    found: Sequence[Claim],
    rules: Sequence[tuple[str, dict[str, Any], str]],
    readings: Sequence[Reading],
    joined: Mapping[str, Sequence[str]],
    *,
    orders: Mapping[str, Any],
) -> Plan:
    """Write what is certain and likely as a plan."""
    fields: dict[str, Any] = {}
    items: dict[str, Any] = {}
    for name, claim in chosen.items():
        if name in ITEM_FIELDS:
            items[name] = [claim.column]
        else:
            fields[name] = [claim.column]
    for name in ALL_OF:
        if name in chosen:
            equal = [c.column for c in found if c.field == name and abs(c.strength - chosen[name].strength) < 0.001]  # noqa: PLR2004
            fields[name] = {"all": equal} if len(equal) > 1 else equal
    fields |= {name: {"join": list(names)} for name, names in joined.items()}
    if "event_time" not in fields and "event_clock" in fields:
        del fields["event_clock"]
    data = {
        "name": "understood",
        "title": "understood by its headers and contents",
        "guessed": any(reading.confidence == "likely" and reading.field in CUSTOMER_FIELDS for reading in readings),
        "from_headers": True,
        "columns": fields,
        "items": items,
        "orders": orders,
        "sale": [{"column": name} | rule for name, rule, _ in rules],
    }
    return read_plan(data, "what was understood")
