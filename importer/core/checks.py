"""Validate the events of a batch by the pandera schemas of schemas/conversion.py and by the export's own rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, Mask, column_of, nulls, one_chunk, parents_of, where
from importer.core.model import (
    CUSTOM_FIELDS,
    EVENT_FIELDS,
    KEYS,
    STORE_WINDOW_SECONDS,
    WINDOW_MARGIN_SECONDS,
    WINDOW_SECONDS,
    Column,
    Normal,
)
from importer.core.own_rules import rule_schema
from importer.core.plan import Plan
from importer.core.reasons import REASONS
from importer.errors import SchemaError

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas

STRONG = frozenset(
    {"em", "ph", "madid", "lead_id", "anon_id", "fbc", "fbp", "fb_login_id", "subscription_id"}
    | {"page_scoped_user_id", "ctwa_clid", "ig_sid"}
)
"""Keys that identify one person or device by themselves."""

BROAD = (
    frozenset({"ct", "country", "st", "zp", "ge", "client_user_agent"}),
    frozenset({"db", "client_user_agent"}),
    frozenset({"fn", "ge"}),
    frozenset({"ln", "ge"}),
)
"""Sets of keys that Meta refuses when an event has no key beyond them [BP]."""

COMPANIONS = frozenset({"client_ip_address", "client_user_agent"})
"""Together they identify a web visitor."""

LISTS = frozenset(key.name for key in KEYS)
"""Columns that hold a list of values for each event."""

CONDITIONS = frozenset({"event_name", "event_time", "action_source", "event_source", "value"})
"""Columns by which it is decided which events a schema is for."""

_CODE = re.compile(r"(?:(?P<field>[a-z0-9_]+):)?(?P<reason>[a-z0-9_]+)")


class Failures(NamedTuple):
    """For each event the field at fault, the reason code and what fills its sentence; null where it may be sent."""

    field: Column
    reason: Column
    detail: Column


class Failure(NamedTuple):
    """Events (by row) that break one rule."""

    rows: Indices
    field: str
    reason: str
    detail: str | None = None


def validate(events: Normal, now: int, plan: Plan) -> Failures:
    """Return the first failure of each event.

    What could not be read comes first, since "the date is missing" says less than "the date cannot be read"; then the
    schemas in their order; then, for events that would otherwise be sent, the export's own rules (`[[rule]]`).
    """
    from importer._schemas import conversion  # noqa: PLC0415  pandas and pandera take 0.4 s: imported beside the survey

    found = _FirstFailures(events.num_rows)
    for field, reasons in (("event_time", events.column("time_reason")), ("value", events.column("value_reason"))):
        for reason in reasons.unique().drop_null().to_pylist():
            found.add(Failure(np.flatnonzero(pc.equal(reasons, reason).fill_null(False)), field, reason))
    found.add(Failure(np.flatnonzero(events.column("currency_bad")), "currency", "bad_currency"))
    parts, rules = conversion.parts(plan.match.minimum_keys), [(rule, rule_schema(rule)) for rule in plan.rule]
    frame = _frame(events, now, [*(part.schema for part in parts), *(schema for _, schema in rules)])
    for schema, applies in parts:
        mask = None if applies is None else applies(frame).fillna(False).to_numpy(dtype=np.bool_)
        for failure in _failures(schema, frame, events, mask):
            found.add(failure)
    for rule, schema in rules:
        mask = ~found.failed
        if rule.currency is not None:
            mask &= np.asarray(pc.equal(events.column("currency"), rule.currency).fill_null(False))
        for failure in _failures(schema, frame, events, mask):
            sentence = rule.message or f"{rule.column} breaks a rule of {plan.name}."
            found.add(failure._replace(field=rule.column, reason="own_rule", detail=sentence))
    return found.columns()


class _FirstFailures:
    """Collects failures; of each event the first counts."""

    def __init__(self, count: int) -> None:
        self._number = np.full(count, -1, np.int32)
        self._failures: list[Failure] = []

    @property
    def failed(self) -> Mask:
        """Which events have failed."""
        return self._number >= 0

    def add(self, failure: Failure) -> None:
        rows = failure.rows[self._number[failure.rows] < 0]
        if len(rows):
            self._number[rows] = len(self._failures)
            self._failures.append(failure)

    def columns(self) -> Failures:
        if not self._failures:
            return Failures(*(nulls(len(self._number)) for _ in Failures._fields))
        numbers = pa.array(self._number, mask=self._number < 0)
        texts = ([getattr(failure, name) for failure in self._failures] for name in Failures._fields)
        return Failures(*(one_chunk(pa.array(each, pa.string()).take(numbers)) for each in texts))


def _frame(events: Normal, now: int, schemas: Sequence[pandera.pandas.DataFrameSchema]) -> pd.DataFrame:
    """Return the columns that the schemas and their conditions mention, in pandas with Arrow's own types.

    A check of a whole schema may ask for any: then all single-valued columns are there.
    """
    import pandas as pd  # noqa: PLC0415

    mentioned = CONDITIONS.union(*(schema.columns for schema in schemas))
    own = {name for name in (*events.schema.names, *mentioned) if name.startswith("custom:")}
    names = [*EVENT_FIELDS, *CUSTOM_FIELDS, *sorted(own)]
    if not any(schema.checks for schema in schemas):
        names = [name for name in names if name in mentioned]
    columns = {name: column_of(events, name) for name in names}
    columns["value"] = columns["value"].cast(pa.float64())
    seconds, in_store = columns["event_time"], pc.equal(columns["action_source"], "physical_store").fill_null(False)
    window = pc.if_else(in_store, STORE_WINDOW_SECONDS - WINDOW_MARGIN_SECONDS, WINDOW_SECONDS - WINDOW_MARGIN_SECONDS)
    columns["age"] = pc.subtract(pa.scalar(now), seconds)
    columns["seconds_left"] = pc.subtract(window.cast(pa.int64()), columns["age"])
    columns["key_strength"] = pa.array(key_strength(events))
    frame: pd.DataFrame = pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _failures(
    schema: pandera.pandas.DataFrameSchema, frame: pd.DataFrame, events: Normal, mask: Mask | None
) -> Iterator[Failure]:
    """Validate the events of the mask lazily, by column; yield what fails, in the schema's order.

    Keys of customers are lists: their columns are validated value by value, in a frame of their own.
    """
    import pandera.pandas  # noqa: PLC0415

    if mask is not None and not mask.any():
        return
    lists = [name for name in schema.columns if name in LISTS]
    flat = schema.remove_columns(lists) if lists else schema
    if flat.columns or flat.checks:
        part = frame if mask is None or mask.all() else frame[mask]
        yield from _failures_in(flat, part)
    for name in lists:
        values = column_of(events, name, pa.list_(pa.string()))
        one = pandera.pandas.DataFrameSchema({name: schema.columns[name]})
        part = _flattened(values, name, empty_too=any(not check.ignore_na for check in schema.columns[name].checks))
        yield from _failures_in(one, part if mask is None else part[mask[part.index]])


def _flattened(lists: Column, name: str, *, empty_too: bool) -> pd.DataFrame:
    """Return the values of a column of lists, each under its event's number; for an empty list a missing value."""
    import pandas as pd  # noqa: PLC0415

    rows, values = parents_of(lists), one_chunk(pc.list_flatten(lists))
    if empty_too:
        without = np.setdiff1d(np.arange(len(lists)), rows)
        rows, values = np.append(rows, without), one_chunk(pa.concat_arrays([values, nulls(len(without))]))
    frame: pd.DataFrame = pa.table({name: values}).to_pandas(types_mapper=pd.ArrowDtype)
    return frame.set_index(pd.Index(rows))


def _failures_in(schema: pandera.pandas.DataFrameSchema, frame: pd.DataFrame) -> Iterator[Failure]:
    """Yield what pandera finds in the frame, whose index is the number of the event.

    The values of pandera's failure cases are never looked at, since they are customers' data.
    """
    import pandera.errors  # noqa: PLC0415

    if frame.empty:
        return
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        found = errors.failure_cases.groupby(["schema_context", "column", "check"], sort=False, dropna=False)
        for (context, column, check), cases in found:
            if check == "column_in_dataframe":
                message = f"schemas/conversion.py: {cases['failure_case'].iloc[0]} is not a column of an event."
                raise SchemaError(message) from None
            if check.startswith("dtype(") or cases["index"].isna().any():
                message = f"schemas/conversion.py: {column} is {frame[column].dtype}, not {check}."
                raise SchemaError(message) from None
            rows = np.unique(cases["index"].to_numpy(np.int64))
            yield _failure(rows, "" if context == "DataFrameSchema" else str(column), str(check))


def _failure(rows: Indices, column: str, check: str) -> Failure:
    """Return a failed check as a reason; one whose `error` is not a reason code with a sentence explains itself."""
    code = _CODE.fullmatch(check)
    field, reason = (code["field"] or column, code["reason"]) if code else (column, "own_rule")
    explained = code is not None and reason in REASONS
    detail = None if explained else f"{field or 'The event'} breaks the rule {reason if code else check}."
    return Failure(rows, field, reason, detail)


def browser_notes(events: Normal) -> Column:
    """Rule 9: a warning on website events without the browser, which Meta documents as required but does without."""
    website = np.asarray(pc.equal(events.column("action_source"), "website").fill_null(False)).astype(np.bool_)
    if "client_user_agent" in events.schema.names and website.any():
        website &= np.asarray(pc.list_value_length(events.column("client_user_agent"))) == 0
    return where(website, "client_user_agent:missing")


def key_strength(events: Normal) -> Indices:
    """For each event how well its keys can be matched, as schemas/conversion.py counts it."""
    from importer._schemas import conversion  # noqa: PLC0415

    none = np.zeros(events.num_rows, np.bool_)
    present: dict[str, Mask] = {
        key.name: np.asarray(pc.list_value_length(events.column(key.name))) > 0
        for key in KEYS
        if key.name in events.schema.names
    }

    def any_of(names: Collection[str]) -> Mask:
        return reduce(np.logical_or, (present[name] for name in names & present.keys()), none)

    strong = any_of(STRONG)
    if present.keys() >= COMPANIONS:
        strong = strong | (present["client_ip_address"] & present["client_user_agent"])
    narrow = reduce(and_, (any_of(present.keys() - broad) for broad in BROAD))
    ranks = np.where(narrow, np.where(strong, conversion.STRONG_KEYS, conversion.WEAK_KEYS), conversion.BROAD_KEYS)
    return np.where(any_of(present.keys()), ranks, conversion.NO_KEYS).astype(np.int64)
