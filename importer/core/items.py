"""The items of an order, from line columns or from packed cells, as JSON objects of Meta's `contents` [CD]."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Binding, Source
from importer.core.cells.amounts import read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.cells.header_currency import header_minor
from importer.core.cells.numbers import read_numbers
from importer.core.kernels.arrays import (
    by_distinct,
    coalesce,
    join_present,
    null_if_empty,
    nulls,
    one_chunk,
    only_listed,
)
from importer.core.kernels.json_encode import member, number, objects, text_member
from importer.core.model import DELIVERY_CATEGORIES, Column, Raw
from importer.core.plan import Packed

TEXT_FIELDS = ("title", "description", "brand", "category", "delivery_category")


def item_objects(raw: Raw, binding: Binding, decimals: Mapping[str, str | None]) -> Column:
    """Return for each row its items as JSON objects joined by commas, null where it has none that Meta would take.

    An item needs an id and a positive quantity (hard rule 19); without a quantity column each line is one piece.
    decimals: the decimal mark of each amount's column, as the survey settled it.
    """
    items = [_items_of_lines(raw, binding.items, decimals)] if binding.items else []
    if binding.plan.packed is not None:
        packed = binding.plan.packed
        items += [by_distinct(as_text(raw.column(name)), lambda cell: _unpack(cell, packed)) for name in binding.packed]
    return null_if_empty(join_present(items, ",")) if items else nulls(raw.num_rows)


def _items_of_lines(raw: Raw, sources: Mapping[str, Source], decimals: Mapping[str, str | None]) -> Column:
    """Write the line columns of each row as one object; null without an id or a positive quantity."""
    texts = {
        name: coalesce([as_text(raw.column(column)) for column in sources[name].names])
        for name in ("id", *TEXT_FIELDS)
        if name in sources
    }
    quantity = one_chunk(pa.repeat(1.0, raw.num_rows))
    if "quantity" in sources:
        quantity, _ = read_numbers(raw.column(sources["quantity"].names[0]), decimal=decimals.get("quantity"))
    identity = texts.pop("id", nulls(raw.num_rows))
    if "delivery_category" in texts:
        texts["delivery_category"] = only_listed(texts["delivery_category"], DELIVERY_CATEGORIES)
    prices = _prices(raw, sources, quantity, decimals)
    members = [
        text_member("id", identity),
        member("quantity", number(quantity)),
        member("item_price", number(one_chunk(pc.if_else(pc.less(prices, 0), None, prices)))),
        *(text_member(name, column) for name, column in texts.items()),
    ]
    whole = pc.and_(identity.is_valid(), pc.greater(quantity.fill_null(0), 0))
    return one_chunk(pc.if_else(whole, objects(members, raw.num_rows).cast(pa.string()), None))


def _prices(raw: Raw, sources: Mapping[str, Source], quantity: Column, decimals: Mapping[str, str | None]) -> Column:
    """Return the price of one piece: as written, or the line's total shared by its pieces, to the sixth decimal."""
    name = next((name for name in ("item_price", "line_total") if name in sources), None)
    if name is None or header_minor(sources[name].names[0]):  # cents of a currency that is not known here
        return nulls(raw.num_rows, pa.float64())
    written = read_amounts(raw.column(sources[name].names[0]), decimal=decimals.get(name)).values
    if name == "item_price":
        return written  # exact, where a float would write 43.2 as 43.199999999999996
    amounts = written.cast(pa.float64())
    return one_chunk(pc.round(pc.divide(amounts, pc.if_else(pc.greater(quantity, 0), quantity, None)), 6))


def _unpack(cell: str, packed: Packed) -> str | None:
    """Write the items packed in one cell as JSON objects joined by commas."""
    pieces = cell.split(packed.items) if packed.items else [cell]
    items = [item for piece in pieces if (item := _unpack_item(piece, packed)) is not None]
    return ",".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items) or None


def _unpack_item(text: str, packed: Packed) -> dict[str, str | int | float] | None:
    """Read `sku:A|quantity:2` as an item of Meta's; None without an id or a positive quantity."""
    pairs = {
        name.strip(): value.strip()
        for name, mark, value in (part.partition(packed.values) for part in text.split(packed.pairs))
        if mark
    }
    found = {
        key: next((pairs[name] for name in names if pairs.get(name)), None) for key, names in packed.fields.items()
    }
    identity, quantity = found.get("id"), _decimal(found.get("quantity") or "1")
    if not identity or quantity is None or quantity <= 0:
        return None
    item: dict[str, str | int | float] = {"id": identity, "quantity": _int_or_float(quantity)}
    price, total = _decimal(found.get("item_price")), _decimal(pairs.get(packed.line_total or ""))
    if price is None and total is not None:
        price = round(total / quantity, 6)
    if price is not None and price >= 0:
        item["item_price"] = _int_or_float(price)
    category = (found.get("delivery_category") or "").lower()
    found["delivery_category"] = category if category in DELIVERY_CATEGORIES else None
    return item | {name: value for name in TEXT_FIELDS if (value := found.get(name))}


def _decimal(text: str | None) -> Decimal | None:
    try:
        number = Decimal((text or "").strip().lstrip("$€£").replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _int_or_float(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)
