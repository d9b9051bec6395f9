"""Columns in which a refund may name the sale that it takes back, such as `Original Order ID` or `Refund for`.

Only their cells decide: one that is the order id of a sale of the same amount names it. So a column too many does no
harm.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from importer.core.understanding.column import NOUNS
from importer.core.understanding.headers import HeaderWords, read_headers

LINKING = (
    "parent", "relat", "link", "source", "initial", "previous", "correspond", "applies", "applied", "against", "refer",
    "zugehör", "bezug", "bezieht", "ursprung", "origin", "relacion", "collegat", "gekoppeld", "powiąz", "pierwot",
)  # fmt: skip
"""Beginnings of words that tie a record to an earlier one."""

OTHER = (
    "customer_id", "sku", "product", "store", "staff", "amount", "price", "quantity", "date", "datetime", "time",
    "type", "status", "email", "phone", "fee", "tax", "currency", "points", "name", "coupon", "card", "channel",
)  # fmt: skip
"""What a column is of that names no sale."""


def link_columns(headers: Sequence[str], names: Sequence[str], taken: Collection[str]) -> tuple[str, ...]:
    """Return the names of the columns that may name the sale which a refund takes back. taken: those of fields."""
    read = zip(names, read_headers(headers), strict=True)
    return tuple(name for name, header in read if name not in taken and _links(header))


def _links(header: HeaderWords) -> bool:
    of_refund = header.has("refund", "refunded")
    ties = of_refund or header.has("foreign") or any(word.startswith(LINKING) for word in header.words)
    names_one = header.has("id", *NOUNS) or (of_refund and {"for", "of"} & set(header.words))
    return bool(ties and names_one) and not header.has(*OTHER)
