"""`demo`: the whole journey on sample data against the built-in sandbox."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.commands.send import send
from importer.errors import FileError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.results import Summary
from importer.results.files_db import Standing, standing
from importer.terminal.summary_screen import show

if TYPE_CHECKING:
    from rich.console import Console

NOW = datetime.fromisoformat("2026-11-23T23:00:00+00:00")
"""The demo's clock stands still: the samples' sales are inside Meta's window at this moment."""

DATASET = "1001"
LEDGER = "demo-ledger.db"
"""Removed before each demo, so no name that a ledger of real sales bears."""
SAMPLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("shopify_pos.csv", {}),
    ("odoo_pos.csv", {"timezone": "Europe/Brussels", "currency": "EUR"}),
    ("loyalty_transactions.parquet", {"timezone": "America/Chicago", "currency": "USD"}),
)
RESULTS = (
    *(f"{name}.report.csv" for name, _ in SAMPLES),
    *(str(Path(name).with_suffix(".html")) for name, _ in SAMPLES),
    "second-run.report.csv",
    "second-run.html",
)
"""What a demo leaves; removed before the next one where nobody changed it."""


def demo(folder: str | Path = "capi-import-demo", console: Console | None = None) -> int:
    """Send three exports to the sandbox, one of them again; leave the reports in the folder to look at.

    Return 0 when all went as it should, else 1.
    """
    from rich.console import Console as RichConsole  # noqa: PLC0415  slow to import

    folder, console = Path(folder), console or RichConsole()
    files = _copy_samples(folder)
    graph = Sandbox(SandboxOptions(), clock=NOW.timestamp)
    pages: list[Path | None] = []
    with serve(graph) as running:
        for path, (_, options) in zip(files, SAMPLES, strict=True):
            arguments = "".join(f" --{name} {value}" for name, value in options.items())
            console.rule(f"capi-import send {path.name}{arguments}", align="left")
            summary = _send(path, options, folder, running.url)
            pages.append(summary.page)
            show(summary, console)
        console.rule(f"The same again: capi-import send {files[0].name}", align="left")
        again = _send(files[0], SAMPLES[0][1], folder, running.url, report=folder / "second-run.report.csv")
        show(again, console)
    got = graph.summary()
    console.print(
        f"The sandbox received {got.received} events, {got.distinct} of them distinct, and refused "
        f"{sum(got.refusals.values())} requests. Open {pages[0]} in a browser; "
        f"the reports and the other summaries lie beside it in {folder}.",
        highlight=False,
        soft_wrap=True,
    )
    return 0 if got.repeats == 0 and not got.refusals else 1


def _send(path: Path, options: dict[str, Any], folder: Path, url: str, report: Path | None = None) -> Summary:
    summary = path.with_name("second-run.html") if report else path.with_suffix(".html")
    return send(
        path,
        dataset=DATASET,
        token="demo-token",  # noqa: S106  the sandbox takes any
        graph_url=url,
        ledger=folder / LEDGER,
        report=report,
        summary=summary,
        now=NOW,
        **options,
    )


@contextmanager
def sample_data() -> Iterator[Path]:
    """Yield the folder of the samples that come with the program."""
    with resources.as_file(resources.files("importer")) as package:
        places = (package / "sample_data", package.parent / "sample_data")  # in a wheel, in a checkout
        yield next(place for place in places if place.is_dir())


def _copy_samples(folder: Path) -> list[Path]:
    """Copy the samples into the folder; remove an earlier demo's ledger and results, if nobody changed them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        results = [folder / name for name in RESULTS if standing(folder / name) is Standing.OWN]
        for old in [*folder.glob(f"{LEDGER}*"), *results]:
            old.unlink()
        with sample_data() as source:
            for name, _ in SAMPLES:
                if (folder / name).exists() and (folder / name).read_bytes() != (source / name).read_bytes():
                    message = f"{folder / name} is not the sample of that name; give another folder with --folder."
                    raise FileError(message)
            return [Path(shutil.copyfile(source / name, folder / name)) for name, _ in SAMPLES]
    except OSError as error:
        message = f"The demo's folder {folder} cannot be written; give another with --folder."
        raise FileError(message) from error
