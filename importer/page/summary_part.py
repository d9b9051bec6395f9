"""The summary page's own middle part, as a part of another page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from importer.combined_reports import read_reports
from importer.results.summary_page import render

STYLE = re.compile(r' style="([^"]*)"')
MAIN = re.compile(r'<main id="main">(.*)</main>', re.DOTALL)


@dataclass(frozen=True)
class SummaryPart:
    """HTML without a style attribute, which the page's policy refuses, and the styles as rules for it."""

    html: str
    css: str


def summary_style() -> str:
    """Return the summary page's own style, which the page's pages share."""
    return (resources.files("importer.results.summary_page") / "templates" / "page.css").read_text(encoding="utf-8")


def summary_part(reports: Sequence[Path]) -> SummaryPart:
    """Return the summary of Parquet reports, of several each sale once, pictures included."""
    totals, runs = read_reports(reports)
    found = MAIN.search(render(totals, runs, several=len(reports) > 1))
    html = found[1] if found else ""
    rules: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        return f' data-style="{rules.setdefault(match[1], str(len(rules)))}"'

    html = STYLE.sub(named, html)
    css = "".join(f'[data-style="{name}"]{{{style}}}' for style, name in rules.items())
    return SummaryPart(html, css)
