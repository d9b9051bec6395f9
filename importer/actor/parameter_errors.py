"""Wrong parameters in plain words: each is named, none is quoted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel

from importer.actor.parameters import TASKS

M = TypeVar("M", bound=BaseModel)

MOST_TOLD = 5
MOST_LETTERS = 60
NEAR = 0.7
WANTED: Mapping[str, str] = {
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
    "item_price": "a number",
    "price": "a number",
}
"""What a parameter takes, where it is not text."""
KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    ((int, float), "a number"),
    (str, "text"),
    ((list, tuple), "a list"),
    (Mapping, "an object"),
)


@dataclass(frozen=True)
class Mistake:
    """Why an event cannot be made: the first parameter at fault, a stable code, and a sentence that says what to do."""

    field: str
    reason: str
    message: str


def read(model: type[M], data: Mapping[str, Any]) -> M | Mistake:
    """The model that the data make, or what is wrong with them."""
    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        return _told(found, _names(model))


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _told(found: Iterable[Any], known: list[str]) -> Mistake:
    """Each parameter once, by its name in the input."""
    sentences: dict[str, tuple[str, str]] = {}
    for error in found:
        name = _written(error["loc"], known)
        sentences.setdefault(name, _sentence(name, error, known))
    first = next(iter(sentences))
    told = [sentence for _, sentence in sentences.values()][:MOST_TOLD]
    more = len(sentences) - len(told)
    return Mistake(first, sentences[first][0], " ".join(told) + (f" And {more} more." if more else ""))


def _written(place: tuple[Any, ...], known: list[str]) -> str:
    """The parameter's name as the input writes it; of a place inside it only numbers and names of keys."""
    head = str(place[0]) if place else "input"
    if head not in known and to_camel(head) in known:
        head = to_camel(head)
    inner = [str(step) for step in place[1:] if isinstance(step, int)][:1] if head in ("events", "contents") else []
    return ".".join([head[:MOST_LETTERS], *inner])


def _sentence(name: str, error: Any, known: list[str]) -> tuple[str, str]:
    if error["type"] == "extra_forbidden":
        near = get_close_matches(name, known, 1, NEAR)
        hint = f"; did you mean {near[0]}?" if near else "; remove it or correct its name."
        return "unknown_parameter", f"{name} is no parameter{hint}"
    if error["type"] == "value_error":
        return "bad_parameter", f"{name} {error['msg'].removeprefix('Value error, ')}; correct it."
    if error["type"] == "missing":
        return "missing_parameter", f"{name} is missing; add it."
    wanted = WANTED.get(name.partition(".")[0], "text")
    given = kind_of(error["input"])
    return "bad_parameter", f"{name} must be {wanted}" + (f", not {given}." if given not in wanted else ".")


def kind_of(value: Any) -> str:
    """What a JSON value is, without quoting it."""
    return next((words for kind, words in KINDS if isinstance(value, kind)), "null")
