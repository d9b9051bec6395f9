"""The actor's parameters as strict models: an event's own, and a whole input's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic.alias_generators import to_camel

Task = Literal[
    "send_event", "send_batch_events", "test_event", "list_pixels", "get_pixel_info", "get_pixel_stats",
    "validate_event",
]  # fmt: skip
TASKS: tuple[str, ...] = get_args(Task)
SYNONYMS = {"validate_events": "validate_event", "get_event_stats": "get_pixel_stats"}
"""The names of two tasks on an earlier page of the actor."""

DEFAULTS: dict[str, Any] = {
    "event_name": "Purchase",
    "country": "US",
    "currency": "USD",
    "content_type": "product",
    "action_source": "website",
    "is_already_hashed": False,
}
"""Parameter -> its default."""

SAFE_TO_SHOW = frozenset(
    {"event_name", "custom_event_name", "event_time", "value", "currency", "content_type", "action_source"}
    | {"is_already_hashed", "task", "demo_mode"}
)
"""Parameters whose values may stand in a `repr`; all others may be a customer's, or secret."""


def _encodable(text: str) -> str:
    """Return the text if it can be encoded as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        message = "holds half a character"
        raise ValueError(message) from error
    return text


def is_blank(value: Any) -> bool:
    """Tell whether the value is null or blank, which is as if it were not given."""
    return value is None or (isinstance(value, str) and not value.strip())


Text = Annotated[str, AfterValidator(_encodable)]
Name = Text | int
"""An identifier: some systems write numbers without quotes."""
Amount = float | int | Decimal | Text
Moment = datetime | int | float | Text


class Event(BaseModel):
    """One event, as plain values: they are normalised and hashed before anything is sent.

    What is not given has the actor's default: a Purchase on a website, now, in US dollars, of a customer in the US.

    >>> sale = Event(email="Ada@Example.com", value=12.5, currency="EUR", order_id="A-1", action_source="email")
    >>> sale
    Event(email=***, value=12.5, currency='EUR', order_id=***, action_source='email')
    >>> import importer
    >>> result = importer.event(sale, demo=True)
    >>> result.success, result.items[0]["payload"]["user_data"]["em"][0][:8]
    (True, 'b5fc85e5')
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )

    event_name: Text | None = None
    custom_event_name: Text | None = Field(default=None, description="used when event_name is CustomEvent")
    event_id: Text | None = Field(default=None, description="the id that the Pixel's copy of the event bears")
    email: Text | None = None
    phone: Name | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    city: Text | None = None
    state: Text | None = None
    country: Text | None = None
    zip_code: Name | None = None
    external_id: Name | None = None
    fbclid: Text | None = None
    fbp: Text | None = None
    fbc: Text | None = None
    client_ip_address: Text | None = None
    client_user_agent: Text | None = None
    event_time: Moment | None = Field(default=None, description="ISO 8601, without a zone UTC; or Unix seconds")
    event_source_url: Text | None = None
    value: Amount | None = None
    currency: Text | None = None
    order_id: Name | None = None
    content_ids: Text | list[Name] | tuple[Name, ...] | None = Field(default=None, description="separated by commas")
    content_type: Text | None = None
    action_source: Text | None = None
    is_already_hashed: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, data: Any) -> Any:
        """Treat what is null or blank as not given."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if not is_blank(value)}

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """Show only what was given, and no value of a customer."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name in self.model_fields_set:
                yield name, value if name in SAFE_TO_SHOW else _Masked()

    def get_or_default(self, name: str) -> Any:
        """Return the parameter's value, or the actor's default."""
        value = getattr(self, name)
        return DEFAULTS.get(name) if value is None else value


class Input(Event):
    """A whole input of the actor: the task, where it goes, and the parameters of one event."""

    task: Task = "send_event"
    access_token: SecretStr | None = None
    pixel_id: Text | None = None
    ad_account_id: Text | None = None
    test_event_code: Text | None = None
    events: list[Any] | tuple[Any, ...] | Text | None = None
    webhook_url: Text | None = None
    demo_mode: bool = True

    @model_validator(mode="before")
    @classmethod
    def _rename_task(cls, data: Any) -> Any:
        """Replace the earlier name of a task by its name today."""
        task = data.get("task") if isinstance(data, dict) else None
        return {**data, "task": SYNONYMS[task]} if isinstance(task, str) and task in SYNONYMS else data


class _Masked:
    """A value that is not shown."""

    def __repr__(self) -> str:
        return "***"
