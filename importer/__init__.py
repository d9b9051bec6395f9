"""capi-import: offline sales from CSV, Parquet and Excel exports into Meta's Conversions API, a result for every row.

Every command has a function of the same name here, with the same options. They are imported when they are first asked
for, so that `capi-import --help` need not wait for pandas. To read the program, begin with `run.py`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importer.errors import CapiImportError
    from importer.holdings import forget, ledger
    from importer.recognition import Columns, columns
    from importer.rendering import report_again
    from importer.report import Summary
    from importer.run import check, send
    from importer.settings import schemas
    from importer.showcase import demo, sandbox

__all__ = [
    "CapiImportError",
    "Columns",
    "Summary",
    "check",
    "columns",
    "demo",
    "forget",
    "ledger",
    "report_again",
    "sandbox",
    "schemas",
    "send",
]

_HOMES = {
    "CapiImportError": "errors",
    "Columns": "recognition",
    "Summary": "report",
    "check": "run",
    "columns": "recognition",
    "demo": "showcase",
    "forget": "holdings",
    "ledger": "holdings",
    "report_again": "rendering",
    "sandbox": "showcase",
    "schemas": "settings",
    "send": "run",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module 'importer' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"importer.{_HOMES[name]}"), name)
