"""Claims on what makes a sale: its time, amount, currency and id."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from importer.core.understanding.column import AGREES, HALF, MOSTLY, NEARLY_ALL, NOUNS, OWN, Claim, ColumnEvidence
from importer.core.understanding.headers import HeaderWords

NO_DATE = frozenset(
    {"birth", "due", "exported", "cancelled", "refunded", "end", "lifetime", "given", "product", "customer", "shipped",
     "customer_id", "age", "level", "card", "consent", "profit", "yes_no", "status", "test", "authorized", "staff",
     "coupon", "note"}
)  # fmt: skip
"""Words of headers whose dates are never the sale's."""

CREATED = 0.78
"""The strength of a date of creation, which need not be the sale's."""

TIMED = 0.1
"""What a time of day adds to a date."""

DATES = (
    ("updated", 0.3), ("scheduled", 0.4), ("start", 0.6), ("sold", 1.0), ("paid", 0.95),
)  # fmt: skip
"""Words of headers and how strong a claim on the time of the sale is that they make, the first that is there."""


def time_claims(column: ColumnEvidence) -> Iterator[Claim]:
    """Yield claims on the time of the sale: sold and paid before a plain date, before created; a due date never."""
    dated = column.has("date", "time", "datetime")
    if column.has("zone") and not dated:
        if column.share("zone") >= AGREES:
            yield column.claim("event_zone", 0.95, "zone")
        if not column.has("sold", "paid", *NOUNS):
            return
    only_time = column.has("time") and column.header.meanings <= {"time", "sold", *NOUNS}
    if column.share("clock") >= (FEW if only_time else MOSTLY):
        if column.has("time", "datetime", "start") and not column.has(*NO_DATE):
            yield column.claim("event_clock", 0.9 if column.has("time") else 0.5, "clock")
    elif column.share("date") + (column.share("serial") if dated else 0) >= MOSTLY and not (
        column.has(*NO_DATE) or (column.has("id") and not dated)
    ):
        timed = TIMED if column.share("timed") > HALF else 0.0
        yield column.claim("event_time", _time_strength(column.header) + timed, "date")


def _time_strength(header: HeaderWords) -> float:
    if header.has("first_last"):
        return 0.55 if header.has("paid", "sold", *NOUNS) else 0.2
    if header.has("created"):
        return 0.85 if header.has(*NOUNS) else CREATED
    found = next((strength for word, strength in DATES if header.has(word)), None)
    if found is not None:
        return found
    dated = header.has("date", "datetime", "time")
    if header.has(*NOUNS):
        return 0.97 if dated else 0.7
    return 0.92 if dated else 0.35


NO_AMOUNT = frozenset(
    {"tax", "fee", "tip", "shipping_cost", "shipping", "discount", "refund", "refunded", "balance", "outstanding",
     "points", "profit", "rate", "weight", "lifetime", "average", "coupon", "given", "due", "age", "card", "id", "date",
     "time", "datetime", "level", "customer_id", "tax_id", "yes_no", "cancelled", "authorized", "sku", "quantity",
     "method", "birth", "phone", "zone"}
)  # fmt: skip
"""Words of headers whose amounts are never the sale's."""

AMOUNTS = (("subtotal", 0.4), ("net", 0.6), ("total", 0.97), ("gross", 0.92))
"""Words of headers and how strong a claim on the amount of the sale is that they make, the first that is there."""

LESS = {"product": 0.2, "customer": 0.3, "foreign": 0.1}
"""What further words take from it."""


def amount_claims(column: ColumnEvidence) -> Iterator[Claim]:
    """Yield claims on the amount: total before amount, gross before net, both before a subtotal or a price."""
    flag = column.has("paid") and column.share("yes_no") == 1
    if flag or column.has(*NO_AMOUNT) or column.share("date") > HALF:
        return
    if column.share("amount") < MOSTLY:
        if column.has("amount", "total") and column.header.meanings <= {"amount", "total", "gross", "paid", *NOUNS}:
            yield column.claim("value", UNREADABLE, "amount")
        return
    if column.has("price") and not column.has("total", "order", "gross", "net", "paid"):
        yield column.claim(
            "item_price", 0.95 if column.has("unit") else 0.85 if column.has("product") else 0.6, "amount"
        )
    elif column.has("amount") and column.has("unit"):
        yield column.claim("item_price", 0.95, "amount")
    if column.has("unit") or (column.has("price") and column.has("product")):
        return
    if column.has("amount", "total", "gross", "net", "subtotal", "price", "paid", "line", "cents"):
        nothing = 0.5 if column.share("zero") > NEARLY_ALL else 0.0
        yield column.claim("value", _amount_strength(column.header) - nothing, "amount")
    elif not column.header.meanings:
        yield column.claim("value", 0.3 + 0.2 * column.share("decimals"), "amount")
    elif column.has("sold", *NOUNS) and column.share("decimals") > HALF:
        yield column.claim("value", 0.6, "amount")


UNREADABLE = 0.26
"""The strength of a claim by a header whose cells are hardly amounts: it is only asked about."""

FEW = 0.2
"""So many times of day show that the column of a header that says time is one; its other cells are at fault."""

BLANK_COLUMN = 0.76
"""The strength of a claim by a header whose cells are all blank: any other that fits goes before it."""


def blank_claims(column: ColumnEvidence) -> Iterator[Claim]:
    """Yield claims of a column without a cell: its sales lack their amount, or their date, and are told so."""
    if column.has("amount", "total", "gross") and not column.has(*NO_AMOUNT, "product", "customer"):
        yield column.claim("value", BLANK_COLUMN)
    empty = not column.contents.rows  # a file of headers alone holds no sale
    dated = column.has("date", "datetime") or (empty and column.has("time"))
    if dated and (empty or column.has(*NOUNS, "sold")) and not column.has(*NO_DATE):
        yield column.claim("event_time", BLANK_COLUMN)


def _amount_strength(header: HeaderWords) -> float:
    strength = next((strength for word, strength in AMOUNTS if header.has(word)), None)
    if header.has("paid") and header.has("amount", "total", "price") and not header.has("net", "subtotal"):
        strength = 0.98  # what was really paid goes before a list's total; where they differ it is asked
    if strength is None:
        of_sale = header.has("paid", "sold", *NOUNS)
        if header.has("amount"):
            strength = 0.9 if of_sale else 0.86
        elif header.has("price"):
            strength = 0.78 if of_sale else 0.55
        else:
            strength = 0.78 if header.has("line") else 0.75
    elif header.has("line"):
        strength -= 0.05
    return strength - sum(less for word, less in LESS.items() if header.has(word))


def currency_claims(column: ColumnEvidence) -> Iterator[Claim]:
    """Yield claims on the currency."""
    share = column.share("currency")
    if column.has("currency") and not column.has("rate", "product", "balance", "foreign"):
        if column.share("currency_word") >= AGREES:
            yield column.claim("currency", 0.9 if column.has("transaction", "payment") else 0.95, "currency_word")
        elif column.header.meanings <= {"currency", *NOUNS} and not column.share("amount") and not column.share("date"):
            yield column.claim("currency", 0.8, "currency_word")
    elif share > NEARLY_ALL and not column.has("country", "region", "name", "first_name", "last_name"):
        yield column.claim("currency", 0.5, "currency")


RANKS = {"order": 0.97, "receipt": 0.95, "invoice": 0.93, "transaction": 0.9, "payment": 0.7}
"""How strong a claim on the sale's id is, by what it is the id of."""

OWN_KEY = 0.08
"""What a payment's id is stronger where each row has its own."""

A_BARE_NOUN, WITHOUT_ID = 0.05, 0.12
"""What a header is weaker that does not say id or number."""

BLANK = 0.25
"""What a column of blanks is weaker than one that is filled."""

NO_ORDER_ID = frozenset(
    {"customer", "customer_id", "product", "sku", "line", "date", "time", "datetime", "price", "total", "status",
     "type", "email", "phone", "name", "first_name", "last_name", *OWN, "tax_id", "card", "method", "channel", "note",
     "shipped", "shipping", "currency", "quantity", "paid", "url", "coupon", "refund", "refunded", "fee", "tax",
     "discount", "event", "title", "rate", "level", "cancelled", "given", "foreign", "points", "category", "yes_no",
     "consent", "profit", "street", "city", "postcode", "region", "country", "billing", "full_name", "area_code"}
)  # fmt: skip
"""Words of headers whose ids are never the sale's."""

OF_BATCHES = 20
"""An id that stands on so many rows on average is a batch's, not a sale's."""


def order_id_claims(column: ColumnEvidence) -> Iterator[Claim]:
    """Yield claims on the id: the order's before the receipt's, the invoice's and the transaction's; never a line's."""
    contents = column.contents
    named = column.has("id") or len(column.header.meanings) == 1
    coded = column.share("code") if named and not column.share("status") else 0.0
    share = column.share("numbered" if named else "id")
    if column.has(*NO_ORDER_ID) or max(share, coded) < MOSTLY or column.share("date") > HALF or column.share("tax_id"):
        return
    is_amount = column.share("amount") > MOSTLY and column.share("decimals") > HALF
    if (
        is_amount
        or column.share("email")
        or (contents.rows > OF_BATCHES and contents.distinct * OF_BATCHES < contents.rows)
    ):
        return
    noun = next((noun for noun in RANKS if column.has(noun)), None)
    blank = BLANK * (1 - contents.filled)
    if noun is not None:
        bare = 0 if column.has("id") else A_BARE_NOUN if len(column.header.words) == 1 else WITHOUT_ID
        yield column.claim(
            "order_id", RANKS[noun] - bare - blank + (OWN_KEY if noun == "payment" and _is_key(column) else 0), "id"
        )
    elif column.has("id"):
        strength = 0.8 if column.has("amount") or _is_key(column) else 0.62
        yield column.claim("order_id", strength - blank, "id")


def _is_key(column: ColumnEvidence) -> bool:
    """Tell whether each row has an id of its own, which is not just the row's number."""
    contents = column.contents
    count = round(contents.filled * contents.rows)
    numbers = contents.amounts[~np.isnan(contents.amounts)]
    counted = len(numbers) == count and numbers.max(initial=0) - numbers.min(initial=0) < count
    return contents.filled == 1 and contents.distinct == contents.rows > 1 and not counted
