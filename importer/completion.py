"""What a shell offers behind an option when the tab key is pressed; imports nothing that is slow."""

from __future__ import annotations

import html
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import TypeAlias

import click
from click.shell_completion import CompletionItem

from importer.errors import CapiImportError
from importer.profiles import profiles_file, read_profiles

Completer: TypeAlias = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

MOST_XML, MOST_UNPACKED = 1 << 20, 50 << 20
"""Bytes of a workbook's list of sheets that are read, and of a whole workbook that is opened."""


def _completer(values: Callable[[Sequence[str]], Iterable[str]]) -> Completer:
    """Return what completes by values, whatever the case; `values` gets the arguments before the option."""

    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        begun = incomplete.casefold()
        with suppress(CapiImportError, OSError):
            return [CompletionItem(_typed(one)) for one in values(context.args) if one.casefold().startswith(begun)]
        return []

    return complete


def _typed(value: str) -> str:
    """Return a value as it is typed: bash inserts it as it is, but for one of two backslashes; others quote it."""
    if os.environ.get("_CAPI_IMPORT_COMPLETE") != "bash_complete":
        return value
    return re.sub(r"([^\w./:+-])", r"\\\\\1", value)


def zones(_: Sequence[str]) -> list[str]:
    """Return the names of the time zones, as the package tzdata lists them."""
    return sorted(resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def schema_names(_: Sequence[str]) -> list[str]:
    """Return the names of the exports that are known."""
    folder = resources.files("importer._schemas") / "exports"
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


def currencies(_: Sequence[str]) -> list[str]:
    """Return the codes of the currencies."""
    from importer.core.tables.currencies import MINOR_DIGITS  # noqa: PLC0415

    return sorted(MINOR_DIGITS)


def countries(_: Sequence[str]) -> list[str]:
    """Return the codes of the countries."""
    from importer.core.tables.countries import CODES  # noqa: PLC0415  a long table

    return sorted({code.upper() for code in CODES.values()})


def profiles(_: Sequence[str]) -> list[str]:
    """Return the names of the profiles in the file that counts."""
    path = profiles_file()
    return [] if path is None else sorted(read_profiles(path))


def sheets(files: Sequence[str]) -> Iterator[str]:
    """Yield the sheets of the workbooks that are named before the option."""
    for path in files:
        with suppress(OSError, ValueError, zipfile.BadZipFile):
            yield from sheet_names(Path(path))


def sheet_names(path: Path) -> list[str]:
    """Return the names of a workbook's sheets; of .xlsx without reading any of them."""
    if path.suffix.lower() in {".xlsx", ".xlsm", ".ods"}:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" in archive.namelist():
                with archive.open("xl/workbook.xml") as part:
                    found = re.findall(r'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"', part.read(MOST_XML).decode())
                return [html.unescape(name) for name in found]
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                return []
    elif path.suffix.lower() != ".xls" or path.stat().st_size > MOST_UNPACKED:
        return []
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    with suppress(CalamineError):
        return CalamineWorkbook.from_path(str(path)).sheet_names
    return []


complete_zone = _completer(zones)
complete_currency = _completer(currencies)
complete_country = _completer(countries)
complete_profile = _completer(profiles)
complete_sheet = _completer(sheets)


def complete_schema(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the known exports and, where none begins like that, the files."""
    found = _completer(schema_names)(context, parameter, incomplete)
    return found or [CompletionItem(incomplete, type="file")]
