"""Which keys are of one and the same customer: parts of a name or phone, the payer's, a participant's, the shop's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from importer.core.model import ALL_OF
from importer.core.understanding.column import MOSTLY, Claim, ColumnEvidence
from importer.core.understanding.contents import of_different_people

MANY_ROWS = 10
"""Where so many sales have one and the same address it is hardly a customer's, whatever else is told."""


def settle_names(columns: Sequence[ColumnEvidence], chosen: dict[str, Claim]) -> None:
    """Take a column called just "name" as the whole name, or as the part of it that no other column holds."""
    parts = {"fn", "ln"} & set(chosen)
    whole = chosen.get("full_name")
    if not parts or whole is None:
        return
    del chosen["full_name"]
    missing = {"fn", "ln"} - parts
    header = next(column.header for column in columns if column.name == whole.column)
    if missing and header.has("name") and not header.has("full_name", "first_name", "last_name"):
        name = missing.pop()
        chosen[name] = replace(whole, field=name, why=f"{whole.why}; the other part of the name has its own column")


PARTS = {"ph": "phone", "zp": "postcode"}
"""Customer keys that some systems part over numbered columns, and the header's meaning."""


def joined_keys(columns: Sequence[ColumnEvidence], chosen: dict[str, Claim]) -> dict[str, tuple[str, ...]]:
    """Choose keys that stand in parts in two or three numbered columns, the buyer's before the recipient's."""
    found = {}
    for name, meaning in PARTS.items():
        groups: dict[tuple[str, ...], list[ColumnEvidence]] = {}
        for column in columns:
            digits = all(word.isdigit() and len(word) <= 5 for word in column.contents.words)  # noqa: PLR2004
            if column.header.has(meaning) and column.header.number and column.contents.words and digits:
                groups.setdefault(tuple(word for word in column.header.words if not word.isdigit()), []).append(column)
        whole = [
            group
            for group in groups.values()
            if [column.header.number for column in group] in ([1, 2], [1, 2, 3])
            and not group[0].header.has("staff", "store")
        ]
        if name == "ph" and not whole and name in chosen:
            before = _area_code(columns, chosen[name].column)
            whole = [before] if before else []
        if whole:
            best = min(whole, key=lambda group: group[0].header.has("shipping"))
            found[name] = tuple(column.name for column in best)
            why = f'"{best[0].header.text}" and the columns after it hold its parts'
            chosen[name] = Claim(found[name][0], name, 0.9, why)
    return found


def _area_code(columns: Sequence[ColumnEvidence], phone: str) -> list[ColumnEvidence]:
    """Return the column of area codes that stands beside a phone's, and the phone's; an empty list where none does."""
    names = [column.name for column in columns]
    place = names.index(phone)
    if place and columns[place - 1].has("area_code") and columns[place - 1].contents.words:
        return [columns[place - 1], columns[place]]
    return []


ABOUT_ONE = ("fn", "ln", "full_name", "ct", "st", "zp", "country", "db", "ge", "external_id")
"""Keys that must be of the person whose e-mail or phone is taken."""


def other_people(columns: Sequence[ColumnEvidence], chosen: Mapping[str, Claim]) -> set[str]:
    """Return the keys that are not the payer's where the e-mail or phone is: a participant's name, for example."""
    header_of = {column.name: column.header for column in columns}
    contacts = [header_of[chosen[name].column] for name in ALL_OF if name in chosen]
    if not any(header.has("billing") and not header.has("customer") for header in contacts):
        return set()
    others = {name: header_of[chosen[name].column] for name in ABOUT_ONE if name in chosen}
    return {name for name, header in others.items() if header.has("customer") and not header.has("billing")}


def shared_keys(columns: Sequence[ColumnEvidence], chosen: dict[str, Claim]) -> dict[str, str]:
    """Find keys that are the same on each row although the rows are of different people: the shop's own.

    Returns field -> column, and takes them out of what is chosen. Whose the rows are, names, ids and the other key
    tell; where nothing does, many orders of one person are doubtful.
    """
    found = {}
    by_name = {column.name: column.contents for column in columns}
    for name in ALL_OF:
        claim = chosen.get(name)
        if claim is None or not by_name[claim.column].constant:
            continue
        people = [chosen[other].column for other in ("full_name", "ln", "external_id", *ALL_OF) if other in chosen]
        telling = [by_name[other] for other in people if other != claim.column]
        ids = chosen.get("order_id")
        many = not telling and ids is not None and by_name[ids.column].distinct >= MANY_ROWS
        if many or any(of_different_people(contents) for contents in telling):
            found[name] = claim.column
            del chosen[name]
    return found


def needless(
    columns: Sequence[ColumnEvidence], chosen: Mapping[str, Claim], shared: Mapping[str, str]
) -> frozenset[str]:
    """Return the shared keys beside which most rows have another e-mail or phone: they need not be asked about."""
    by_name = {column.name: column.contents for column in columns}
    filled = {name for name in ALL_OF if name in chosen and by_name[chosen[name].column].filled >= MOSTLY}
    return frozenset(shared) if filled - shared.keys() else frozenset()


def one_name(columns: Sequence[ColumnEvidence], chosen: dict[str, Claim]) -> None:
    """Drop the part of the name that is another person's than the first: a participant's beside the payer's."""
    header_of = {column.name: column.header for column in columns}
    if not {"fn", "ln"} <= set(chosen):
        return
    whose = {name: header_of[chosen[name].column].meanings & {"billing", "customer"} for name in ("fn", "ln")}
    if whose["fn"] and whose["ln"] and not whose["fn"] & whose["ln"]:
        contacts = [header_of[chosen[name].column] for name in ALL_OF if name in chosen]
        payer = any(header.has("billing") for header in contacts)
        other = next(name for name in ("fn", "ln") if ("billing" in whose[name]) is not payer)
        del chosen[other]
