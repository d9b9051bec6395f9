"""A schema's own rules, `[[rule]]`: what an export's owner wants of every event, as pandera schemas of one column."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, model_validator

from importer.core.model import CUSTOM_FIELDS, DAY, EVENT_FIELDS, HELPER_FIELDS, KEYS

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas

NUMBERS = frozenset({"value", "net_revenue", "predicted_ltv", "num_items"})
"""Fields that are compared as numbers; `event_time` is compared as an instant, all others as text."""

BEFORE_NORMALIZATION = frozenset({*HELPER_FIELDS, "event_clock", "event_zone"})
"""Fields that have become others once an event is normalized."""

RULE_FIELDS = tuple(
    name for name in (*(key.name for key in KEYS), *EVENT_FIELDS, *CUSTOM_FIELDS) if name not in BEFORE_NORMALIZATION
)

Bound = bool | int | float | datetime | date | str


class ColumnRule(BaseModel):
    """What one column of an event must keep.

    Exactly one of min and max (together or alone), in, not_in, matches (RE2, on the whole text) and filled. currency:
    min and max hold for events in that currency only. Missing values break `filled` alone; of several values of a
    customer key each must keep the rule.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    min: Bound | None = None
    max: Bound | None = None
    among: tuple[Bound, ...] | None = Field(default=None, alias="in")
    not_in: tuple[Bound, ...] | None = None
    matches: str | None = None
    filled: Literal[True] | None = None
    currency: str | None = None
    message: str | None = None

    @property
    def frame_column(self) -> str:
        """The column of the events that holds the values; those of `[custom]` are marked."""
        return self.column if self.column in RULE_FIELDS else f"custom:{self.column}"

    @model_validator(mode="after")
    def _one_condition_of_the_right_type(self) -> ColumnRule:
        conditions = {
            "min or max": self.min if self.min is not None else self.max,
            "in": self.among,
            "not_in": self.not_in,
            "matches": self.matches,
            "filled": self.filled,
        }
        named = [name for name, value in conditions.items() if value is not None]
        if len(named) != 1:
            message = f"a rule needs exactly one of min, max, in, not_in, matches, filled; this has {len(named)}"
            raise ValueError(message)
        if self.currency is not None and named != ["min or max"]:
            message = "currency goes with min or max only"
            raise ValueError(message)
        if self.matches is not None:
            _require_pattern(self.matches)
        if self.column not in RULE_FIELDS:  # of [custom], or unknown, which the plan tells
            return self
        wanted, words = _type_of(self.column)
        bounds = [self.min, self.max, *(self.among or ()), *(self.not_in or ())]
        if any(value is not None and (not isinstance(value, wanted) or isinstance(value, bool)) for value in bounds):
            message = f"{self.column} is compared with {words}"
            raise ValueError(message)
        if (named == ["min or max"]) == (wanted == (str,)) and named[0] in ("min or max", "matches"):
            message = f"{self.column} is compared with {words}, so {named[0]} cannot be asked of it"
            raise ValueError(message)
        return self


def _type_of(column: str) -> tuple[tuple[type, ...], str]:
    """Return what a column's values are compared with, as Python types and in words."""
    if column in NUMBERS:
        return (int, float), "numbers"
    if column == "event_time":
        return (date,), "dates and times (written without quotes)"
    return (str,), "text (in quotes)"


def _require_pattern(pattern: str) -> None:
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        message = f"{pattern!r} is not a valid regular expression (RE2)"
        raise ValueError(message) from error


def rule_schema(rule: ColumnRule) -> pandera.pandas.DataFrameSchema:
    """Return the rule as a pandera schema of its one column."""
    import pandera.pandas  # noqa: PLC0415  imported beside the survey

    check = pandera.pandas.Check(lambda values: _holds(rule, values), error="own_rule", ignore_na=not rule.filled)
    return pandera.pandas.DataFrameSchema({rule.frame_column: pandera.pandas.Column(checks=[check], nullable=True)})


def _holds(rule: ColumnRule, values: pd.Series[Any]) -> pd.Series[Any]:
    """Tell which values keep the rule."""
    import pandas as pd  # noqa: PLC0415

    if rule.filled:
        return values.notna()
    column = pa.array(values.array)
    listed = rule.among if rule.among is not None else rule.not_in
    if any(isinstance(bound, int | float) for bound in (rule.min, rule.max, *(listed or ()))):
        numbers = pd.to_numeric(values, errors="coerce") if pa.types.is_string(column.type) else values
        column = pa.array(numbers.astype("float64[pyarrow]").array)
    if rule.matches is not None:
        holds = pc.match_substring_regex(column, rf"\A(?:{rule.matches})\z")
    elif listed is not None:
        holds = pc.is_in(column, value_set=pa.array([_comparable(value) for value in listed]).cast(column.type))
        holds = holds if rule.not_in is None else pc.invert(holds)
    else:
        holds = pc.is_valid(column)
        if rule.min is not None:
            holds = pc.and_(holds, pc.greater_equal(column, _comparable(rule.min)))
        if rule.max is not None:
            holds = pc.and_(holds, pc.less_equal(column, _comparable(rule.max, DAY - 1)))
    return pd.Series(np.asarray(holds.fill_null(False)), index=values.index)


def _comparable(value: Bound, to_the_end: int = 0) -> float | str:
    """Return a number or a text as it is, an instant in UTC seconds; to_the_end: seconds added to a day alone."""
    if isinstance(value, datetime):
        return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
    if isinstance(value, date):
        return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp()) + to_the_end
    return value
