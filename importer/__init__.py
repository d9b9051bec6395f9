"""capi-import: offline sales from CSV, Parquet and Excel exports into Meta's Conversions API, a result for every row.

Every command has a function of the same name here, with the same options. Each is imported when it is first used, so
that `capi-import --help` need not wait for pandas. To read the program, START HERE: commands/send.py.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importer.actor.parameters import Event
    from importer.actor.results import TaskResult
    from importer.commands.columns import Columns, columns
    from importer.commands.deliver import deliver
    from importer.commands.demo import demo
    from importer.commands.event import event
    from importer.commands.init import init
    from importer.commands.ledger import forget, ledger, ledger_accept, ledger_backup, ledger_check, ledger_copy
    from importer.commands.pixels import pixel, pixels
    from importer.commands.prepare import PreparedFolder, prepare
    from importer.commands.report import report
    from importer.commands.runs import Refunds, Run, runs
    from importer.commands.sandbox import sandbox
    from importer.commands.schemas import schemas
    from importer.commands.send import check, send
    from importer.commands.task import task
    from importer.commands.template import template
    from importer.errors import CapiImportError
    from importer.graph.models import Pixel, PixelReport
    from importer.results import Summary

__all__ = [
    "CapiImportError",
    "Columns",
    "Event",
    "Pixel",
    "PixelReport",
    "PreparedFolder",
    "Refunds",
    "Run",
    "Summary",
    "TaskResult",
    "check",
    "columns",
    "deliver",
    "demo",
    "event",
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
    "sandbox",
    "schemas",
    "send",
    "task",
    "template",
]

_MODULES = {
    "CapiImportError": "errors",
    "Columns": "commands.columns",
    "Event": "actor.parameters",
    "Pixel": "graph.models",
    "PixelReport": "graph.models",
    "PreparedFolder": "commands.prepare",
    "Refunds": "commands.runs",
    "Run": "commands.runs",
    "Summary": "results",
    "TaskResult": "actor.results",
    "check": "commands.send",
    "columns": "commands.columns",
    "deliver": "commands.deliver",
    "demo": "commands.demo",
    "event": "commands.event",
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
    "sandbox": "commands.sandbox",
    "schemas": "commands.schemas",
    "send": "commands.send",
    "task": "commands.task",
    "template": "commands.template",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        message = f"module 'importer' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"importer.{_MODULES[name]}"), name)
