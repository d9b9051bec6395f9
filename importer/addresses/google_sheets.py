"""Google Sheets by their export address: the address that a browser shows is turned into one that gives the file."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

SIGN_IN_HOST = "accounts.google.com"
"""Where a sheet that is not shared leads."""

_SHEET = re.compile(r"https://docs\.google\.com/spreadsheets/d/([\w-]+)(?:/(?:edit|view|htmlview)?)?(?:[?#].*)?")


def export_address(address: str) -> str:
    """Return the address that exports a Google Sheet: one sheet of it as CSV where its address names one, else all.

    Any other address, an export address too, is returned as it is.

    >>> export_address("https://docs.google.com/spreadsheets/d/1aB-c/edit?usp=sharing")
    'https://docs.google.com/spreadsheets/d/1aB-c/export?format=xlsx'
    >>> export_address("https://docs.google.com/spreadsheets/d/1aB-c/edit#gid=7")
    'https://docs.google.com/spreadsheets/d/1aB-c/export?format=csv&gid=7'
    """
    found = _SHEET.fullmatch(address)
    if found is None:
        return address
    parts = urlsplit(address)
    gid = parse_qs(parts.fragment).get("gid") or parse_qs(parts.query).get("gid") or [""]
    form = f"csv&gid={gid[0]}" if gid[0].isdecimal() else "xlsx"
    return f"https://docs.google.com/spreadsheets/d/{found[1]}/export?format={form}"


def sheet_name(address: str) -> str:
    """Return what a Google Sheet is called in reports, empty for any other address: its own name is not known."""
    if "//docs.google.com/spreadsheets/" not in address:
        return ""
    return "google-sheet.csv" if "format=csv" in export_address(address) else "google-sheet.xlsx"
