"""capi-import: offline sales from CSV, Parquet and Excel exports into Meta's Conversions API, a result for every row.

Every command has a function of the same name here, with the same options. They are imported when they are first asked
for, so that `capi-import --help` need not wait for pandas. To read the program, begin with `run.py`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importer.actor.parameters import Event
    from importer.actor.results import TaskResult
    from importer.actor.tasks import event, task
    from importer.datasets import pixel, pixels
    from importer.errors import CapiImportError
    from importer.holdings import forget, ledger
    from importer.pixel_values import Pixel, PixelReport
    from importer.recognition import Columns, columns
    from importer.rendering import report_again
    from importer.report import Summary
    from importer.run import check, send
    from importer.settings import schemas
    from importer.showcase import demo, sandbox

__all__ = [
    "CapiImportError",
    "Columns",
    "Event",
    "Pixel",
    "PixelReport",
    "Summary",
    "TaskResult",
    "check",
    "columns",
    "demo",
    "event",
    "forget",
    "ledger",
    "pixel",
    "pixels",
    "report_again",
    "sandbox",
    "schemas",
    "send",
    "task",
]

_HOMES = {
    "CapiImportError": "errors",
    "Columns": "recognition",
    "Event": "actor.parameters",
    "Pixel": "pixel_values",
    "PixelReport": "pixel_values",
    "Summary": "report",
    "TaskResult": "actor.results",
    "check": "run",
    "columns": "recognition",
    "demo": "showcase",
    "event": "actor.tasks",
    "forget": "holdings",
    "ledger": "holdings",
    "pixel": "datasets",
    "pixels": "datasets",
    "report_again": "rendering",
    "sandbox": "showcase",
    "schemas": "settings",
    "send": "run",
    "task": "actor.tasks",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module 'importer' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"importer.{_HOMES[name]}"), name)
