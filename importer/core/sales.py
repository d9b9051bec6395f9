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
from importer.core.kernels.arrays import by_distinct, coalesce, nulls, one_chunk, where
from importer.core.model import Column, Raw
from importer.core.plan import SKIPS, SaleRule, fold_value
from importer.core.understanding.lexicon import lexicon

ENDED = ("cancelled", "refunded", "refund", "not_a_sale")
"""What ends a sale whatever its column is about."""


def verdicts(
    raw: Raw, binding: Binding, value: Column, decimals: Mapping[str, str | None], currency: Column | None = None
) -> Column:
    """Return for each row null (a sale), or the reason code of why it is none; the first rule that speaks wins.

    Where an order's total stands once, an empty status on a further line, which has no value, says nothing.
    currency: of each row, in whose cents a refund may stand.
    """
    layout = binding.plan.orders
    heads = pc.is_valid(value) if (layout.rows, layout.total) == ("lines", "once") else pa.scalar(True)
    verdicts_of_rules = []
    for rule, name in binding.sale:
        column = raw.column(name)
        if rule.full_refund:  # an amount, whatever its sign, that reaches the value
            refunded = pc.abs(read_amounts(column, decimal=decimals.get(f"refund {name}")).values)
            if currency is not None and header_minor(name):
                refunded = from_minor(one_chunk(refunded), currency)
            whole = pc.and_(pc.greater(refunded, 0), pc.greater_equal(refunded, value))
            verdicts_of_rules.append(where(np.asarray(pc.fill_null(whole, False)), "refunded"))
            continue
        words = as_text(column)
        verdict = by_distinct(words, verdict_of_word(rule))
        if rule.blank != "sale":
            verdict = one_chunk(pc.if_else(pc.and_(pc.is_null(words), heads), pa.scalar(rule.blank), verdict))
        verdicts_of_rules.append(verdict)
    spoken = coalesce(verdicts_of_rules) if verdicts_of_rules else nulls(raw.num_rows)
    if any(rule.decides for rule, _ in binding.sale):
        spoken = one_chunk(pc.if_else(pc.equal(spoken, "sale"), pa.scalar(None, pa.string()), spoken))
    return spoken


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
