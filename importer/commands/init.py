"""`init`: a first `capi-import.toml`, by asking."""

from __future__ import annotations

import json
import os
import re
import shutil
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from importer.errors import FileError, UsageError
from importer.option_values import CHECKS
from importer.private_files import create_private
from importer.profiles import FILE, read_profiles

TITLE = "# Options of capi-import, by name: capi-import send FILE --profile NAME. A token never stands here."
FROM_ENVIRONMENT = "# The access token comes from the environment: CAPI_ACCESS_TOKEN."
QUESTIONS = (
    ("dataset", "Dataset id (digits, from Events Manager)"),
    ("token_file", "File with the access token (empty: from CAPI_ACCESS_TOKEN)"),
    ("timezone", "Time zone of the shop, such as Europe/Berlin"),
    ("currency", "Currency, such as EUR"),
    ("country", "Country, such as DE"),
)
TOKEN_LENGTH = 60
"""Characters of a text that is rather a token than a file's name."""


def init(profile: str, *, overwrite: bool = False, **options: Any) -> Path:
    """Write a profile into `capi-import.toml` in this folder, beside those that it has; return the file's path.

    The options are dataset, token_file, timezone, currency and country. overwrite: what the file held is gone. A
    UsageError says what is wrong, and where a profile of that name stands there already.
    """
    path = Path(FILE)
    lines = [f"[profile.{_key(profile)}]"]
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in _checked(options)]
    if not options.get("token_file"):
        lines.append(FROM_ENVIRONMENT)
    before = TITLE + "\n"
    if path.exists() and not overwrite:
        if profile in read_profiles(path):
            message = f"{path} has a profile {profile} already; give another name, or edit the file."
            raise UsageError(message)
        before = path.read_text(encoding="utf-8-sig").rstrip("\n") + "\n"
    _replace(path, before + "\n" + "\n".join(lines) + "\n")
    return path


def _checked(options: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the options that are given, each as its check leaves it."""
    for name, _ in QUESTIONS:
        if options.get(name):
            value = str(CHECKS[name](str(options[name])))
            yield name, value.upper() if name == "country" else value


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def _replace(path: Path, text: str) -> None:
    """Write the file anew, readable by its owner alone; what was there stays whole until then."""
    written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with create_private(written) as file:
            file.write(text.encode())
        written.replace(path)
    except OSError as error:
        written.unlink(missing_ok=True)
        message = f"{path} cannot be written; check this folder and its permissions."
        raise FileError(message) from error


def ask() -> str | None:
    """Ask the person at the terminal for a profile, and write it; return its name, None where nothing was written."""
    path, overwrite = Path(FILE), False
    _say(
        f"This writes {path}, so that a name stands for what you would type every week. Enter takes what is in "
        "brackets; a hyphen leaves it out."
    )
    known = list(read_profiles(path)) if path.exists() else []
    if path.exists():
        held = f"the profiles {', '.join(known)}" if known else "no profile"
        _say(f"There is a {path} here already, with {held}.")
        if not click.confirm("Add a profile to it?", default=True, err=True):
            overwrite = click.confirm("Write it anew, and lose what it holds?", default=False, err=True)
            if not overwrite:
                return None
    zone = local_zone()
    defaults = {"timezone": zone, "country": country_of(zone)}
    name = _answer("Name of the profile", "shop", _new_name([] if overwrite else known)) or "shop"
    given = {option: _answer(text, defaults.get(option, ""), _check_of(option)) for option, text in QUESTIONS}
    if given["token_file"] and not Path(given["token_file"]).expanduser().is_file():
        _say(f"There is no file {given['token_file']} yet: put the token into it, and let nobody else read it.")
    init(name, overwrite=overwrite, **given)
    return name


def _answer(text: str, default: str, check: Callable[[str], str]) -> str:
    """Ask until the answer is right; an empty one, and a hyphen where there is a default, leaves the line out."""
    while True:
        typed = str(click.prompt(text, default=default, show_default=bool(default), err=True)).strip()
        try:
            return check(typed) if typed not in ("", "-") else ""
        except UsageError as error:
            _say(str(error))


def _new_name(known: list[str]) -> Callable[[str], str]:
    def check(name: str) -> str:
        if name in known:
            message = f"There is a profile {name} already; give another name."
            raise UsageError(message)
        return name

    return check


def _check_of(option: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if option == "token_file" and len(value) > TOKEN_LENGTH and re.fullmatch(r"[A-Za-z0-9_-]+", value):
            message = "That looks like the token itself. Put it into a file, and give the file's name."
            raise UsageError(message)
        return str(CHECKS[option](value))

    return check


def _say(text: str) -> None:
    click.echo(click.wrap_text(text, min(80, shutil.get_terminal_size().columns)), err=True)


def local_zone() -> str:
    """Return this machine's time zone by its IANA name; empty where it has none, or UTC, as servers do."""
    place = os.environ.get("TZ", "").removeprefix(":") or str(Path("/etc/localtime").resolve())
    name = place.rpartition("zoneinfo/")[2]
    known = name in zoneinfo.available_timezones() and "/" in name and not name.startswith("Etc/")
    return name if known else ""


def country_of(zone: str) -> str:
    """Return the country of a time zone; empty where it is not known."""
    from importlib import resources  # noqa: PLC0415

    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab")
    with table.open(encoding="utf-8") as lines:
        found = (line.split("\t") for line in lines if not line.startswith("#"))
        return next((cells[0] for cells in found if cells[2].strip() == zone), "")
