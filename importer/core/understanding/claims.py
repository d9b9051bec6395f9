"""What a column may fill, by its header's words and its cells: a claim for each field, with its strength and reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from importer.core.model import CUSTOMER_FIELDS, STANDARD_EVENTS
from importer.core.plan import FIELDS, fold
from importer.core.understanding.column import AGREES, LIKELY, Claim, ColumnEvidence
from importer.core.understanding.customer_claims import customer_claims
from importer.core.understanding.sale_claims import (
    amount_claims,
    blank_claims,
    currency_claims,
    order_id_claims,
    time_claims,
)

BY_WORDS_AND_CELLS = frozenset(
    {"event_name", "event_time", "value", "currency", "order_id", "country", "event_clock", "event_zone", "item_number"}
)
"""Fields for which it is not enough that a header is their name."""


def claims(column: ColumnEvidence) -> Iterator[Claim]:
    """Yield what the column may fill, by its header and cells alone; what stands beside it is not looked at yet."""
    if column.contents.words:
        for of in (_by_name, customer_claims, time_claims, amount_claims, currency_claims, order_id_claims, _items):
            yield from of(column)
    else:
        yield from blank_claims(column)


def _by_name(column: ColumnEvidence) -> Iterator[Claim]:
    """Claim the field whose name at Meta the header is, such as `fbc`; event_name only where the cells are events."""
    name = fold(column.header.text.strip().strip("_"))
    share = column.share("event")
    if name == fold("event_name") and (share >= LIKELY or (share and column.header.text.strip() == "event_name")):
        yield Claim(column.name, "event_name", 1.0, f"its cells are events of Meta's such as {STANDARD_EVENTS[9]}")
    field = next((field for field in FIELDS if fold(field) == name), None)
    if field is not None and field not in BY_WORDS_AND_CELLS and (len(name) > len("st") or field in CUSTOMER_FIELDS):
        yield Claim(column.name, field, 0.95, f'"{column.header.text}" is Meta\'s own name')


ITEMS: Mapping[str, tuple[str, str, frozenset[str]]] = {
    "id": ("sku", "id", frozenset({"quantity", "brand", "category", "order"})),
    "quantity": ("quantity", "whole", frozenset({"brand", "category"})),
    "title": ("title", "letters", frozenset({"sku", "quantity", "brand", "category", "id"})),
    "brand": ("brand", "letters", frozenset()),
    "category": ("category", "letters", frozenset()),
}
"""Field of an item -> the header's meaning, what its cells must be, and words that the header must not hold."""

ITEM_WORDS = frozenset(
    {"product", "id", "name", "order", "line", "sku", "title", "quantity", "brand", "category", "sold"}
)


def _items(column: ColumnEvidence) -> Iterator[Claim]:
    for field, (meaning, kind, other) in ITEMS.items():
        fits = column.header.meanings <= ITEM_WORDS and not column.has(*other)
        if column.has(meaning) and fits and column.share(kind) >= AGREES:
            yield column.claim(field, 0.9)
