"""What is wrong with an event does not depend on the events beside it, whatever these are."""

from decimal import Decimal

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.core.checks import browser_notes, validate
from importer.core.model import DAY, MONEY, Normal
from importer.core.plan import read_plan

NOW = 1_795_474_800
PLAN = read_plan({"name": "till", "columns": {"value": "Total"}}, "a test")
TEXTS = {
    "event_name": ["Purchase", "Lead", None],
    "action_source": ["physical_store", "website", "system_generated", "nowhere", None],
    "currency": ["EUR", None],
    "event_source_url": ["https://example.com", None],
    "lead_event_source": ["HubSpot", None],
    "event_source": ["crm", "till", None],
    "time_reason": ["bad_event_time", None],
    "value_reason": ["bad_value", None],
}
TIMES = [NOW - DAY, NOW - 30 * DAY, NOW - 90 * DAY, NOW + DAY, None]
VALUES = [Decimal("9.50"), Decimal("-1.00"), Decimal(0), None]
LISTS = ("em", "fn", "ct", "ge", "client_ip_address", "client_user_agent")

events = st.fixed_dictionaries(
    {name: st.sampled_from(values) for name, values in TEXTS.items()}
    | {"event_time": st.sampled_from(TIMES), "value": st.sampled_from(VALUES), "currency_bad": st.booleans()}
    | {name: st.lists(st.just("x"), max_size=2) for name in LISTS}
)


def batch(rows):
    kinds = dict.fromkeys(TEXTS, pa.string()) | dict.fromkeys(LISTS, pa.list_(pa.string()))
    kinds |= {"event_time": pa.int64(), "value": MONEY, "currency_bad": pa.bool_()}
    return Normal(
        pa.RecordBatch.from_pydict({name: pa.array([row[name] for row in rows], kinds[name]) for name in kinds})
    )


def judged(rows):
    found = batch(rows)
    columns = (*validate(found, NOW, PLAN), browser_notes(found))
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


@settings(max_examples=150)
@given(st.lists(events, min_size=1, max_size=6), events, st.sampled_from([*TEXTS, *LISTS, "event_time", "value"]))
def test_an_event_is_judged_as_if_it_were_alone(rows, other, name):
    assert judged(rows) == [verdict for row in rows for verdict in judged([row])]
    alike = [other, {**other, name: rows[0][name]}, other]  # all parts but one are the same for all
    assert judged(alike) == [verdict for row in alike for verdict in judged([row])]
