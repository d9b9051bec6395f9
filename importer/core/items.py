"""The items of an order, from line columns or from packed cells, as JSON objects of Meta's `contents` [CD]."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.amounts import read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.cells.numbers import read_numbers
from importer.core.kernels.arrays import (
    by_distinct,
    coalesce,
    join_present,
    null_if_empty,
    nulls,
    one_chunk,
)
from importer.core.kernels.json_encode import number, quoted
from importer.core.model import Column, Raw
from importer.core.plan import Binding, Packed, Source

TEXT_FIELDS = ("title", "description", "brand", "category", "delivery_category")


def item_objects(raw: Raw, binding: Binding, decimals: Mapping[str, str | None]) -> Column:
    """For each row its items as JSON objects parted by commas, null where it has none that Meta would take.

    An item needs an id and a positive quantity (hard rule 19); without a quantity column each line is one piece.
    decimals: the decimal mark of each amount's column, as the survey settled it.
    """
    objects = [_line(raw, binding.items, decimals)] if binding.items else []
    if binding.plan.packed is not None:
        packed = binding.plan.packed
        objects += [
            by_distinct(as_text(raw.column(name)), lambda cell: _unpack(cell, packed)) for name in binding.packed
        ]
    if not objects:
        return nulls(raw.num_rows)
    return null_if_empty(join_present(objects, ","))


def _text(raw: Raw, source: Source | None) -> Column:
    if source is None:
        return nulls(raw.num_rows)
    return coalesce([as_text(raw.column(name)) for name in source.names])


def _line(raw: Raw, items: Mapping[str, Source], decimals: Mapping[str, str | None]) -> Column:
    """The line columns of each row as one object; null where the id or the quantity is missing or not positive."""
    identity = _text(raw, items.get("id"))
    quantity = _quantity(raw, items.get("quantity"), decimals.get("quantity"))
    price = _price(raw, items, quantity, decimals)
    parts = [_part("id", quoted(identity)), _part("quantity", number(quantity))]
    if price.null_count < len(price):
        parts.append(_part("item_price", number(price)))
    parts += [_part(name, quoted(_text(raw, items[name]))) for name in TEXT_FIELDS if name in items]
    joined = join_present(parts, ",")
    whole = pc.and_(pc.is_valid(identity), pc.greater(pc.fill_null(quantity, 0), 0))
    return one_chunk(pc.if_else(whole, pc.binary_join_element_wise("{", joined, "}", ""), pa.scalar(None, pa.string())))


def _part(name: str, column: Column) -> Column:
    return one_chunk(pc.binary_join_element_wise(f'"{name}":', column, ""))


def _quantity(raw: Raw, source: Source | None, decimal: str | None) -> Column:
    if source is None:
        return one_chunk(pa.array([1.0]).take(pa.array([0] * raw.num_rows)))
    values, _ = read_numbers(raw.column(source.names[0]), decimal=decimal)
    return values


def _price(raw: Raw, items: Mapping[str, Source], quantity: Column, decimals: Mapping[str, str | None]) -> Column:
    """The price of one piece: as written, or the line's total shared by its pieces, to the sixth decimal."""
    name = next((name for name in ("item_price", "line_total") if name in items), None)
    if name is None:
        return nulls(raw.num_rows, pa.float64())
    amounts = read_amounts(raw.column(items[name].names[0]), decimal=decimals.get(name)).values.cast(pa.float64())
    if name == "item_price":
        return one_chunk(amounts)
    share = pc.divide(amounts, pc.if_else(pc.greater(quantity, 0), quantity, pa.scalar(None, pa.float64())))
    return one_chunk(pc.round(share, 6))


def _unpack(cell: str, packed: Packed) -> str | None:
    """The items packed in one cell as JSON objects parted by commas."""
    pieces = cell.split(packed.items) if packed.items else [cell]
    objects = [item for piece in pieces if (item := _unpack_one(piece, packed)) is not None]
    return ",".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in objects) or None


def _unpack_one(text: str, packed: Packed) -> dict[str, Any] | None:
    pairs = dict(_pair(part, packed.values) for part in text.split(packed.pairs) if packed.values in part)
    found = {
        key: next((pairs[name] for name in names if pairs.get(name)), None) for key, names in packed.fields.items()
    }
    identity = found.get("id")
    quantity = _number(found.get("quantity") or "1")
    if not identity or quantity is None or quantity <= 0:
        return None
    item: dict[str, Any] = {"id": identity, "quantity": _plain(quantity)}
    price = _number(found.get("item_price"))
    total = _number(pairs.get(packed.line_total or ""))
    if price is None and total is not None:
        price = round(total / quantity, 6)
    if price is not None and price >= 0:
        item["item_price"] = _plain(price)
    return item | {name: found[name] for name in TEXT_FIELDS if found.get(name)}


def _pair(part: str, values: str) -> tuple[str, str]:
    name, _, value = part.partition(values)
    return name.strip(), value.strip()


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal((text or "").strip().lstrip("$€£").replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _plain(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)
