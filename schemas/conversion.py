"""What an event must be before it is sent: pandera schemas of the events' own columns.

Every check sees the real column of a whole batch, one value an event, with Arrow dtypes. A column is one of
docs/fields.md after normalization (`event_time` in UTC seconds, `value` as a number; a customer key such as `em` is
checked value by value, before hashing), or one of these, which are derived:

    seconds_left   seconds until Meta's window for the event's action source closes
    age            seconds since the sale; negative if it lies in the future
    key_strength   how well the event's customer keys can be matched: NO_KEYS to STRONG_KEYS

To add a rule, add a check: `error` is the reason code of the report, with its sentence in importer/core/reasons.py (a
code without one gets a general sentence). A check of a whole schema, for relations between columns, names the field at
fault: `error="value:more_than_list_price"`. Missing values are not checked unless the check says `ignore_na=False`.

`parts` lists the schemas with the events that each is for; the first failure in their order is reported. The rules are
Meta's, numbered as in docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

Values: TypeAlias = "pd.Series[Any]"

TEXT = pd.ArrowDtype(pa.string())
WHOLE = pd.ArrowDtype(pa.int64())
REAL = pd.ArrowDtype(pa.float64())

SENDABLE_SOURCES = ("email", "website", "phone_call", "chat", "physical_store", "system_generated", "other")
"""The places of a sale that an export can know of [SE]."""
DEVICE_SOURCES = ("app", "business_messaging")
"""Action sources that need data of a device, which no export holds."""

NO_KEYS, BROAD_KEYS, WEAK_KEYS, STRONG_KEYS = range(4)
"""How well an event's keys can be matched: none, refused by Meta as too broad, names and addresses, an identifier."""


def filled(reason: str) -> pandera.Check:
    """Return a check that the value is there."""
    return pandera.Check(lambda values: values.notna(), error=reason, ignore_na=False)


def rule(test: Callable[[Any], Any], reason: str) -> pandera.Check:
    """Return a check of the values that are there; the test gets the whole column."""
    return pandera.Check(test, error=reason)


def column(dtype: pd.ArrowDtype, *checks: pandera.Check) -> pandera.Column:
    """Return a column that may hold missing values."""
    return pandera.Column(dtype, checks=list(checks), nullable=True)


EVENT = pandera.DataFrameSchema(
    {
        "event_name": column(TEXT, filled("missing_event_name")),  # rule 2
        "event_time": column(WHOLE, filled("missing_event_time")),  # rule 3
        "seconds_left": column(WHOLE, rule(lambda left: left >= 0, "event_time:too_old")),  # rules 4 and 5
        "age": column(WHOLE, rule(lambda age: age >= 0, "event_time:in_future")),  # rule 6
        "action_source": column(  # rules 8 and 10
            TEXT,
            filled("bad_action_source"),
            rule(lambda source: ~source.isin(DEVICE_SOURCES), "unsupported_action_source"),
            rule(lambda source: source.isin([*SENDABLE_SOURCES, *DEVICE_SOURCES]), "bad_action_source"),
        ),
    }
)

MONEY = pandera.DataFrameSchema(
    {
        "value": column(REAL, filled("missing_value"), rule(lambda value: value >= 0, "negative_value")),  # 15, 18
        "currency": column(TEXT, filled("missing_currency")),  # rules 16 and 17
    }
)

WEBSITE = pandera.DataFrameSchema({"event_source_url": column(TEXT, filled("website_incomplete"))})  # rule 9

CRM = pandera.DataFrameSchema(  # rule 23
    {
        "action_source": column(TEXT, rule(lambda source: source == "system_generated", "bad_crm_event")),
        "lead_event_source": column(TEXT, filled("bad_crm_event")),
    }
)

META_KEYS = [  # rule 11
    rule(lambda keys: keys > NO_KEYS, "user_data:no_match_keys"),
    rule(lambda keys: keys != BROAD_KEYS, "user_data:too_broad_keys"),
]

MATCH_KEYS = pandera.DataFrameSchema({"key_strength": column(WHOLE, *META_KEYS)})
"""What Meta itself wants, where a schema says minimum_keys = "meta"."""

STRONG_MATCH_KEYS = pandera.DataFrameSchema(
    {"key_strength": column(WHOLE, *META_KEYS, rule(lambda keys: keys != WEAK_KEYS, "user_data:weak_keys"))}
)


class Part(NamedTuple):
    """A schema and the events that it is for: a function of the batch's frame, None for every event."""

    schema: pandera.DataFrameSchema
    applies: Callable[[pd.DataFrame], Values] | None = None


def parts(minimum_keys: str) -> list[Part]:
    """Return the schemas in the order in which their failures count.

    minimum_keys: `strong` where an event needs an identifier, `meta` where whatever Meta does not refuse is sent.
    """
    return [
        Part(EVENT),
        Part(MONEY, lambda events: (events["event_name"] == "Purchase") | events["value"].notna()),
        Part(WEBSITE, lambda events: events["action_source"] == "website"),
        Part(CRM, lambda events: events["event_source"] == "crm"),
        Part(STRONG_MATCH_KEYS if minimum_keys == "strong" else MATCH_KEYS),
    ]
