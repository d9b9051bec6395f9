"""A local stand-in for Meta's Graph API, strict as Meta is. START HERE: `app.Sandbox.handle`.

It imports nothing of the program but its errors: what judges the program must not share its mistakes.
"""

from importer.standin.app import Sandbox
from importer.standin.memory import Logged, Summary
from importer.standin.options import Options
from importer.standin.reading import World
from importer.standin.rehearsal import bad_gateway, every, lose_every, throttled, unavailable
from importer.standin.request import CUT, Reply, Request
from importer.standin.server import Running, run_forever, serve

__all__ = [
    "CUT",
    "Logged",
    "Options",
    "Reply",
    "Request",
    "Running",
    "Sandbox",
    "Summary",
    "World",
    "bad_gateway",
    "every",
    "lose_every",
    "run_forever",
    "serve",
    "throttled",
    "unavailable",
]
