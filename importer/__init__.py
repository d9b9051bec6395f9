"""capi-import: offline sales from CSV, Parquet and Excel exports into Meta's Conversions API, a result for every row.

Every command has a function of the same name here, with the same options. Each is imported when it is first used, so
that `capi-import --help` need not wait for pandas. To read the program, START HERE: commands/send.py.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importer.actor.parameters import Event
    from importer.actor.results import TaskResult
    from importer.commands.column_values import StatusWord, samples, statuses
    from importer.commands.columns import Columns, columns
    from importer.commands.deliver import deliver
    from importer.commands.demo import demo
    from importer.commands.event import event, event_async
    from importer.commands.explain import Explanation, explain
    from importer.commands.init import init
    from importer.commands.ledger import forget, ledger, ledger_accept, ledger_backup, ledger_check, ledger_copy
    from importer.commands.pixels import pixel, pixels
    from importer.commands.prepare import PreparedFolder, prepare
    from importer.commands.report import report
    from importer.commands.runs import Refunds, Run, runs
    from importer.commands.sale import SaleLine, sale
    from importer.commands.sandbox import sandbox
    from importer.commands.schemas import schemas
    from importer.commands.send import check, check_async, send, send_async
    from importer.commands.task import task
    from importer.commands.template import template
    from importer.commands.watch import Watched, watch
    from importer.errors import (
        AccessError,
        CapiImportError,
        FileError,
        Interrupted,
        LedgerError,
        MetaUnavailable,
        NeedsAnswer,
        SchemaError,
        UsageError,
    )
    from importer.graph.models import Pixel, PixelReport
    from importer.inputs import Importable
    from importer.option_types import Edit
    from importer.page.web import web
    from importer.progress import Progress
    from importer.questions import Question
    from importer.results import Summary

    __version__: str

__all__ = [
    "AccessError",
    "CapiImportError",
    "Columns",
    "Edit",
    "Event",
    "Explanation",
    "FileError",
    "Importable",
    "Interrupted",
    "LedgerError",
    "MetaUnavailable",
    "NeedsAnswer",
    "Pixel",
    "PixelReport",
    "PreparedFolder",
    "Progress",
    "Question",
    "Refunds",
    "Run",
    "SaleLine",
    "SchemaError",
    "StatusWord",
    "Summary",
    "TaskResult",
    "UsageError",
    "Watched",
    "__version__",
    "check",
    "check_async",
    "columns",
    "deliver",
    "demo",
    "event",
    "event_async",
    "explain",
    "forget",
    "init",
    "ledger",
    "ledger_accept",
    "ledger_backup",
    "ledger_check",
    "ledger_copy",
    "pixel",
    "pixels",
    "prepare",
    "report",
    "runs",
    "sale",
    "samples",
    "sandbox",
    "schemas",
    "send",
    "send_async",
    "statuses",
    "task",
    "template",
    "watch",
    "web",
]

_MODULES = {
    "AccessError": "errors",
    "CapiImportError": "errors",
    "Columns": "commands.columns",
    "Edit": "option_types",
    "Event": "actor.parameters",
    "Explanation": "commands.explain",
    "FileError": "errors",
    "Importable": "inputs",
    "Interrupted": "errors",
    "LedgerError": "errors",
    "MetaUnavailable": "errors",
    "NeedsAnswer": "errors",
    "Pixel": "graph.models",
    "PixelReport": "graph.models",
    "PreparedFolder": "commands.prepare",
    "Progress": "progress",
    "Question": "questions",
    "Refunds": "commands.runs",
    "Run": "commands.runs",
    "SaleLine": "commands.sale",
    "SchemaError": "errors",
    "StatusWord": "commands.column_values",
    "Summary": "results",
    "TaskResult": "actor.results",
    "UsageError": "errors",
    "Watched": "commands.watch",
    "check": "commands.send",
    "check_async": "commands.send",
    "columns": "commands.columns",
    "deliver": "commands.deliver",
    "demo": "commands.demo",
    "event": "commands.event",
    "event_async": "commands.event",
    "explain": "commands.explain",
    "forget": "commands.ledger",
    "init": "commands.init",
    "ledger": "commands.ledger",
    "ledger_accept": "commands.ledger",
    "ledger_backup": "commands.ledger",
    "ledger_check": "commands.ledger",
    "ledger_copy": "commands.ledger",
    "pixel": "commands.pixels",
    "pixels": "commands.pixels",
    "prepare": "commands.prepare",
    "report": "commands.report",
    "runs": "commands.runs",
    "sale": "commands.sale",
    "samples": "commands.column_values",
    "sandbox": "commands.sandbox",
    "schemas": "commands.schemas",
    "send": "commands.send",
    "send_async": "commands.send",
    "statuses": "commands.column_values",
    "task": "commands.task",
    "template": "commands.template",
    "watch": "commands.watch",
    "web": "page.web",
}


if not TYPE_CHECKING:  # a type checker would take each mistyped name for one of them

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            return _version()
        if name not in _MODULES:
            message = f"module 'importer' has no attribute {name!r}"
            raise AttributeError(message)
        return getattr(import_module(f"importer.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  30 ms that --help does without

    try:
        return version("capi-import")
    except PackageNotFoundError:  # run from a folder without being installed
        return ""
