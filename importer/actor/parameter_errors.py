"""Wrong parameters in plain words: each is named, no value is quoted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel

from importer.actor.parameters import TASKS

M = TypeVar("M", bound=BaseModel)

MOST_NAMED = 5
NAME_LENGTH = 60
NEAR = 0.7
EXPECTED: Mapping[str, str] = {
    "phone": "text",
    "value": "a number such as 12.50",
    "eventTime": "ISO 8601 text or Unix seconds",
    "event_time": "Unix seconds or ISO 8601 text",
    "isAlreadyHashed": "true or false",
    "demoMode": "true or false",
    "opt_out": "true or false",
    "contentIds": "text with commas, or a list of texts",
    "events": "a list of events, or text that holds one as JSON",
    "task": f"one of {', '.join(TASKS)}",
    "user_data": "an object",
    "custom_data": "an object",
    "original_event_data": "an object",
    "data_processing_options": "a list",
    "data_processing_options_country": "a whole number",
    "data_processing_options_state": "a whole number",
    "contents": "a list of objects",
    "quantity": "a positive number",
    "item_price": "a number that is not negative",
    "price": "a number that is not negative",
    "delivery_category": "in_store, curbside or home_delivery",
}
"""What a parameter must be, where it is not text."""
TYPE_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    ((int, float), "a number"),
    (str, "text"),
    ((list, tuple), "a list"),
    (Mapping, "an object"),
)


@dataclass(frozen=True)
class ParameterError:
    """Why an event is not valid: the first wrong parameter, a stable code, and a sentence that says what to do."""

    field: str
    reason: str
    message: str


def read(model: type[M], data: Mapping[str, Any]) -> M | ParameterError:
    """Validate the data by the model; return it, or what is wrong with them."""
    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        return _combined(found, [field.alias or name for name, field in model.model_fields.items()])


def _combined(found: Iterable[Any], known: list[str]) -> ParameterError:
    """Combine the errors: each parameter once, by its name in the input."""
    sentences: dict[str, tuple[str, str]] = {}
    for error in found:
        name = _input_name(error["loc"], known)
        sentences.setdefault(name, _sentence(name, error, known))
    first = next(iter(sentences))
    named = [sentence for _, sentence in sentences.values()][:MOST_NAMED]
    more = len(sentences) - len(named)
    return ParameterError(first, sentences[first][0], " ".join(named) + (f" And {more} more." if more else ""))


def _input_name(place: tuple[Any, ...], known: list[str]) -> str:
    """Return the parameter's name as the input writes it; of a place inside it only the first index."""
    head = str(place[0]) if place else "input"
    if head not in known and to_camel(head) in known:
        head = to_camel(head)
    inner = [str(step) for step in place[1:] if isinstance(step, int)][:1] if head in ("events", "contents") else []
    return ".".join([head[:NAME_LENGTH], *inner])


def _sentence(name: str, error: Any, known: list[str]) -> tuple[str, str]:
    if error["type"] == "extra_forbidden":
        near = get_close_matches(name, known, 1, NEAR)
        hint = f"; did you mean {near[0]}?" if near else "; remove it or correct its name."
        return "unknown_parameter", f"{name} is not a parameter{hint}"
    if error["type"] == "value_error":
        return "bad_parameter", f"{name} {error['msg'].removeprefix('Value error, ')}; correct it."
    if error["type"] == "missing":
        return "missing_parameter", f"{name} is missing; add it."
    expected = EXPECTED.get(name.partition(".")[0], "text")
    given = type_name(error["input"])
    return "bad_parameter", f"{name} must be {expected}" + (f", not {given}." if given not in expected else ".")


def type_name(value: Any) -> str:
    """Name the type of a JSON value in plain words."""
    return next((words for kind, words in TYPE_NAMES if isinstance(value, kind)), "null")
