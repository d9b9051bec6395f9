"""Events as Meta documents them [SE][CIP][CD]: `event_name`, `user_data`, `custom_data`; plain values are allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from importer.actor.event_rows import CONTENTS, CUSTOMER, HASHED, HEX, Row, joined_ids, members, moment, packed, text
from importer.actor.parameter_errors import ParameterError, read, type_name
from importer.actor.parameters import DEFAULTS, Input, Moment, Name, Text, is_blank
from importer.core.clear_text import is_web_address
from importer.core.model import CUSTOM_FIELDS, KEYS, SEGMENTS
from importer.core.normalise import phone

META_KEYS = frozenset({"user_data", "custom_data"})
"""Keys by which an item is known as an event in Meta's form."""
_KEYS_BY_NAME = {key.name: key for key in KEYS}
_HASHED_KEYS = (*(CUSTOMER[name] for name in HASHED), "db", "ge")
_PASSED_ON = ("referrer_url", "original_event_data", "customer_segmentation")
"""Event-level members that are passed on as they are."""


REQUIRED = {
    "event_name": ParameterError(
        "event_name", "missing_event_name", "event_name is missing; name the event, like Purchase."
    ),
    "action_source": ParameterError(
        "action_source",
        "bad_action_source",
        "action_source is missing; say where the event took place, such as website or physical_store.",
    ),
}
"""What Meta requires and the core would fill with the default of files."""


class _StrictModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, allow_inf_nan=False)


class OriginalEvent(_StrictModel):
    """The members of `original_event_data` [SE]."""

    event_name: Text | None = None
    event_time: int | None = None
    order_id: Text | None = None
    event_id: Text | None = None


class MetaEvent(_StrictModel):
    """The members of a server event that this program sends [SE]."""

    event_name: Text | None = None
    event_time: Moment | None = None
    event_id: Name | None = None
    action_source: Text | None = None
    event_source_url: Text | None = None
    user_data: dict[str, Any] = Field(default_factory=dict)
    custom_data: dict[str, Any] = Field(default_factory=dict)
    opt_out: bool | None = None
    data_processing_options: list[Text] | None = None
    data_processing_options_country: int | None = None
    data_processing_options_state: int | None = None
    referrer_url: Text | None = None
    original_event_data: dict[str, Any] | None = None
    customer_segmentation: Text | None = None


class Content(_StrictModel):
    """One item of `contents` [CD]."""

    id: Name
    quantity: int | float = Field(gt=0)
    item_price: int | float | None = Field(default=None, ge=0)
    price: int | float | None = Field(default=None, ge=0)
    title: Text | None = None
    description: Text | None = None
    brand: Text | None = None
    category: Text | None = None
    delivery_category: Literal["in_store", "curbside", "home_delivery"] | None = None


def row_of(item: Mapping[str, Any], task: Input, now: datetime) -> Row | ParameterError:
    """Return the row of an event in Meta's form, or why there is none.

    Such an event is complete: of the task it takes only what is given there explicitly, and no default but the time.
    """
    event = read(MetaEvent, {name: value for name, value in item.items() if not is_blank(value)})
    if isinstance(event, ParameterError):
        return event
    customer = _customer(event.user_data, task)
    custom = _custom(event.custom_data)
    wrong = _wrong_members(event)
    if wrong is not None:
        return wrong
    if isinstance(customer, ParameterError):
        return customer
    if isinstance(custom, ParameterError):
        return custom
    row = customer | custom | _event(event, task, now)
    if task.currency and "value" in custom and "currency" not in custom:
        row["currency"] = [task.currency]
    return next((error for name, error in REQUIRED.items() if name not in row), row)


def _wrong_members(event: MetaEvent) -> ParameterError | None:
    """Return what Meta would refuse of the members that are passed on as they are."""
    for name in ("event_source_url", "referrer_url"):
        address = getattr(event, name)
        if address is not None and not is_web_address(address):
            return ParameterError(name, "bad_parameter", f"{name} must be an address that begins with https://.")
    if event.customer_segmentation is not None and event.customer_segmentation not in SEGMENTS:
        return _not_a_segment("customer_segmentation")
    original = read(OriginalEvent, event.original_event_data or {})
    if isinstance(original, ParameterError):
        where = f"original_event_data.{original.field}"
        return ParameterError(where, original.reason, f"original_event_data: {original.message}")
    return None


def _not_a_segment(where: str) -> ParameterError:
    return ParameterError(where, "bad_parameter", f"{where} must be one of {', '.join(SEGMENTS)}.")


def _event(event: MetaEvent, task: Input, now: datetime) -> Row:
    name = event.event_name or (task.custom_event_name if task.event_name == "CustomEvent" else task.event_name)
    options = event.data_processing_options
    given: dict[str, Any] = {
        "event_name": name,
        "event_time": moment(now if event.event_time is None else event.event_time),
        "event_id": event.event_id,
        "action_source": event.action_source or task.action_source,
        "event_source_url": event.event_source_url or task.event_source_url,
        "opt_out": None if event.opt_out is None else str(event.opt_out).lower(),
        "data_processing_options": None if options is None else f"[{','.join(options)}]",
        "data_processing_options_country": event.data_processing_options_country,
        "data_processing_options_state": event.data_processing_options_state,
    }
    row = {name: [text(value)] for name, value in given.items() if value is not None}
    further = {name: value for name in _PASSED_ON if (value := getattr(event, name)) is not None}
    return row | ({"event_members": members(further)} if further else {})


def _customer(user_data: Mapping[str, Any], task: Input) -> Row | ParameterError:
    row: Row = {}
    for name, value in user_data.items():
        where = f"user_data.{name[:40]}"
        if name not in _KEYS_BY_NAME:
            message = f"{where} is not a customer key of Meta's; correct or remove it."
            return ParameterError(where, "unknown_parameter", message)
        values = _texts(value)
        if values is None:
            wanted = "text or a list of texts" if _KEYS_BY_NAME[name].many else "text"
            return ParameterError(where, "bad_parameter", f"{where} must be {wanted}, not {type_name(value)}.")
        if task.is_already_hashed and name in _HASHED_KEYS and not all(HEX.fullmatch(one) for one in values):
            message = f"isAlreadyHashed is true, but {where} is not SHA-256 in hex; hash it, or set it to false."
            return ParameterError(where, "not_hashed", message)
        if values:
            row[name] = values
    return _with_country(row, task)


def _with_country(row: Row, task: Input) -> Row:
    """Add the task's own country; without one its default only tells how a phone without a country is read."""
    if not row or "country" in row:
        return row
    if task.country is not None and not task.is_already_hashed:
        return row | {"country": [task.country]}
    return row | {"ph": [_international(number) for number in row["ph"]]} if "ph" in row else row


def _international(number: str) -> str:
    """Prefix a national number with the default country's code, where it is valid there."""
    if phone.normal(number, None)[0] is not None:
        return number
    found, _ = phone.normal(number, DEFAULTS["country"].lower())
    return f"+{found}" if found else number


def _texts(value: Any) -> list[str] | None:
    """Return the values as text; None where one is neither text nor a number."""
    values = list(value) if isinstance(value, list | tuple) else [value]
    if any(isinstance(one, bool) or not isinstance(one, str | int) for one in values if one is not None):
        return None
    return [str(one) for one in values if one is not None and str(one).strip()]


def _custom(custom_data: Mapping[str, Any]) -> Row | ParameterError:
    row: Row = {}
    further: dict[str, Any] = {}
    for name, value in custom_data.items():
        if value is None:
            continue
        if name == CONTENTS:
            found = _contents(value)
        elif name in CUSTOM_FIELDS:
            found = _field(name, value)
        elif (wrong := _wrong_further(name, value)) is not None:
            return wrong
        else:
            further[name] = value
            continue
        if isinstance(found, ParameterError):
            return found
        row[name] = [found]
    return row | ({"custom_members": members(further)} if further else {})


def _wrong_further(name: str, value: Any) -> ParameterError | None:
    """Return what Meta would refuse of its own further members of custom_data; the sender's own may be anything."""
    where = f"custom_data.{name}"
    if name == "status" and not (isinstance(value, str) and value.strip()):
        return ParameterError(where, "bad_parameter", f"{where} must be text, not {type_name(value)}.")
    if name == "store_data" and not isinstance(value, Mapping):
        return ParameterError(where, "bad_parameter", f"{where} must be an object, not {type_name(value)}.")
    return _not_a_segment(where) if name == "customer_segmentation" and value not in SEGMENTS else None


def _field(name: str, value: Any) -> str | ParameterError:
    if name == "content_ids" and isinstance(value, list | tuple) and _texts(value) is not None:
        return joined_ids(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        wanted = "a list of texts" if name == "content_ids" else "text or a number"
        message = f"custom_data.{name} must be {wanted}, not {type_name(value)}."
        return ParameterError(f"custom_data.{name}", "bad_parameter", message)
    return text(value)


def _contents(value: Any) -> str | ParameterError:
    where = "custom_data.contents"
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(one, Mapping) for one in value):
        return ParameterError(where, "bad_parameter", f"{where} must be a list of objects, not {type_name(value)}.")
    items = []
    for place, one in enumerate(value):
        item = read(Content, one)
        if isinstance(item, ParameterError):
            return ParameterError(
                f"{where}.{place}.{item.field}", item.reason, f"{where}, item {place}: {item.message}"
            )
        items.append(item.model_dump(exclude_none=True))
    return packed(items)
