"""Profiles: the options under `[profile.NAME]` of `capi-import.toml`, here or in the user's configuration folder."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import platformdirs

from importer.errors import UsageError
from importer.small_files import read_small

FILE = "capi-import.toml"


def _text(value: Any) -> str | None:
    return None if isinstance(value, bool | list | dict) else str(value)


def _moment(value: Any) -> Any:
    return value if isinstance(value, str | datetime) else str(value) if isinstance(value, date) else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _list(value: Any) -> tuple[str, ...] | None:
    """Take one text, a list of texts, or a table: `map = {Betrag = "value"}` is `--map Betrag=value`."""
    if isinstance(value, dict):
        value = [f"{name}={meaning}" for name, meaning in value.items()]
    texts = [value] if isinstance(value, str) else value
    return tuple(texts) if isinstance(texts, list) and all(isinstance(text, str) for text in texts) else None


_TEXTS = (
    "dataset", "schema", "sheet", "encoding", "join_on", "event_name", "action_source", "online_sales",
    "event_source_url", "currency", "country", "timezone", "date_order", "decimal", "rows", "test_event_code",
    "graph_url", "graph_version", "webhook", "format", "connection", "dataset_column", "customers", "ledger", "report",
    "rejects", "summary", "save_answers", "token_file", "datasets", "suppress", "folder", "edits",
)  # fmt: skip
_FLAGS = ("all_sheets", "already_hashed", "accept_mapping", "ldu", "online", "force")
_LISTS = ("map", "status", "trust_host", "alert", "consent")
KEYS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    **dict.fromkeys(_TEXTS, (_text, 'a text in quotation marks, such as "EUR"')),
    **dict.fromkeys(_FLAGS, (_flag, "true or false")),
    **dict.fromkeys(_LISTS, (_list, 'a list of texts, such as ["Betrag=value"]')),
    **dict.fromkeys(("batch_size", "concurrency"), (_number, "a whole number")),
    "now": (_moment, "a time, such as 2026-11-23T23:00:00Z"),
}
"""What a profile may hold: the option's name -> how its value is read, and what it must be."""

PATHS = (
    "customers", "ledger", "report", "rejects", "summary", "save_answers", "token_file", "datasets", "suppress",
    "folder", "edits",
)  # fmt: skip
"""Options that name files: relative to the file in which the profile stands."""


def profile_options(name: str) -> dict[str, Any]:
    """Return the options of a profile, as `send` takes them in Python; a UsageError says what is wrong with it.

    `./capi-import.toml` is read, and where there is none the one in the user's configuration folder; they are not
    merged. Paths are relative to the file.
    """
    path = profiles_file()
    if path is None:
        message = f"There is no {FILE} here or in {config_folder()}; write one with: capi-import init"
        raise UsageError(message)
    profiles = read_profiles(path)
    if name not in profiles:
        known = f"it has {', '.join(sorted(profiles)) or 'none'}"
        message = f"{path} has no profile {name}; {_nearest(name, profiles) or known + '.'}"
        raise UsageError(message)
    return {
        key.replace("-", "_"): _value(key.replace("-", "_"), value, path, name) for key, value in profiles[name].items()
    }


def watched_folders() -> dict[Path, str]:
    """Return the folders that profiles name for `watch`, and the profile of each."""
    path = profiles_file()
    profiles = {} if path is None else read_profiles(path)
    return {Path(profile_options(name)["folder"]): name for name, options in profiles.items() if "folder" in options}


def profiles_file() -> Path | None:
    """Return the file of profiles that counts: the one in this folder, else the user's, else None."""
    places = (Path(FILE), config_folder() / FILE)
    return next((place for place in places if place.is_file()), None)


def config_folder() -> Path:
    """Return the user's configuration folder of this program."""
    return Path(platformdirs.user_config_dir("capi-import", appauthor=False))


def read_profiles(path: Path) -> dict[str, dict[str, Any]]:
    """Return the profiles of a file by name, their keys and values as they stand."""
    try:
        data = tomllib.loads(read_small(path).decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not valid TOML: {error}."
        raise UsageError(message) from error
    except (OSError, ValueError, RecursionError) as error:
        message = f"{path} cannot be read; check its permissions and that it is UTF-8 text."
        raise UsageError(message) from error
    for key in data.keys() - {"profile"}:
        message = (
            f"{path}: the key {key} is not known; {_nearest(key, ['profile']) or 'options stand under [profile.NAME].'}"
        )
        raise UsageError(message)
    profiles = data.get("profile", {})
    if not isinstance(profiles, dict) or not all(isinstance(options, dict) for options in profiles.values()):
        message = f"{path}: options stand under [profile.NAME], such as [profile.berlin]."
        raise UsageError(message)
    return profiles


def _is_empty(value: Any) -> bool:
    """Tell whether an option that may be repeated was not given at all."""
    return isinstance(value, tuple) and not value


def with_profile(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with those of the profile that they name; an option given wins over the profile's.

    Of `map` and `status` the profile's entries count as well, but for those that a given one answers.
    """
    given = {name: value for name, value in options.items() if value is not None and not _is_empty(value)}
    name = given.pop("profile", None)
    if name is None:
        return given
    told = profile_options(str(name))
    told.pop("folder", None)  # for `watch` alone
    for option, other in (("token", "token_file"), ("sheet", "all_sheets"), ("all_sheets", "sheet")):
        if option in given:
            told.pop(other, None)
    for repeated in ("map", "status"):
        if repeated in given and repeated in told:
            given[repeated] = _with_told(_entries(given[repeated]), told[repeated], of_fields=repeated == "map")
    return told | given


def _entries(given: Any) -> tuple[str, ...]:
    if isinstance(given, Mapping):
        return tuple(f"{name}={meaning}" for name, meaning in given.items())
    return (given,) if isinstance(given, str) else tuple(given)


SEVERAL = ("em", "ph", "-")
"""Fields of --map that several columns fill, or that none does."""


def _with_told(given: Collection[str], told: Collection[str], *, of_fields: bool) -> tuple[str, ...]:
    """Return the given entries and, of the profile's, those for other columns or words and (of_fields) other fields."""
    names = {text.rpartition("=")[0] for text in given}
    fields = {text.rpartition("=")[2] for text in given} - {*SEVERAL} if of_fields else set()
    others = (text for text in told if text.rpartition("=")[0] not in names and text.rpartition("=")[2] not in fields)
    return (*given, *others)


def _value(key: str, value: Any, path: Path, profile: str) -> Any:
    where = f"{path}: [profile.{profile}]"
    if key in ("token", "access_token"):
        message = f"{where} {key}: a token does not stand here; put it into a file of its own and name it: token_file."
        raise UsageError(message)
    if key not in KEYS:
        message = f"{where} the key {key} is not known; {_nearest(key, KEYS) or 'remove it or correct its name.'}"
        raise UsageError(message)
    read, wanted = KEYS[key]
    found = read(value)
    if found is None:
        message = f"{where} {key} must be {wanted}."
        raise UsageError(message)
    if key in PATHS and "://" not in found:
        return path.parent / Path(found).expanduser()
    if key == "schema" and ((path.parent / found).is_file() or Path(found).suffix):
        return str(path.parent / Path(found).expanduser())
    return found


def _nearest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]}?" if near else ""
