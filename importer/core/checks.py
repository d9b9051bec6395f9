"""Runs the pandera schemas over a batch of events and parts good from bad, each bad one with field and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Mask, coalesce, column_of, nulls, one_chunk, where
from importer.core.model import (
    KEYS,
    STORE_WINDOW_SECONDS,
    WINDOW_MARGIN_SECONDS,
    WINDOW_SECONDS,
    Column,
    Normal,
)

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas

STRONG = frozenset(
    {"em", "ph", "madid", "lead_id", "anon_id", "fbc", "fbp", "fb_login_id", "subscription_id"}
    | {"page_scoped_user_id", "ctwa_clid", "ig_sid"}
)
"""Keys that name one person or device by themselves."""

BROAD = (
    frozenset({"ct", "country", "st", "zp", "ge", "client_user_agent"}),
    frozenset({"db", "client_user_agent"}),
    frozenset({"fn", "ge"}),
    frozenset({"ln", "ge"}),
)
"""Sets of keys that Meta refuses when an event has no key beyond them [BP]."""

FIELDS = {"seconds_left": "event_time", "age": "event_time"}
"""Columns that only the schemas know -> the field at fault."""

COMPANIONS = frozenset({"client_ip_address", "client_user_agent"})
"""Together they make a web visitor."""


def problems(events: Normal, now: int, minimum_keys: str) -> tuple[Column, Column]:
    """For each event the field at fault and the reason code, null where it may be sent.

    What could not be read comes first, since a missing time is less telling than a time that cannot be read.
    """
    unread = [("event_time", events.column("time_reason")), ("value", events.column("value_reason"))]
    unread += [("currency", where(np.asarray(events.column("currency_bad")), "bad_currency"))]
    fields = [_named(reason, field) for field, reason in unread]
    reasons = [reason for _, reason in unread]
    for schema, mask, frame in _schemas(events, now, minimum_keys):
        field, reason = _failures(schema, frame, mask)
        fields.append(field)
        reasons.append(reason)
    return coalesce(fields), coalesce(reasons)


def _named(reason: Column, field: str) -> Column:
    return where(np.asarray(reason.is_valid()), field)


def _schemas(
    events: Normal, now: int, minimum_keys: str
) -> list[tuple[pandera.pandas.DataFrameSchema, Mask, pd.DataFrame]]:
    from schemas import conversion  # noqa: PLC0415  pandas and pandera take 0.4 s: they are imported beside the survey

    frame = _frame(events, now)
    everywhere = np.ones(len(frame), np.bool_)
    money = _flags(pc.or_(pc.equal(events.column("event_name"), "Purchase"), pc.is_valid(events.column("value"))))
    website = _flags(pc.equal(events.column("action_source"), "website"))
    crm = _flags(pc.equal(events.column("event_source"), "crm"))
    return [
        (conversion.EVENT, everywhere, frame),
        (conversion.MONEY, money, frame),
        (conversion.WEBSITE, website, frame),
        (conversion.CRM, crm, frame),
        (conversion.strength(minimum_keys), everywhere, frame),
    ]


def _flags(mask: Column) -> Mask:
    flags: Mask = np.asarray(pc.fill_null(mask, False)).astype(np.bool_)
    return flags


def _frame(events: Normal, now: int) -> pd.DataFrame:
    """The columns that the schemas speak of, in pandas with Arrow's own types."""
    time, source = events.column("event_time"), events.column("action_source")
    age = pc.subtract(pa.scalar(now, pa.int64()), time)
    store = pc.fill_null(pc.equal(source, "physical_store"), False)
    limit = pc.if_else(store, pa.scalar(STORE_WINDOW_SECONDS, pa.int64()), pa.scalar(WINDOW_SECONDS, pa.int64()))
    table = pa.table(
        {
            "event_name": events.column("event_name"),
            "event_time": time,
            "seconds_left": pc.subtract(pc.subtract(limit, WINDOW_MARGIN_SECONDS), age),
            "age": age,
            "action_source": source,
            "value": events.column("value").cast(pa.float64()),
            "currency": events.column("currency"),
            "event_source_url": column_of(events, "event_source_url"),
            "lead_event_source": events.column("lead_event_source"),
            "user_data": pa.array(key_strength(events)),
        }
    )
    import pandas as pd  # noqa: PLC0415

    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def browser_notes(events: Normal) -> Column:
    """Rule 9: a warning on website events without the browser, which Meta documents as required but does without."""
    website = _flags(pc.equal(events.column("action_source"), "website"))
    if "client_user_agent" in events.schema.names:
        website &= np.asarray(events.column("client_user_agent").value_lengths()) == 0
    return where(website, "client_user_agent:missing")


def key_strength(events: Normal) -> npt.NDArray[np.int64]:
    """For each event how well its keys can be matched, as `schemas.conversion` counts it."""
    present = {
        key.name: np.asarray(events.column(key.name).value_lengths()) > 0
        for key in KEYS
        if key.name in events.schema.names
    }
    count = events.num_rows
    some = np.zeros(count, np.bool_)
    strong = np.zeros(count, np.bool_)
    beyond = [np.zeros(count, np.bool_) for _ in BROAD]
    for name, flags in present.items():
        some |= flags
        if name in STRONG:
            strong |= flags
        for place, broad in enumerate(BROAD):
            if name not in broad:
                beyond[place] |= flags
    if present.keys() >= COMPANIONS:
        strong |= present["client_ip_address"] & present["client_user_agent"]
    fit = np.logical_and.reduce(beyond)
    from schemas import conversion  # noqa: PLC0415

    ranks = np.where(strong & fit, conversion.STRONG_KEYS, np.where(fit, conversion.WEAK_KEYS, conversion.BROAD_KEYS))
    return np.where(some, ranks, conversion.NO_KEYS).astype(np.int64)


def _failures(schema: pandera.pandas.DataFrameSchema, frame: pd.DataFrame, mask: Mask) -> tuple[Column, Column]:
    """The first failing column and its reason for each row of the frame that the mask holds.

    The index of pandera's failure cases is the row; their values are never looked at, since they are customers' data.
    """
    count = len(frame)
    rows = np.flatnonzero(mask)
    if not len(rows):
        return nulls(count), nulls(count)
    part = frame if len(rows) == count else frame.iloc[rows].reset_index(drop=True)
    import pandera.errors  # noqa: PLC0415

    try:
        schema.validate(part, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.drop_duplicates("index")
        places = rows[cases["index"].to_numpy(dtype=np.int64)]
        return _placed(cases["column"].replace(FIELDS), places, count), _placed(cases["check"], places, count)
    return nulls(count), nulls(count)


def _placed(texts: pd.Series[str], places: npt.NDArray[np.int64], count: int) -> Column:
    values = np.full(count, None, dtype=object)
    values[places] = texts.to_numpy(dtype=object)
    return one_chunk(pa.array(values, pa.string()))
