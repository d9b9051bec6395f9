"""What help() shows of a function's options: their names, types and the command line's own words, in one list."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import click

from importer.options import Decorator

F = TypeVar("F", bound=Callable[..., Any])

IN_PYTHON = {
    "name": "What messages and the report call the only input.",
    "token": "The access token; or token_file, or env CAPI_ACCESS_TOKEN.",
    "app_secret": "Requests carry an appsecret_proof; env CAPI_APP_SECRET.",
    "keep_rejected": "Whether Summary.rejected_rows is kept.  [default: true]",
}
"""Options that the command line does not have."""


def lists_options(kind: type, group: Decorator) -> Callable[[F], F]:
    """Return a decorator that lists the options of a TypedDict in a function's signature and text.

    group: the command line's options, which say what each means.
    """
    hints = {name: _Plain(_written(hint)) for name, hint in get_type_hints(kind).items()}

    def decorate(function: F) -> F:
        words = _words(group)
        lines = [f"{name} ({hint}): {words.get(name, '')}" for name, hint in hints.items()]
        options = "\n    ".join(["Options:", *(line.removesuffix(": ") for line in lines)])
        function.__doc__ = f"{inspect.getdoc(function)}\n\n{options}\n"
        vars(function)["__signature__"] = _signature(function, hints)
        return function

    return decorate


class _Plain(str):
    """A type as it is written, shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _written(hint: Any) -> str:
    """Return a type as a reader would write it, without the None that says nothing."""
    parts = [part for part in get_args(hint) if part is not type(None)]
    shown = [" | ".join(map(repr, get_args(part))) if get_origin(part) is Literal else _name(part) for part in parts]
    return " | ".join(shown)


def _name(kind: Any) -> str:
    text = kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)
    return re.sub(r"\b(collections\.abc|os)\.", "", text)


def _words(group: Decorator) -> dict[str, str]:
    def bare() -> None:
        """Take the options of the group."""

    params: list[click.Parameter] = getattr(group(bare), "__click_params__", [])
    return IN_PYTHON | {str(one.name): one.help or "" for one in params if isinstance(one, click.Option)}


def _signature(function: Callable[..., Any], hints: Mapping[str, str]) -> inspect.Signature:
    """Return the signature with each option by its name, so that editors and notebooks complete them."""
    own = inspect.signature(function)
    named = [one for one in own.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hint)
        for name, hint in hints.items()
    ]
    return own.replace(parameters=[*named, *options])
