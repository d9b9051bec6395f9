"""A plan bound to the headers of one file, and the answers that hold for all of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from importer.core.cells.day_month import DateOrder
from importer.core.cells.time_zones import Zone
from importer.core.plan import CUSTOM_PREFIX, OWN_CUSTOM_FIELDS, ChannelRule, Headers, Packed, Plan, SaleRule, fold


@dataclass(frozen=True)
class Answers:
    """What the user's options, the schema and the whole file's evidence settle for every row."""

    event_name: str = "Purchase"
    action_source: str = "physical_store"
    currency: str | None = None  # ISO 4217
    header_currencies: Mapping[str, str] = field(default_factory=dict)  # column of amounts -> what its header says
    country: str | None = None  # ISO 3166-1 alpha-2, lower case
    zone: str | None = None  # IANA
    header_zones: Mapping[str, Zone] = field(default_factory=dict)  # column of times -> the zone that its header says
    date_order: DateOrder | None = None
    clock: bool = True  # the column called a time of day holds times of day
    exchanged: frozenset[str] = frozenset()  # columns whose settled dates a spreadsheet has turned round
    decimal: Literal[".", ","] | None = None
    birthday_order: DateOrder | None = None
    decimals: Mapping[str, str | None] = field(default_factory=dict)  # amount field -> "." or ","
    already_hashed: bool = False
    limited_data_use: bool = False
    event_source_url: str | None = None  # of website events that name no address


@dataclass(frozen=True)
class Source:
    """The columns of one file that fill a field, in order of preference: the first usable, all, joined, or summed."""

    names: tuple[str, ...]
    take: Literal["first", "all", "sum", "join"]
    minus: tuple[str, ...] = ()


class ChannelColumn(NamedTuple):
    """A column that says where each sale was made. sure: by the schema, or by its header; else its values decide."""

    name: str
    header: str
    rule: ChannelRule
    sure: bool
    of_schema: bool = False

    @property
    def of_places(self) -> bool:
        """Tell whether the column names stores, so that only a word of the web says that a sale was made there."""
        return self.rule.other == "store"


@dataclass(frozen=True)
class Binding:
    """A plan bound to the headers of one file: for each field the columns that are really there."""

    plan: Plan
    columns: Mapping[str, Source] = field(default_factory=dict)
    custom: Mapping[str, Source] = field(default_factory=dict)
    items: Mapping[str, Source] = field(default_factory=dict)
    packed: tuple[str, ...] = ()
    sale: tuple[tuple[SaleRule, str], ...] = ()
    channels: tuple[ChannelColumn, ...] = ()  # the best first
    store: str | None = None  # a column whose stores each count their own orders
    links: tuple[str, ...] = ()  # columns in which a refund may name the sale that it takes back

    @property
    def used(self) -> frozenset[str]:
        """The names of all columns that this binding reads."""
        sources = (*self.columns.values(), *self.custom.values(), *self.items.values())
        names = {name for source in sources for name in (*source.names, *source.minus)}
        return frozenset(names | set(self.packed) | {name for _, name in self.sale} | {self.store or ""} - {""})

    @property
    def value_from_parts(self) -> bool:
        """Tell whether a line's amount is its unit price times its quantity, since no column holds it."""
        lines = (self.plan.orders.rows, self.plan.orders.total) == ("lines", "sum")
        return lines and "value" not in self.columns and {"item_price", "quantity"} <= self.items.keys()

    @property
    def amount_columns(self) -> tuple[str, ...]:
        """The columns that a sale's amount comes from."""
        if self.value_from_parts:
            return self.items["item_price"].names
        return self.columns["value"].names if "value" in self.columns else ()


def bind(plan: Plan, headers: Sequence[str], names: Sequence[str]) -> Binding:
    """Match the plan's headers, folded, with those of a file; `names` are the file's unique column names."""
    places: dict[str, list[str]] = {}
    for header, name in zip(headers, names, strict=True):
        places.setdefault(fold(header), []).append(name)
    for name in names:  # of columns of one header each has a name of its own, such as "Email [2]"
        places.setdefault(fold(name), [name])

    def named(headers: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for header in headers for name in places.get(fold(header), ()))

    def found(wanted: Mapping[str, Headers]) -> dict[str, Source]:
        sources = {key: Source(named(spec.headers), spec.take, named(spec.minus)) for key, spec in wanted.items()}
        return {key: source for key, source in sources.items() if source.names}

    rules = [
        (rule, present[0])
        for rule in plan.sale
        if (present := [places[fold(header)][0] for header in rule.column if fold(header) in places])
    ]
    own = {key: name for name in names if (key := own_property(name))}
    return Binding(
        plan=plan,
        columns=found(plan.columns),
        custom={key: Source((name,), "first") for key, name in own.items()} | found(plan.custom),
        items=found(plan.items),
        packed=_packed_columns(plan.packed, headers, names),
        sale=tuple(rules),
        store=next(iter(places.get(fold(plan.orders.store or ""), ())), None) if plan.orders.store else None,
    )


def own_property(name: str) -> str | None:
    """Return the property that a column called `custom_data.x` is; None where it is a field of Meta's own."""
    key = name.removeprefix(CUSTOM_PREFIX)
    return None if key == name or key in OWN_CUSTOM_FIELDS else key or None


def _packed_columns(packed: Packed | None, headers: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    if packed is None:
        return ()
    wanted, open_ended = fold(packed.columns.rstrip("*")), packed.columns.endswith("*")
    return tuple(
        name
        for header, name in zip(headers, names, strict=True)
        if (fold(header).startswith(wanted) if open_ended else fold(header) == wanted)
    )
