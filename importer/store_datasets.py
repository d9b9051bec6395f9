"""`--datasets FILE.toml`: which store's sales go to which dataset, with which token.

    [store.Berlin]
    dataset = "1001"
    token_file = "berlin.token"     # or token_env = "BERLIN_TOKEN"; else the run's own token

A store's `profile` may give its dataset and token file. Rows of one run are read alike, so a profile that reads them
in another way than the run does is refused.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from importer.core.plan import fold_value
from importer.errors import UsageError
from importer.option_values import CHECKS, token_in
from importer.profiles import profile_options
from importer.secret import Secret
from importer.settings import Settings, require_access, require_token

KEYS = ("dataset", "token_file", "token_env", "profile")
OF_OUTPUT = ("report", "rejects", "summary", "save_answers", "webhook", "alert", "online", "force", "now")
"""What a profile may say besides: it does not change what is sent."""


@dataclass(frozen=True)
class Store:
    """A store's dataset, and its token if it has one of its own."""

    dataset: str
    token: Secret | None = None


def with_routes(settings: Settings, *, to_send: bool) -> Settings:
    """Return the settings with the stores of `--datasets`; a UsageError says what is wrong with the file.

    to_send: their tokens are read as well, as where Meta is asked about each.
    """
    if settings.datasets is None:
        return settings
    if settings.dataset_column is None:
        message = "--datasets FILE.toml goes with --dataset-column COLUMN, which names each row's store."
        raise UsageError(message)
    stores = {name: _store(name, told, settings, to_send=to_send) for name, told in _told(settings.datasets).items()}
    folded: dict[str, str] = {}
    for name in stores:
        if (other := folded.setdefault(fold_value(name), name)) != name:
            message = (
                f"{settings.datasets}: the stores {other} and {name} differ in case or blanks only; keep one of them."
            )
            raise UsageError(message)
    tokens = {store.dataset: store.token for store in stores.values() if store.token is not None}
    datasets = {name: store.dataset for name, store in stores.items()}
    return replace(settings, stores=tuple(datasets.items()), tokens=tuple(tokens.items()))


def _told(path: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        message = f"{path} (--datasets) is not valid TOML: {error}."
        raise UsageError(message) from error
    except (OSError, ValueError) as error:
        message = f"{path} (--datasets) cannot be read; check its path and permissions, and that it is UTF-8 text."
        raise UsageError(message) from error
    stores = data.get("store")
    if (
        set(data) != {"store"}
        or not isinstance(stores, dict)
        or not all(isinstance(one, dict) for one in stores.values())
    ):
        message = f'{path} (--datasets) holds stores and nothing else, each as [store.NAME] with dataset = "...".'
        raise UsageError(message)
    return stores


def _store(name: str, told: Mapping[str, Any], settings: Settings, *, to_send: bool) -> Store:
    where = f"{settings.datasets}: [store.{name}]"
    for key, value in told.items():
        if key in ("token", "access_token"):
            message = (
                f"{where} {key}: a token does not stand here; put it into a file of its own and name it: token_file."
            )
            raise UsageError(message)
        if key not in KEYS or not isinstance(value, str | int):
            message = f"{where}: the key {key} is not known or not a text; a store has {', '.join(KEYS)}."
            raise UsageError(message)
    profile = {} if "profile" not in told else _of_profile(str(told["profile"]), where, settings)
    dataset = str(told.get("dataset", profile.get("dataset", "")))
    if not re.fullmatch(r"[0-9]{1,32}", dataset):
        message = f'{where}: dataset must be the digits of its id, such as dataset = "1234567890".'
        raise UsageError(message)
    if not to_send:
        return Store(dataset)
    folder = Path(settings.datasets or "").parent
    file = folder / str(told["token_file"]) if "token_file" in told else profile.get("token_file")
    variable = str(told.get("token_env", ""))
    if variable and not os.environ.get(variable):
        message = f"{where}: the environment has no {variable} (token_env); set it to the store's token."
        raise UsageError(message)
    text = os.environ[variable] if variable else None if file is None else token_in(Path(file))
    return Store(dataset, None if text is None else CHECKS["token"](text))


def _of_profile(name: str, where: str, settings: Settings) -> Mapping[str, Any]:
    """Return a profile's options; UsageError where it says anything else than the run does of how rows are read."""
    options = profile_options(name)
    for key, value in options.items():
        if key in ("dataset", "token_file", *OF_OUTPUT):
            continue
        told = CHECKS.get(key, lambda one: one)(value)
        if told != getattr(settings, key, told):
            message = (
                f"{where}: its profile {name} says another {key} than this run, whose rows are all read alike; give "
                f"--{key.replace('_', '-')} for all of them, or send that store's rows in a run of its own."
            )
            raise UsageError(message)
    return options


def require_one_dataset(settings: Settings, command: str) -> Settings:
    """Return the settings; UsageError where they route rows to several datasets, which the command does not do."""
    if settings.dataset_column is None and settings.datasets is None:
        return settings
    message = (
        f"{command} is for one dataset and takes neither --dataset-column nor --datasets, nor a profile that holds "
        "them; send such files with send."
    )
    raise UsageError(message)


def access_to(settings: Settings, dataset: str) -> Settings:
    """Return the settings for one dataset of a run: its id, and its token where it has one of its own."""
    return replace(settings, dataset=dataset, token=dict(settings.tokens).get(dataset, settings.token))


def require_routes(settings: Settings) -> Settings:
    """Return the settings if they say where to send, with which token; else raise a UsageError."""
    if settings.dataset_column is None:
        return require_access(settings)
    for name, dataset in settings.stores:
        if settings.token is None and dataset not in dict(settings.tokens):
            message = (
                f"{settings.datasets}: the store {name} has no token; name its token_file or token_env, or put a "
                "token for all of them into the environment's CAPI_ACCESS_TOKEN."
            )
            raise UsageError(message)
    return settings if settings.stores else require_token(settings)
