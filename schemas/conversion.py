"""What an event must be before it is sent, as pandera schemas of the canonical columns.

Each check's `error` is the stable reason code that the report shows; the hard rules are those of the first table of
Meta's rules as collected in docs/rules.md. A schema is applied to the rows that it speaks of:

    EVENT      every event
    MONEY      Purchases, and events of any name that carry a value
    WEBSITE    events with action_source website
    CRM        events with event_source crm
    strength() every event; how strong its customer keys must at least be
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

TEXT = pd.ArrowDtype(pa.string())
WHOLE = pd.ArrowDtype(pa.int64())
REAL = pd.ArrowDtype(pa.float64())

ACTION_SOURCES = ("email", "website", "phone_call", "chat", "physical_store", "system_generated", "other")
"""The places of a sale that an export can tell of [SE]; `app` and `business_messaging` need data of a device."""

NO_KEYS, BROAD_KEYS, WEAK_KEYS, STRONG_KEYS = range(4)
"""How well an event's keys can be matched: none, refused by Meta as too broad, names and addresses, an identifier."""


def _filled(reason: str) -> pandera.Check:
    return pandera.Check(lambda column: column.notna(), error=reason, ignore_na=False)


def _rule(test: Callable[[pd.Series[Any]], Any], reason: str) -> pandera.Check:
    return pandera.Check(test, error=reason)


def _column(kind: pd.ArrowDtype, *checks: pandera.Check) -> pandera.Column:
    return pandera.Column(kind, checks=list(checks), nullable=True)


EVENT = pandera.DataFrameSchema(
    {
        "event_name": _column(TEXT, _filled("missing_event_name")),  # rule 2
        "event_time": _column(WHOLE, _filled("missing_event_time")),  # rule 3
        "seconds_left": _column(WHOLE, _rule(lambda left: left >= 0, "too_old")),  # rules 4 and 5
        "age": _column(WHOLE, _rule(lambda age: age >= 0, "in_future")),  # rule 6
        "action_source": _column(  # rules 8 and 10
            TEXT,
            _filled("bad_action_source"),
            _rule(lambda source: ~source.isin(["app", "business_messaging"]), "unsupported_action_source"),
            _rule(lambda source: source.isin([*ACTION_SOURCES, "app", "business_messaging"]), "bad_action_source"),
        ),
    }
)

MONEY = pandera.DataFrameSchema(
    {
        "value": _column(REAL, _filled("missing_value"), _rule(lambda value: value >= 0, "negative_value")),  # 15, 18
        "currency": _column(TEXT, _filled("missing_currency")),  # rules 16 and 17
    }
)

WEBSITE = pandera.DataFrameSchema({"event_source_url": _column(TEXT, _filled("website_incomplete"))})  # rule 9

CRM = pandera.DataFrameSchema(  # rule 23
    {
        "action_source": _column(TEXT, _rule(lambda source: source == "system_generated", "bad_crm_event")),
        "lead_event_source": _column(TEXT, _filled("bad_crm_event")),
    }
)


def strength(minimum: str) -> pandera.DataFrameSchema:
    """The keys an event needs (rule 11): by default an identifier, with `meta` whatever Meta does not refuse."""
    checks = [
        _rule(lambda keys: keys > NO_KEYS, "no_match_keys"),
        _rule(lambda keys: keys != BROAD_KEYS, "too_broad_keys"),
    ]
    if minimum == "strong":
        checks.append(_rule(lambda keys: keys != WEAK_KEYS, "weak_keys"))
    return pandera.DataFrameSchema({"user_data": _column(WHOLE, *checks)})
