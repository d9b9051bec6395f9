"""One export's schema, a plain dict from its TOML file, as a frozen Plan.

The TOML format is described for users in docs/schemas.md; the models below are what is accepted, key by key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_serializer,
    field_validator,
)

from importer.core.cells.day_month import DateOrder
from importer.core.model import ACTION_SOURCES, CUSTOM_FIELDS, CUSTOMER_FIELDS, EVENT_FIELDS
from importer.core.own_rules import BEFORE_NORMALIZATION, RULE_FIELDS, ColumnRule
from importer.errors import SchemaError

ITEM_FIELDS = (
    "id", "quantity", "item_price", "line_total", "title", "description", "brand", "category", "delivery_category",
)  # fmt: skip
"""The keys of one item of `contents` that Meta takes [CD]; from `line_total` follows the item's price."""
FIELDS = CUSTOMER_FIELDS + EVENT_FIELDS + CUSTOM_FIELDS

CUSTOM_PREFIX = "custom_data."
"""A column called `custom_data.x` is the property x in any export [GW]."""

OWN_CUSTOM_FIELDS = frozenset({*CUSTOM_FIELDS, "contents"})
"""What stands in custom_data as a field of Meta's own, and cannot be a property beside it."""

SKIPS = ("refunded", "refund", "cancelled", "unpaid", "not_a_sale")
"""What a row can be instead of a sale; each is a reason code."""

Meaning = Literal["sale", "refunded", "refund", "cancelled", "unpaid", "not_a_sale", "unknown_status"]
"""What a value of a status column says of its row."""

SIGNS = ("full_refund", "paid_amount", "paid_time", "balance")
"""What a column of a sale rule can be instead of words."""

TOLD_FIELDS = ("event_id", "event_members", "custom_members")
"""Fields of single events that no schema fills: the event's own id, and JSON members of the event and of its
`custom_data` for which there is no column."""


_NO_LETTERS = {code: None for code in range(128) if not (chr(code).isalnum() or chr(code) in "#%*")}


@lru_cache(8_192)
def fold(header: str) -> str:
    """Return a header as it is compared: letters, digits and # % * only, compatibility forms and case folded.

    >>> fold("  E-mail Address ")
    'emailaddress'
    """
    if header.isascii():
        return header.lower().translate(_NO_LETTERS)
    text = unicodedata.normalize("NFKC", header).casefold()
    return "".join(letter for letter in text if letter.isalnum() or letter in "#%*")


def fold_value(text: str) -> str:
    """Return a status as it is compared: case and white space folded, `_` and `-` as blanks."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    sign = "-" if re.match(r"-[0-9]", folded) else ""
    return sign + re.sub(r"[\s_-]+", " ", folded).strip()


def _headers(value: Any) -> Any:
    """Read what a schema says of a field's columns: `"A"`, `["A", "B"]`, `{all = []}`, `{join = []}` or `{sum = []}`.

    One header stands for all columns of that name, a list for its first usable column.
    """
    if isinstance(value, str):
        return {"headers": (value,), "take": "all"}
    if isinstance(value, list):
        return {"headers": tuple(value), "take": "first"}
    if isinstance(value, dict) and set(value) == {"all"} and isinstance(value["all"], list):
        return {"headers": tuple(value["all"]), "take": "all"}
    if isinstance(value, dict) and set(value) == {"join"} and isinstance(value["join"], list):
        return {"headers": tuple(value["join"]), "take": "join"}
    if isinstance(value, dict) and isinstance(value.get("sum"), list) and set(value) <= {"sum", "minus"}:
        return {"headers": tuple(value["sum"]), "minus": tuple(value.get("minus", ())), "take": "sum"}
    return value


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Headers(_Model):
    """Which columns of an export fill a field: the first usable of them, all, or (amounts) their sum less `minus`.

    A customer's key may be joined from several, such as a phone number in three columns.
    """

    headers: tuple[str, ...] = Field(min_length=1)
    take: Literal["first", "all", "sum", "join"] = "first"
    minus: tuple[str, ...] = ()


Columns = Annotated[Headers, BeforeValidator(_headers)]


class Identify(_Model):
    """The headers by which this kind of export is known.

    headers: sets of headers, one for each language, of which one is there as a whole.
    """

    headers: tuple[tuple[str, ...], ...] = ()
    any: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @field_validator("headers", mode="before")
    @classmethod
    def _sets(cls, value: Any) -> Any:
        return (value,) if isinstance(value, list) and value and isinstance(value[0], str) else value

    @field_serializer("headers")
    def _one_set_alone(self, value: tuple[tuple[str, ...], ...]) -> Any:
        return value[0] if len(value) == 1 else value


Channel = Literal["store", "web", "marketplace", "unknown"]
"""Where sales are made: at tills, by invoice or by hand; on the own web shop; on a marketplace; not known."""


class ChannelRule(_Model):
    """The column that says where each sale was made, and its words beyond those that are known anyway.

    blank: what an empty cell means; other: what a word means that nobody knows.
    """

    column: tuple[str, ...]
    store: tuple[str, ...] = ()
    web: tuple[str, ...] = ()
    marketplace: tuple[str, ...] = ()
    blank: Channel = "web"
    other: Channel = "web"

    @property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """The words of each channel that has some."""
        found = {"store": self.store, "web": self.web, "marketplace": self.marketplace}
        return {channel: words for channel, words in found.items() if words}

    @field_validator("column", mode="before")
    @classmethod
    def _tuple(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


class EventDefaults(_Model):
    """The event that a row becomes when it does not say so itself, and where the export's sales are made."""

    name: str = "Purchase"
    action_source: str = "physical_store"
    event_source: str | None = None
    lead_event_source: str | None = None
    channel: Channel = "store"
    online_sales: Literal["skip", "send"] | None = None

    @field_validator("action_source")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in ACTION_SOURCES:
            message = f"must be one of {', '.join(ACTION_SOURCES)}"
            raise ValueError(message)
        return value


class Time(_Model):
    """How the export writes times: the zone of naive ones, the order of day and month."""

    zone: str | None = None
    utc: bool = False
    order: DateOrder | None = None


class Money(_Model):
    """How the export writes amounts."""

    currency: str | None = None
    decimal: Literal[".", ","] | None = None
    minor_units: bool = False


class Variant(_Model):
    """What holds for files with one of these headers only, such as those of one language."""

    headers: tuple[str, ...] = Field(min_length=1)
    order: DateOrder | None = None
    decimal: Literal[".", ","] | None = None


class Match(_Model):
    """How customers are identified: the external id's form, the fewest keys, the country of rows without one."""

    external_id: Literal["sha256", "raw"] = "sha256"
    minimum_keys: Literal["strong", "meta"] = "strong"
    country: str | None = Field(default=None, pattern=r"^[A-Za-z]{2}$")


class OrderLayout(_Model):
    """What one row of the export is, and how the lines of an order belong together.

    rows: each row is an order, or a line of one.
    total: the order's value stands on its rows once (repeated or not, but always the same), or is the sum of its lines,
    or stands on the first of them alone, where what stands on the others is something else.
    blank_key: a row without an order id belongs to the row above it.
    heading: what the heading rows above groups of records name, such as Customer; --join-on can take that name.
    store: the header of the column that names the store, till or register, where each of them counts its orders itself.
    several_people: the rows of one order name different customers, all of whom bought.
    by_name: orders are known by a name, such as an opportunity's, not by a number; it never leaves in clear.
    """

    rows: Literal["orders", "lines"] = "orders"
    total: Literal["once", "sum", "first"] = "once"
    blank_key: bool = False
    heading: str | None = None
    store: str | None = None
    several_people: bool = False
    by_name: bool = False


class Packed(_Model):
    """Items packed into cells: `name:Tee|sku:T1|quantity:2` in columns called line_item_1, line_item_2, ...

    columns: a header, with `*` for any rest.
    items: what parts the items of one cell, if several stand in it.
    pairs: what parts the pairs of one item; values: what parts a name from its value.
    fields: Meta's item field -> the pair's names, the first present wins.
    line_total: the pair that holds the line's total, from which the item's price follows.
    """

    columns: str
    items: str | None = None
    pairs: str = "|"
    values: str = ":"
    fields: Mapping[str, tuple[str, ...]]
    line_total: str | None = None

    @field_validator("fields", mode="before")
    @classmethod
    def _tuples(cls, value: Any) -> Any:
        return {key: (names,) if isinstance(names, str) else names for key, names in dict(value).items()}


class SaleRule(_Model):
    """What a column says about whether its row is a sale; values are compared folded, `*` at the end is any rest."""

    column: tuple[str, ...]
    sale: tuple[str, ...] = ()
    refunded: tuple[str, ...] = ()
    refund: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    unpaid: tuple[str, ...] = ()
    not_a_sale: tuple[str, ...] = ()
    blank: Meaning = "sale"
    other: Meaning = "unknown_status"
    known_words: Literal["", "status", "progress"] = ""
    """The words that the lexicon knows count beside those listed here. Where they tell of an order's progress and not
    of its payment, a word for open or pending is a sale all the same."""
    full_refund: bool = False
    """The column is a refunded amount; a sale refunded by its whole value is no sale."""
    unless_partial: bool = False
    """A word for refunded does not count where a column of `full_refund` says that only a part was refunded."""
    decides: bool = False
    """A word that means a sale ends the question: the rules below are not asked."""
    paid_amount: bool = False
    """The column is the amount paid; where it is zero and the value is not, the sale is unpaid."""
    paid_time: bool = False
    """The column is the time of payment; where it is empty, but not throughout the file, the sale is unpaid."""
    balance: bool = False
    """The column is an amount still open. It never ends a sale: it is a doubt, told as a warning."""

    @property
    def of_words(self) -> bool:
        """Tell whether the column holds words, not amounts or times."""
        return not any(getattr(self, name) for name in SIGNS)

    @property
    def of_amounts(self) -> bool:
        """Tell whether the column holds amounts."""
        return self.full_refund or self.paid_amount or self.balance

    @field_validator("column", mode="before")
    @classmethod
    def _tuple(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


class Plan(_Model):
    """Everything that is known of one kind of export.

    refusal: why nothing of such a file can be sent, and what to export instead; empty where it can be.
    """

    name: str = Field(min_length=1)
    title: str = ""
    source: str = ""
    inferred: bool = False
    guessed: bool = False
    from_headers: bool = False
    refusal: str = ""
    identify: Identify = Identify()
    columns: Mapping[str, Columns]
    custom: Mapping[str, Columns] = {}
    event: EventDefaults = EventDefaults()
    channel: ChannelRule | None = None
    time: Time = Time()
    money: Money = Money()
    match: Match = Match()
    orders: OrderLayout = OrderLayout()
    items: Mapping[str, Columns] = {}
    packed: Packed | None = None
    variant: tuple[Variant, ...] = ()
    sale: tuple[SaleRule, ...] = ()
    rule: tuple[ColumnRule, ...] = ()
    notes: str = ""

    @field_validator("columns")
    @classmethod
    def _fields(cls, value: Mapping[str, Headers]) -> Mapping[str, Headers]:
        return _known_keys(value, FIELDS)

    @field_validator("items")
    @classmethod
    def _item_fields(cls, value: Mapping[str, Headers]) -> Mapping[str, Headers]:
        return _known_keys(value, ITEM_FIELDS)

    @field_validator("rule")
    @classmethod
    def _rule_columns(cls, value: tuple[ColumnRule, ...], info: ValidationInfo) -> tuple[ColumnRule, ...]:
        for rule in value:
            if rule.column in BEFORE_NORMALIZATION:
                message = f"an event has no column {rule.column}; write the rule for the field that it becomes"
                raise ValueError(message)
            if rule.column not in info.data.get("custom", {}):
                _known_keys({rule.column: Headers(headers=("",))}, RULE_FIELDS)
            rule.require_types()
        return value

    @field_validator("custom")
    @classmethod
    def _custom_fields(cls, value: Mapping[str, Headers]) -> Mapping[str, Headers]:
        clash = sorted(set(value) & OWN_CUSTOM_FIELDS)
        if clash:
            message = f"{clash[0]} is a field of Meta's own: move it to [columns]"
            raise ValueError(message)
        return value


def _known_keys(value: Mapping[str, Headers], allowed: Sequence[str]) -> Mapping[str, Headers]:
    for key in value:
        if key not in allowed:
            near = get_close_matches(key, allowed, 1)
            message = f"{key} is not a field of Meta's" + (f"; did you mean {near[0]}?" if near else "")
            raise ValueError(message)
    return value


_TABLES: Mapping[str, type[BaseModel]] = {
    "identify": Identify,
    "event": EventDefaults,
    "channel": ChannelRule,
    "time": Time,
    "money": Money,
    "match": Match,
    "orders": OrderLayout,
    "packed": Packed,
    "variant": Variant,
    "sale": SaleRule,
    "rule": ColumnRule,
}
"""The tables of a schema, each with its keys."""


def _keys_of(place: Sequence[str | int]) -> list[str]:
    """Return the keys that may stand where the last part of the place does."""
    model = Plan if len(place) == 1 else _TABLES.get(str(place[0]), Plan)
    return [field.alias or name for name, field in model.model_fields.items()]


def read_plan(data: Mapping[str, Any], where: str) -> Plan:
    """Return the plan that a schema's TOML describes; a SchemaError names the key that is wrong."""
    try:
        return Plan.model_validate({"columns": {}, **data} if data.get("refusal") else data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            near = get_close_matches(str(first["loc"][-1]), _keys_of(first["loc"]), 1)
            message = f"{where}: the key {key} is not known; " + (
                f"did you mean {near[0]}?" if near else "remove it or correct its name."
            )
        elif first["type"] == "missing":
            message = f"{where}: the key {key} is missing; add it."
        else:
            what = first["msg"].removeprefix("Value error, ")
            message = f"{where}: the key {key} is wrong: {what}" + ("" if what.endswith("?") else ".")
        raise SchemaError(message) from error
