"""Which rows are sales: what the status, type, cancellation and refund columns say together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Binding
from importer.core.cells.amounts import from_minor, read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.cells.header_currency import header_minor
from importer.core.cells.numbers import read_numbers
from importer.core.kernels.arrays import by_distinct, coalesce, nulls, one_chunk, where
from importer.core.model import Column, Raw
from importer.core.plan import SKIPS, SaleRule, fold_value
from importer.core.understanding.lexicon import lexicon

ENDED = ("cancelled", "refunded", "refund", "not_a_sale")
"""What ends a sale whatever its column is about."""

MINUS = ("-", "\u2212", "(")
"""One of these stands in every negative number."""


def verdicts(
    raw: Raw, binding: Binding, value: Column, decimals: Mapping[str, str | None], currency: Column | None = None
) -> Column:
    """Return for each row null (a sale), or the reason code of why it is none; the first rule that speaks wins.

    Where an order's total stands once, an empty status on a further line, which has no value, says nothing.
    currency: of each row, in whose cents a refund may stand.
    """
    layout = binding.plan.orders
    heads = pc.is_valid(value) if layout.rows == "lines" and layout.total != "sum" else pa.scalar(True)
    found = []
    partial = np.zeros(raw.num_rows, np.bool_)
    for rule, name in _speaking(binding):
        column = raw.column(name)
        if rule.of_amounts:
            amount = pc.abs(read_amounts(column, decimal=decimals.get(amount_key(name))).values)
            if currency is not None and header_minor(name):
                amount = from_minor(one_chunk(amount), currency)
            found.append(_verdict_of_amount(rule, amount, value))
            if rule.full_refund:
                partial |= np.asarray(pc.fill_null(pc.and_(pc.greater(amount, 0), pc.less(amount, value)), False))
            continue
        words = as_text(column)
        if rule.paid_time:
            verdict = where(np.asarray(pc.and_(pc.is_null(words), heads)), "unpaid")
        else:
            verdict = by_distinct(words, verdict_of_word(rule))
            if rule.unless_partial and partial.any():
                verdict = one_chunk(pc.if_else(pa.array(partial), pa.scalar(None, pa.string()), verdict))
            if rule.blank != "sale":
                verdict = one_chunk(pc.if_else(pc.and_(pc.is_null(words), heads), pa.scalar(rule.blank), verdict))
        found.append(verdict)
    if "quantity" in binding.items and (layout.rows == "orders" or layout.total == "sum"):
        found.append(_taken_back(raw.column(binding.items["quantity"].names[0]), value))
    spoken = coalesce(found) if found else nulls(raw.num_rows)
    if any(rule.decides for rule, _ in binding.sale):
        spoken = one_chunk(pc.if_else(pc.equal(spoken, "sale"), pa.scalar(None, pa.string()), spoken))
    return spoken


def _speaking(binding: Binding) -> list[tuple[SaleRule, str]]:
    """Return the rules that may end a sale, those that leave partial ones last; of open balances `doubts` tells."""
    rules = [(rule, name) for rule, name in binding.sale if not rule.balance or rule.other in SKIPS]
    return sorted(rules, key=lambda one: one[0].unless_partial)


def amount_key(name: str) -> str:
    """Return the name under which the decimal mark of a sale rule's column of amounts is settled."""
    return f"refund {name}"


def doubts(raw: Raw, binding: Binding, decimals: Mapping[str, str | None]) -> Column:
    """Return the warning `value:balance_open` where a column says that an amount is still to be paid."""
    names = [name for rule, name in binding.sale if rule.balance]
    amounts = [read_amounts(raw.column(name), decimal=decimals.get(amount_key(name))).values for name in names]
    still_open = [where(np.asarray(pc.fill_null(pc.greater(one, 0), False)), "value:balance_open") for one in amounts]
    return coalesce(still_open) if still_open else nulls(raw.num_rows)


def _verdict_of_amount(rule: SaleRule, amount: Column, value: Column) -> Column:
    if rule.full_refund:
        says, verdict = pc.and_(pc.greater(amount, 0), pc.greater_equal(amount, value)), "refunded"
    elif rule.paid_amount:
        says, verdict = pc.and_(pc.equal(amount, 0), pc.greater(value, 0)), "unpaid"
    elif rule.other in SKIPS:  # a balance as large as the sale, where nothing else says whether it is paid
        says, verdict = pc.and_(pc.greater(amount, 0), pc.greater_equal(amount, value)), rule.other
    else:
        return nulls(len(value))
    return where(np.asarray(pc.fill_null(says, False)), verdict)


def _taken_back(quantities: Column, value: Column) -> Column:
    """Return `refund` where a negative number of pieces stands beside a positive amount."""
    signs = [pc.match_substring(quantities, sign) for sign in MINUS] if pa.types.is_string(quantities.type) else []
    if value.null_count == len(value) or (signs and not any(pc.any(each).as_py() for each in signs)):
        return nulls(len(quantities))
    quantity, _ = read_numbers(quantities)
    return where(np.asarray(pc.fill_null(pc.and_(pc.less(quantity, 0), pc.greater(value, 0)), False)), "refund")


def verdict_of_word(rule: SaleRule) -> Callable[[str], str | None]:
    """Return the function of a status word that gives None for a sale, else the reason code."""
    exact: dict[str, str | None] = {}
    starts: list[tuple[str, str | None]] = []
    for meaning in ("sale", *SKIPS):
        verdict = None if meaning == "sale" and not rule.decides else meaning
        for word in getattr(rule, meaning):
            if word.endswith("*"):
                starts.append((fold_value(word[:-1]), verdict))
            else:
                exact[fold_value(word)] = verdict
    other = None if rule.other == "sale" else rule.other

    def verdict_of(text: str) -> str | None:
        word = fold_value(text)
        if word in exact:
            return exact[word]
        for start, verdict in starts:
            if word.startswith(start):
                return verdict
        if rule.known_words and (meaning := lexicon().status(text)) is not None:
            open_ends_it = rule.known_words == "status" and meaning in SKIPS
            return meaning if open_ends_it or meaning in ENDED else None
        return other

    return verdict_of
