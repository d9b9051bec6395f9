"""A local sandbox in place of Meta's Graph API, strict as Meta is. START HERE: `app.Sandbox.handle`.

It imports nothing of the program but its errors: what judges the program must not share its mistakes.
"""

from importer.graph_sandbox.app import Sandbox
from importer.graph_sandbox.memory import Logged, SandboxSummary
from importer.graph_sandbox.reading_side import World
from importer.graph_sandbox.rehearsal import bad_gateway, every, lose_every, throttled, unavailable
from importer.graph_sandbox.request import CUT, Request, Response
from importer.graph_sandbox.sandbox_options import SandboxOptions
from importer.graph_sandbox.server import Running, run_forever, serve

__all__ = [
    "CUT",
    "Logged",
    "Request",
    "Response",
    "Running",
    "Sandbox",
    "SandboxOptions",
    "SandboxSummary",
    "World",
    "bad_gateway",
    "every",
    "lose_every",
    "run_forever",
    "serve",
    "throttled",
    "unavailable",
]
