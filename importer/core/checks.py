"""Runs the pandera schemas over a batch of events and parts good from bad, each bad one with field and reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Indices, Mask, coalesce, column_of, nulls, one_chunk, where
from importer.core.model import (
    ACTION_SOURCES,
    KEYS,
    MONEY,
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

PURCHASE, OTHER_EVENT = "Purchase", "another event"
FILLED, OTHER_SOURCE = "filled", "another source"

COMPANIONS = frozenset({"client_ip_address", "client_user_agent"})
"""Together they make a web visitor."""


class Case(NamedTuple):
    """An event as the schemas look at it: what they do not tell apart is the same here.

    event_name: `Purchase` or another. event_time, seconds_left, age: 0 where right, -1 where too late or in the future.
    action_source: one of Meta's, or another. value: 0 or -1 by its sign. currency, event_source_url,
    lead_event_source: whether there is one. So there are some thousand cases at the most.
    """

    event_name: str | None
    event_time: int | None
    seconds_left: int | None
    age: int | None
    action_source: str | None
    value: int | None
    currency: str | None
    event_source_url: str | None
    lead_event_source: str | None
    user_data: int
    crm: bool


Judgement = tuple[str | None, str | None]
"""The field at fault and the reason code, or twice None."""

_JUDGED: dict[tuple[str, Case], Judgement] = {}
"""What pandera said of each case. A file has a dozen; pandera needs 8 ms for a batch, however few its rows."""


def problems(events: Normal, now: int, minimum_keys: str) -> tuple[Column, Column]:
    """For each event the field at fault and the reason code, null where it may be sent.

    What could not be read comes first, since a missing time is less telling than a time that cannot be read.
    """
    unread = [("event_time", events.column("time_reason")), ("value", events.column("value_reason"))]
    unread += [("currency", where(np.asarray(events.column("currency_bad")), "bad_currency"))]
    cases, case_of = _cases(events, now)
    judged = _judged(cases, minimum_keys)
    field, reason = (
        one_chunk(pa.array([judgement[part] for judgement in judged], pa.string()).take(case_of)) for part in (0, 1)
    )
    fields = [*(_named(reason, field) for field, reason in unread), field]
    return coalesce(fields), coalesce([*(reason for _, reason in unread), reason])


def _named(reason: Column, field: str) -> Column:
    return where(np.asarray(reason.is_valid()), field)


def _cases(events: Normal, now: int) -> tuple[list[Case], Column]:
    """The different cases of the batch, and for each event the place of its own among them."""
    time, source = events.column("event_time"), events.column("action_source")
    name, value = events.column("event_name"), events.column("value")
    seconds = np.asarray(time.fill_null(now)).astype(np.int64)
    window = np.where(_flags(pc.equal(source, "physical_store")), STORE_WINDOW_SECONDS, WINDOW_SECONDS)
    late = now - seconds > window - WINDOW_MARGIN_SECONDS
    parts: list[tuple[Indices, Sequence[Any]]] = [
        (_kinds(name, _flags(pc.equal(name, PURCHASE))), (None, OTHER_EVENT, PURCHASE)),
        (_kinds(time, late) + 2 * (seconds > now), ((None, None, None), (0, 0, 0), (0, -1, 0), (0, 0, -1))),
        (_sources(source), (None, OTHER_SOURCE, *ACTION_SOURCES)),
        (_kinds(value, _flags(pc.less(value, pa.scalar(0).cast(MONEY)))), (None, 0, -1)),
        (_present(events.column("currency")), (None, FILLED)),
        (_present(column_of(events, "event_source_url")), (None, FILLED)),
        (_present(events.column("lead_event_source")), (None, FILLED)),
        (key_strength(events), range(4)),
        (_flags(pc.equal(events.column("event_source"), "crm")).astype(np.int64), (False, True)),
    ]
    whole = np.zeros(events.num_rows, np.int64)
    for codes, each in parts:
        whole = whole * len(each) + codes
    encoded = pa.array(whole).dictionary_encode()
    meanings = [each for _, each in parts]
    return [_case(code, meanings) for code in encoded.dictionary.to_pylist()], encoded.indices


def _case(code: int, meanings: Sequence[Sequence[Any]]) -> Case:
    found: list[Any] = []
    for each in reversed(meanings):
        code, place = divmod(code, len(each))
        found.append(each[place])
    name, times, *rest = reversed(found)
    return Case(name, *times, *rest)


def _sources(column: Column) -> Indices:
    """0 for null, 1 for a source that Meta does not know, from 2 on the places of `model.ACTION_SOURCES`."""
    places = pc.index_in(column, value_set=pa.array(ACTION_SOURCES)).fill_null(-1)
    return _present(column) * (np.asarray(places).astype(np.int64) + 2)


def _present(column: Column) -> Indices:
    return np.asarray(column.is_valid()).astype(np.int64)


def _kinds(column: Column, special: Mask) -> Indices:
    """0 for null, 2 for the special values, 1 for the others."""
    return _present(column) * (1 + special)


def _flags(mask: Column) -> Mask:
    flags: Mask = np.asarray(pc.fill_null(mask, False)).astype(np.bool_)
    return flags


def _judged(cases: Sequence[Case], minimum_keys: str) -> list[Judgement]:
    """What pandera says of each case; of those that it has seen before, what it said then."""
    unknown = [case for case in cases if (minimum_keys, case) not in _JUDGED]
    if unknown:
        _JUDGED.update(zip(((minimum_keys, case) for case in unknown), validated(unknown, minimum_keys), strict=True))
    return [_JUDGED[minimum_keys, case] for case in cases]


def validated(cases: Sequence[Case], minimum_keys: str) -> list[Judgement]:
    """The first field and reason that pandera finds in each case."""
    from schemas import conversion  # noqa: PLC0415  pandas and pandera take 0.4 s: they are imported beside the survey

    frame = _frame(cases)
    everywhere = np.ones(len(cases), np.bool_)
    money = np.array([case.event_name == PURCHASE or case.value is not None for case in cases])
    website = np.array([case.action_source == "website" for case in cases])
    found = [
        _failures(schema, frame, mask)
        for schema, mask in (
            (conversion.EVENT, everywhere),
            (conversion.MONEY, money),
            (conversion.WEBSITE, website),
            (conversion.CRM, np.array([case.crm for case in cases])),
            (conversion.strength(minimum_keys), everywhere),
        )
    ]
    fields, reasons = (coalesce([failure[part] for failure in found]).to_pylist() for part in (0, 1))
    return list(zip(fields, reasons, strict=True))


def _frame(cases: Sequence[Case]) -> pd.DataFrame:
    """The columns that the schemas speak of, in pandas with Arrow's own types."""
    import pandas as pd  # noqa: PLC0415

    columns = {name: [getattr(case, name) for case in cases] for name in Case._fields[:-1]}
    kinds = dict.fromkeys(("event_time", "seconds_left", "age", "user_data"), pa.int64()) | {"value": pa.float64()}
    table = pa.table({name: pa.array(values, kinds.get(name, pa.string())) for name, values in columns.items()})
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
    from schemas import conversion  # noqa: PLC0415

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
