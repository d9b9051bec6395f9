"""Libraries that not everybody needs: each is installed by an extra."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from importer.errors import UsageError


def extra(module: str, name: str) -> ModuleType:
    """Import a library. UsageError: its extra is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        message = f"This needs the extra {name}: pip install 'capi-import[{name}]'."
        raise UsageError(message) from error
