"""The decimal mark of each column of amounts: by its own proof, another column's or the currency, else asked.

`12.990` pesos of Chile are thousands, since a peso has no parts; of dollars nobody can tell.
"""

from __future__ import annotations

from collections.abc import Mapping

from importer.core.binding import Answers, Binding
from importer.core.cells.amount_grammar import Mark
from importer.core.cells.amounts import DecimalEvidence, decide, read_amounts
from importer.core.cells.currency import currencies
from importer.core.model import Raw
from importer.core.tables.currencies import MINOR_DIGITS, WITHOUT_PARTS
from importer.questions import Kind, Question

THREE_DIGITS = 3
SALE, PRICE, REFUND = ("value", "net_revenue", "predicted_ltv"), "item_price", "refund "
COUNTS = "quantity"


def currencies_told(sales: Raw, binding: Binding, decimals: Mapping[str, DecimalEvidence]) -> frozenset[str]:
    """Return the currencies that columns and cells name, where some amount leaves its mark open."""
    if not any(one.open_point or one.open_comma for name, one in decimals.items() if name != COUNTS):
        return frozenset()
    columns = binding.columns["currency"].names if "currency" in binding.columns else ()
    amounts = binding.columns["value"].names if "value" in binding.columns else ()
    found = [currencies(sales.column(name)) for name in columns]
    found += [read_amounts(sales.column(name), decimal=".").currency for name in amounts]
    return frozenset(code for each in found for code in each.unique().to_pylist() if code is not None)


def settle_decimals(
    evidence: Mapping[str, DecimalEvidence], told: frozenset[str], binding: Binding, options: Answers
) -> tuple[dict[str, str | None], list[Question]]:
    """Return the mark of each column, and what must be asked; told: the file's currencies, of cells and headers."""
    given = options.decimal or binding.plan.money.decimal
    if given:
        return dict.fromkeys(evidence, given), []
    proven = {decide(one) for name, one in evidence.items() if name != COUNTS and (one.point or one.comma)}
    of_file = proven.pop() if len(proven) == 1 else None
    marks: dict[str, str | None] = {}
    asked = []
    for name, one in evidence.items():
        marks[name] = decide(one) if name == COUNTS else _mark(one, told, of_file)
        if marks[name] is None and _is_open(one) and _matters(name, binding):
            asked.append((name, one))
    return marks, [_question(*asked[0], binding)] if asked else []


def _mark(one: DecimalEvidence, told: frozenset[str], of_file: Mark | None) -> Mark | None:
    """Return the mark of one column; None where it stays open."""
    if not _is_open(one):
        return decide(one)
    if of_file is not None:
        return of_file
    digits = {0 if code in WITHOUT_PARTS else MINOR_DIGITS[code] for code in told}
    opened: tuple[Mark, Mark] = (".", ",") if one.open_point else (",", ".")
    if digits and THREE_DIGITS not in digits and (digits == {0} or one.open_comma):
        return opened[1]
    if digits == {THREE_DIGITS} and one.open_point:
        return "."
    return opened[1] if one.open_comma and not digits else None


def _is_open(one: DecimalEvidence) -> bool:
    """Tell whether all that the column says of its mark is `1.234`, or all is `1,234`."""
    return bool(one.open_point) != bool(one.open_comma) and not (one.point or one.comma or one.weak_comma)


def _matters(name: str, binding: Binding) -> bool:
    """Tell whether what is sent depends on the column: not an item's price beside the amount of its order."""
    return name in SALE or name.startswith(REFUND) or (name == PRICE and binding.value_from_parts)


def _question(name: str, one: DecimalEvidence, binding: Binding) -> Question:
    sources = {**binding.items, **binding.columns}
    header = sources[name].names[0] if name in sources else name.removeprefix(REFUND)
    mark, shown = ("point", "1.234") if one.open_point else ("comma", "1,234")
    text = f'Amounts in "{header}" are written like {shown}: is the {mark} a decimal mark, or are they thousands?'
    thousands = "comma" if mark == "point" else "point"
    return Question(Kind.DECIMAL, text, (f"--decimal {mark}", f"--decimal {thousands}"), name, header)
