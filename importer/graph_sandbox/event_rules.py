"""The rules of one event: the first error that Meta would find, or none.

Rules are generators of errors. Only the first error counts, so a rule may rely on what an earlier one has checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from importer.graph_sandbox.custom_data_rules import custom_errors
from importer.graph_sandbox.graph_errors import GraphError, missing, rule, wrong_type, wrong_value
from importer.graph_sandbox.json_types import ANY, ARRAY, BOOLEAN, INTEGER, OBJECT, TEXT, JsonObject, shape_errors
from importer.graph_sandbox.user_data_rules import customer_errors
from importer.graph_sandbox.vocabulary import (
    ACTION_SOURCES,
    EXTINFO_ENTRIES,
    EXTINFO_FILLED,
    FIRST_MILLISECONDS,
    LDU_COUNTRIES,
    LDU_STATES,
    MESSAGING_CHANNELS,
    SEGMENTS,
    STORE_WINDOW,
    WINDOW,
)

_TYPES = {
    "event_name": TEXT,
    "event_time": INTEGER,
    "action_source": TEXT,
    "user_data": OBJECT,
    "custom_data": OBJECT,
    "event_id": TEXT,
    "event_source_url": TEXT,
    "opt_out": BOOLEAN,
    "referrer_url": TEXT,
    "data_processing_options": ARRAY,
    "data_processing_options_country": INTEGER,
    "data_processing_options_state": INTEGER,
    "original_event_data": OBJECT,
    "customer_segmentation": TEXT,
    "app_data": OBJECT,
    "messaging_channel": TEXT,
    "attribution_data": ANY,
    "advanced_measurement_table": TEXT,
}
_REQUIRED = ("event_name", "event_time", "action_source", "user_data")
_ORIGINAL_TYPES = {"event_name": TEXT, "event_time": INTEGER, "order_id": TEXT, "event_id": TEXT}
_TOO_OLD = 2804003
_IN_FUTURE = 2804004
_NO_OS_VERSION = 2804043


def first_error(event: object, place: int, now: int) -> GraphError | None:
    """Return the first error of the event at `place` in its request, judged at `now` (Unix seconds), or None."""
    return next(event_errors(event, f"$['data'][{place}]", now), None)


def event_errors(event: object, at: str, now: int) -> Iterator[GraphError]:
    """Yield the errors of one event, its shape before its meaning; only the first may be read."""
    if not isinstance(event, dict):
        yield wrong_type(at, OBJECT.name)
        return
    yield from shape_errors(event, _TYPES, at)
    for key in _REQUIRED:
        if key not in event:
            yield missing(at, key)
    yield from _value_errors(event, at)
    yield from _time_errors(event, at, now)
    yield from _source_errors(event, at)
    yield from _ldu_errors(event, at)
    yield from customer_errors(event["user_data"], f"{at}['user_data']")
    yield from custom_errors(
        event.get("custom_data", {}),
        f"{at}['custom_data']",
        event_name=event["event_name"],
        action_source=event["action_source"],
    )


def _value_errors(event: JsonObject, at: str) -> Iterator[GraphError]:
    if event["action_source"] not in ACTION_SOURCES:
        yield wrong_value(f"{at}['action_source']", "action_source must be one of the documented values")
    if "customer_segmentation" in event and event["customer_segmentation"] not in SEGMENTS:
        yield wrong_value(f"{at}['customer_segmentation']", "must be one of the documented values")
    for key in ("event_source_url", "referrer_url"):
        if key in event and not _is_web_address(event[key]):
            yield wrong_value(f"{at}['{key}']", "must be an http or https address")
    if "original_event_data" in event:
        yield from shape_errors(event["original_event_data"], _ORIGINAL_TYPES, f"{at}['original_event_data']")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc != ""


def _time_errors(event: JsonObject, at: str, now: int) -> Iterator[GraphError]:
    """Check the window: seven days back, 62 for stores, nothing in the future, both ends included [SE][OFF]."""
    time = event["event_time"]
    if time >= FIRST_MILLISECONDS:
        yield wrong_value(f"{at}['event_time']", "event_time is in seconds, not milliseconds")
    if now - time > (STORE_WINDOW if event["action_source"] == "physical_store" else WINDOW):
        yield rule(_TOO_OLD)
    if time > now:
        yield rule(_IN_FUTURE)


def _source_errors(event: JsonObject, at: str) -> Iterator[GraphError]:
    """Check what an action source requires beside itself [PAR][APP]."""
    source = event["action_source"]
    if source == "website":
        if "event_source_url" not in event:
            yield missing(at, "event_source_url")
    elif source == "app":
        yield from _app_errors(event, at)
    elif source == "business_messaging":
        if "messaging_channel" not in event:
            yield missing(at, "messaging_channel")
        elif event["messaging_channel"] not in MESSAGING_CHANNELS:
            yield wrong_value(f"{at}['messaging_channel']", "must be one of the documented values")


def _app_errors(event: JsonObject, at: str) -> Iterator[GraphError]:
    if "app_data" not in event:
        yield missing(at, "app_data")
        return
    app, here = event["app_data"], f"{at}['app_data']"
    for key in ("advertiser_tracking_enabled", "extinfo"):
        if key not in app:
            yield missing(here, key)
    extinfo = app.get("extinfo")
    if not isinstance(extinfo, list) or len(extinfo) != EXTINFO_ENTRIES:
        yield wrong_value(f"{here}['extinfo']", f"extinfo has {EXTINFO_ENTRIES} entries")
    elif not all(TEXT.holds(extinfo[place]) for place in EXTINFO_FILLED):
        yield rule(_NO_OS_VERSION)


def _ldu_errors(event: JsonObject, at: str) -> Iterator[GraphError]:
    """Check Limited Data Use: it names a country and a state, and a country never stands alone [DPO]."""
    options = event.get("data_processing_options", [])
    country, state = event.get("data_processing_options_country"), event.get("data_processing_options_state")
    if options not in ([], ["LDU"]):
        yield wrong_value(f"{at}['data_processing_options']", 'must be [] or ["LDU"]')
    if country is None and options:
        yield missing(at, "data_processing_options_country")
    if country is not None and country not in LDU_COUNTRIES:
        yield wrong_value(f"{at}['data_processing_options_country']", "must be 0 or 1")
    if state is None and (options or country is not None):
        yield missing(at, "data_processing_options_state")
    if state is not None and state not in LDU_STATES:
        yield wrong_value(f"{at}['data_processing_options_state']", "must be 0 or 1000 to 1013")
