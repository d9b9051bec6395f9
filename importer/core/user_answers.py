"""What a user's options say about a file's columns, words and rows, applied to the file's plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from importer.core.model import ALL_OF, CUSTOM_FIELDS, CUSTOMER_FIELDS, EVENT_FIELDS
from importer.core.plan import ITEM_FIELDS, SKIPS, Headers, Plan, SaleRule, fold, fold_value

STATUS = "status"
NOTHING = "-"
MAP_FIELDS = (*CUSTOMER_FIELDS, *EVENT_FIELDS, *CUSTOM_FIELDS, *ITEM_FIELDS, STATUS)
"""What `--map COLUMN=FIELD` can name; a field that both the event and its items have is the event's."""

MEANINGS = ("sale", *SKIPS)

Rows: TypeAlias = Literal["order", "line", "line-with-total"]
LAYOUTS: dict[str, dict[str, str]] = {
    "order": {"rows": "orders", "total": "once"},
    "line": {"rows": "lines", "total": "sum"},
    "line-with-total": {"rows": "lines", "total": "once"},
}


@dataclass(frozen=True)
class UserAnswers:
    """The user's answers about one run's files.

    columns: (header, field) of each `--map`; `-` stands for none. words: each `--status` as given, WORD=MEANING or
    COLUMN:WORD=MEANING. rows: what a row is.
    """

    columns: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    rows: Rows | None = None

    @property
    def given(self) -> bool:
        """Tell whether there is any answer."""
        return bool(self.columns or self.words or self.rows)

    @property
    def named(self) -> frozenset[str]:
        """The headers of the answers, folded."""
        return frozenset(fold(column) for column, _ in self.columns)


def apply(plan: Plan, headers: Sequence[str], answers: UserAnswers) -> tuple[Plan, frozenset[str]]:
    """Return the plan as the user's answers change it, and the columns of the answers that the file does not have."""
    present = {fold(header): header for header in headers}
    mapped = [(present[fold(column)], field) for column, field in answers.columns if fold(column) in present]
    unknown = frozenset(column for column, _ in answers.columns if column != NOTHING and fold(column) not in present)
    absent = {field for column, field in answers.columns if column == NOTHING}
    taken = {fold(header) for header, _ in mapped}
    columns, items, custom = (_without(each, taken, absent) for each in (plan.columns, plan.items, plan.custom))
    rules = [rule for rule in plan.sale if not _names(rule) & {fold(h) for h, field in mapped if field != STATUS}]
    named: dict[str, list[str]] = {}
    for header, field in mapped:
        named.setdefault(field, []).append(header)
    for field, own in named.items():
        spec = Headers(headers=tuple(own), take="all" if field in ALL_OF else "first")
        if field in ITEM_FIELDS and field not in (*EVENT_FIELDS, *CUSTOM_FIELDS):
            items[field] = spec
        elif field not in (STATUS, NOTHING):
            columns[field] = spec
    for header in named.get(STATUS, ()):
        if not any(fold(header) in _names(rule) for rule in rules):
            rules.append(SaleRule(column=(header,), known_words="status"))
    rules = _with_words(rules, present, answers.words)
    changed: dict[str, Any] = {"columns": columns, "items": items, "custom": custom, "sale": tuple(rules)}
    if "value" in absent and {"item_price", "quantity"} <= items.keys():  # the amount is price times quantity
        changed["orders"] = plan.orders.model_copy(update=LAYOUTS["line"])
    if answers.rows is not None:
        changed["orders"] = plan.orders.model_copy(update=LAYOUTS[answers.rows])
    return plan.model_copy(update=changed), unknown


def _names(rule: SaleRule) -> set[str]:
    return {fold(header) for header in rule.column}


def _without(specs: Any, taken: set[str], absent: set[str]) -> dict[str, Headers]:
    """Leave out columns that the user gave another meaning, and fields that no column holds."""
    kept = {}
    for field, spec in specs.items():
        headers = tuple(header for header in spec.headers if fold(header) not in taken)
        if headers and field not in absent:
            kept[field] = spec.model_copy(update={"headers": headers})
    return kept


def _with_words(rules: list[SaleRule], present: dict[str, str], words: Sequence[str]) -> list[SaleRule]:
    """Give words their meaning in the rule of the column named before the colon, or in every rule of words."""
    for text in words:
        left, _, meaning = text.rpartition("=")
        head, colon, rest = left.partition(":")
        column = present.get(fold(head)) if colon else None
        word = left if column is None else rest
        if column is not None and not any(fold(column) in _names(rule) for rule in rules):
            rules = [*rules, SaleRule(column=(column,))]
        rules = [
            rule
            if not rule.of_words or (column is not None and fold(column) not in _names(rule))
            else _with_word(rule, word, meaning)
            for rule in rules
        ]
    return rules


def _with_word(rule: SaleRule, word: str, meaning: str) -> SaleRule:
    if not word.strip():
        return rule.model_copy(update={"blank": meaning})
    changed = {
        name: tuple(known for known in getattr(rule, name) if fold_value(known) != fold_value(word))
        for name in MEANINGS
    }
    changed[meaning] = (*changed[meaning], word.strip())
    return rule.model_copy(update=changed)
