"""A schema's own rules, `[[rule]]`: what an export's owner wants of every event, as pandera schemas of one column."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import reduce
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, model_validator

from importer.core.model import CUSTOM_FIELDS, DAY, EVENT_FIELDS, HELPER_FIELDS, KEYS, Column
from importer.core.tables.currencies import MINOR_DIGITS

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
        if self.currency is not None and self.currency not in MINOR_DIGITS:
            message = f"{self.currency} is not a currency of ISO 4217, such as EUR"
            raise ValueError(message)
        if () in (self.among, self.not_in):
            message = f"{named[0]} lists nothing"
            raise ValueError(message)
        if self.matches is not None:
            _require_pattern(self.matches)
        return self

    def require_types(self) -> None:
        """Raise ValueError unless the bounds are of the column's type and can be kept; the column is a known one."""
        wanted, words = _type_of(self.column)
        given = (self.min, self.max, *(self.among or ()), *(self.not_in or ()))
        bounds = [value for value in given if value is not None]
        if any(not isinstance(value, wanted) or isinstance(value, bool) for value in bounds):
            message = f"{self.column} is compared with {words}"
            raise ValueError(message)
        has_range, is_text = self.min is not None or self.max is not None, wanted == (str,)
        if (has_range and is_text) or (self.matches is not None and not is_text):
            asked = "min or max" if has_range else "matches"
            message = f"{self.column} is compared with {words}, so {asked} cannot be asked of it"
            raise ValueError(message)
        if any(isinstance(value, float) and not isfinite(value) for value in bounds):
            message = f"{self.column} is compared with numbers; inf and nan are none"
            raise ValueError(message)
        if has_range and len(bounds) > 1 and float(_comparable(bounds[0])) > float(_comparable(bounds[1], DAY - 1)):
            message = "min is greater than max"
            raise ValueError(message)


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
    if rule.column in NUMBERS:
        numbers = pd.to_numeric(values, errors="coerce") if pa.types.is_string(column.type) else values
        column = pa.array(numbers.astype("float64[pyarrow]").array)
    listed = rule.among if rule.among is not None else rule.not_in
    if rule.matches is not None:
        holds = pc.match_substring_regex(column, rf"\A(?:{rule.matches})\z")
    elif listed is not None:
        if rule.column == "event_time":
            holds = reduce(pc.or_, (_within(column, value, value) for value in listed))
        else:
            holds = pc.is_in(column, value_set=pa.array(listed).cast(column.type))
        holds = holds if rule.not_in is None else pc.invert(holds)
    else:
        holds = _within(column, rule.min, rule.max)
    return pd.Series(np.asarray(holds.fill_null(False)), index=values.index)


def _within(column: Column, least: Bound | None, most: Bound | None) -> Column:
    """Tell which values lie between the bounds, both included; a day alone is the whole day."""
    holds = pc.is_valid(column)
    if least is not None:
        holds = pc.and_(holds, pc.greater_equal(column, _comparable(least)))
    if most is not None:
        holds = pc.and_(holds, pc.less_equal(column, _comparable(most, DAY - 1)))
    return holds


def _comparable(value: Bound, to_the_end: int = 0) -> float | str:
    """Return a number or a text as it is, an instant in UTC seconds; to_the_end: seconds added to a day alone."""
    if isinstance(value, datetime):
        return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
    if isinstance(value, date):
        return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp()) + to_the_end
    return value
