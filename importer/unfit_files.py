"""Files that no answer can turn into sales: what they are instead, and what to export or to name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from importer.core.binding import Binding
from importer.core.model import CUSTOMER_FIELDS

_PERIOD = re.compile(
    r"(?i)^\W*(month|week|quarter|year|period|hour|day of week|weekday|monat|woche|quartal|jahr|zeitraum|mois|semaine|"
    r"trimestre|année|période|mes|semana|año|periodo|mese|settimana|anno|mês|ano|maand|jaar|miesiąc|rok|månad|måned|月|月份|年月|월|месяц|год)\W*$"
)
_COUNT = re.compile(
    r"(?i)\b(orders|transactions|invoices|receipts|tickets|customers|visits|order count|(number|no\.?|count|#) of|"
    r"average|avg|aov|anzahl (der )?(bestellungen|belege|kunden)|durchschnitt|nombre de|moyen|moyenne|número de|"
    r"promedio|media|numero di)\b"
)


def sums(binding: Binding, headers: Sequence[str]) -> str | None:
    """Return a sentence where rows are sums by shop, month or the like, which name no customer and no order."""
    told = {*CUSTOMER_FIELDS, "order_id"} & binding.columns.keys()
    if any(not _COUNT.search(name) for field in told for name in binding.columns[field].names):
        return None  # "Orders" is like the name of an order's column, and counts them
    if not any(_PERIOD.search(header) or _COUNT.search(header) for header in headers):
        return None
    return (
        "The rows are sums, not single sales. Export the list of sales: a row for each, with its date, its amount and "
        "the customer's e-mail or phone."
    )


def sister(binding: Binding, missing: Sequence[str]) -> str | None:
    """Return what to do about a table whose dates or amounts stand in another one; missing: fields without a column."""
    has = binding.columns.keys()
    if {"event_time", "value"} <= set(missing) and {"em", "ph"} & has and "order_id" not in has:
        return (
            "These are customers, not sales: import the file of the sales and join this one to it, with --customers "
            "and --join-on."
        )
    if "order_id" not in has:
        return None
    if "event_time" in missing and binding.items:
        return (
            "These are the lines of orders, whose dates stand in another file. Export orders and lines in one file, or "
            "the orders alone with date, amount and customer."
        )
    if list(missing) == ["value"]:
        return (
            "Do the amounts stand in another file, with the lines of the orders? Then export both in one file, or the "
            "orders with their totals."
        )
    return None
