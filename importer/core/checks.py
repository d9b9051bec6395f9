"""Runs the pandera schemas over a batch of events and parts good from bad, each bad one with field and reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.amounts import is_negative
from importer.core.kernels.arrays import Indices, Mask, coalesce, column_of, nulls, one_chunk, where
from importer.core.kernels.bytes import one_text
from importer.core.model import (
    ACTION_SOURCES,
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


Codes: TypeAlias = Indices | int
"""For each event a small number; one number where it is the same for all."""

_PLACE_OF_SOURCE = {source: place for place, source in enumerate(ACTION_SOURCES, start=2)}

Judgement = tuple[str | None, str | None]
"""The field at fault and the reason code, or twice None."""

_JUDGED: dict[tuple[str, Case], Judgement] = {}
"""What pandera said of each case. A file has a dozen; pandera needs 8 ms for a batch, however few its rows."""


def problems(events: Normal, now: int, minimum_keys: str) -> tuple[Column, Column]:
    """For each event the field at fault and the reason code, null where it may be sent.

    What could not be read comes first, since a missing time is less telling than a time that cannot be read.
    """
    bad_currency = where(np.asarray(events.column("currency_bad")), "bad_currency")
    unread = [("event_time", events.column("time_reason")), ("value", events.column("value_reason"))]
    unread = [(field, reason) for field, reason in (*unread, ("currency", bad_currency)) if _some(reason)]
    cases, case_of = _cases(events, now)
    field, reason = _spread(_judged(cases, minimum_keys), case_of, events.num_rows)
    fields = [*(where(np.asarray(reason.is_valid()), field) for field, reason in unread), field]
    return coalesce(fields), coalesce([*(reason for _, reason in unread), reason])


def _some(column: Column) -> bool:
    return bool(column.null_count < len(column))


def _spread(judged: Sequence[Judgement], case_of: Indices | None, count: int) -> tuple[Column, Column]:
    """The judgement of each event's case."""
    if all(reason is None for _, reason in judged):
        return nulls(count), nulls(count)
    places = pa.array(np.zeros(count, np.int64) if case_of is None else case_of)
    fields, reasons = (pa.array([judgement[part] for judgement in judged], pa.string()) for part in (0, 1))
    return one_chunk(fields.take(places)), one_chunk(reasons.take(places))


def _cases(events: Normal, now: int) -> tuple[list[Case], Indices | None]:
    """The different cases of the batch, and for each event the place of its own among them; None: there is but one.

    A part that is the same for all events is a number, not an array of them: most are.
    """
    source, name = events.column("action_source"), events.column("event_name")
    parts: list[tuple[Codes, Sequence[Any]]] = [
        (_coded(name, {PURCHASE: 2}, 1), (None, OTHER_EVENT, PURCHASE)),
        (_times(events.column("event_time"), source, now), ((None, None, None), (0, 0, 0), (0, -1, 0), (0, 0, -1))),
        (_coded(source, _PLACE_OF_SOURCE, 1), (None, OTHER_SOURCE, *ACTION_SOURCES)),
        (_signs(events.column("value")), (None, 0, -1)),
        (_present(events.column("currency")), (None, FILLED)),
        (_present(column_of(events, "event_source_url")), (None, FILLED)),
        (_present(events.column("lead_event_source")), (None, FILLED)),
        (key_strength(events), range(4)),
        (_coded(events.column("event_source"), {"crm": 1}, 0), (False, True)),
    ]
    whole: Codes = 0
    for codes, each in parts:
        whole = whole * len(each) + codes
    distinct, case_of = _distinct(whole)
    meanings = [each for _, each in parts]
    return [_case(code, meanings) for code in distinct], case_of


def _distinct(codes: Codes) -> tuple[list[int], Indices | None]:
    """The different codes, and for each code its place among them where there are several."""
    if isinstance(codes, int):
        return [codes], None
    distinct = np.flatnonzero(np.bincount(codes))
    places = np.zeros(int(distinct[-1]) + 1 if len(distinct) else 0, np.int64)
    places[distinct] = np.arange(len(distinct))
    return distinct.tolist(), places.take(codes)


def _case(code: int, meanings: Sequence[Sequence[Any]]) -> Case:
    found: list[Any] = []
    for each in reversed(meanings):
        code, place = divmod(code, len(each))
        found.append(each[place])
    name, times, *rest = reversed(found)
    return Case(name, *times, *rest)


def _coded(column: Column, codes: Mapping[str, int], other: int) -> Codes:
    """0 for null, for a text its code, and `other` for a text that has none."""
    if not _some(column):
        return 0
    only = one_text(column)
    if only is not None:
        return codes.get(only, other)
    encoded = column.dictionary_encode()
    of_each = [codes.get(text, other) for text in encoded.dictionary.to_pylist()]
    return np.array([*of_each, 0], np.int64).take(np.asarray(encoded.indices.fill_null(len(of_each))))


def _times(column: Column, source: Column, now: int) -> Codes:
    """0 for null, 2 for a time too long ago for its source, 3 for one in the future, 1 for the others."""
    stores = _coded(source, {"physical_store": 1}, 0)
    oldest = now - np.where(stores, STORE_WINDOW_SECONDS, WINDOW_SECONDS) + WINDOW_MARGIN_SECONDS
    seconds = np.asarray(column.fill_null(now))
    late, early = seconds < oldest, seconds > now
    if not late.any() and not early.any():
        return _present(column)
    return _present(column) * (1 + late + 2 * early)


def _signs(value: Column) -> Codes:
    """0 for null, 2 for an amount below zero, 1 for the others."""
    below = is_negative(value)
    return _present(value) * (1 + below) if below.any() else _present(value)


def _present(column: Column) -> Codes:
    """0 for null, 1 for the others."""
    if column.null_count == 0 or not _some(column):
        return int(column.null_count == 0)
    return np.asarray(column.is_valid()).astype(np.int64)


def _judged(cases: Sequence[Case], minimum_keys: str) -> list[Judgement]:
    """What pandera says of each case; of those that it has seen before, what it said then."""
    unknown = [case for case in cases if (minimum_keys, case) not in _JUDGED]
    if unknown:
        _JUDGED.update(zip(((minimum_keys, case) for case in unknown), validated(unknown, minimum_keys), strict=True))
    return [_JUDGED[minimum_keys, case] for case in cases]


def validated(cases: Sequence[Case], minimum_keys: str) -> list[Judgement]:
    """The first field and reason that pandera finds in each case."""
    from importer._schemas import conversion  # noqa: PLC0415  pandas and pandera take 0.4 s: they are imported beside the survey

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
    told = _coded(events.column("action_source"), {"website": 1}, 0)
    if isinstance(told, int) and not told:
        return nulls(events.num_rows)
    website: Mask = np.full(events.num_rows, told) > 0
    if "client_user_agent" in events.schema.names:
        website &= np.asarray(pc.list_value_length(events.column("client_user_agent"))) == 0
    return where(website, "client_user_agent:missing")


def key_strength(events: Normal) -> Codes:
    """For each event how well its keys can be matched, as `schemas/conversion.py` counts it."""
    from importer._schemas import conversion  # noqa: PLC0415

    present = {key.name: _holding(events.column(key.name)) for key in KEYS if key.name in events.schema.names}
    strong = _any_of(present, STRONG)
    if present.keys() >= COMPANIONS:
        strong |= present["client_ip_address"] & present["client_user_agent"]
    fit = reduce(and_, (_any_of(present, present.keys() - broad) for broad in BROAD))
    ranks = np.where(fit, np.where(strong, conversion.STRONG_KEYS, conversion.WEAK_KEYS), conversion.BROAD_KEYS)
    ranks = np.where(_any_of(present, present), ranks, conversion.NO_KEYS)
    return ranks.astype(np.int64) if ranks.ndim else int(ranks)


def _holding(lists: Column) -> Mask | np.bool_:
    """Which lists hold a value; one answer where it is the same for all."""
    flags: Mask = np.asarray(pc.list_value_length(lists)) > 0
    return np.bool_(flags.any()) if flags.all() or not flags.any() else flags


def _any_of(present: Mapping[str, Mask | np.bool_], names: Collection[str]) -> Mask | np.bool_:
    """Which events have one of the keys; one answer where it is the same for all."""
    found: Mask | np.bool_ = np.bool_(False)
    for name in present.keys() & names:
        if present[name] is np.True_:
            return np.True_
        found = found | present[name]
    return found


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
