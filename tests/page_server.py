"""`capi-import web` started as a user starts it, in a process and a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


class PageServer:
    """A running page: its address with the key, its origin, and the folders that it may write to."""

    def __init__(self, home: Path, *arguments: str, **environ: str) -> None:
        self.home = home
        self.temporary = home / "tmp"
        self.temporary.mkdir(parents=True, exist_ok=True)
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CAPI_")}
        environment = kept | {
            "HOME": str(home),
            "TMPDIR": str(self.temporary),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CONFIG_HOME": str(home / "config"),
            **environ,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "importer", "web", "--no-browser", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=home,
        )
        self.address = self.process.stdout.readline().strip()
        self.origin = self.address.partition("/?")[0]
        self.host = self.origin.removeprefix("http://")

    def stop(self) -> int:
        """End it in order; return its exit code."""
        if self.process.stdout.closed:
            return self.process.returncode
        self.process.terminate()
        code = self.process.wait(30)
        self.said = self.process.stderr.read()
        for stream in (self.process.stdout, self.process.stderr):
            stream.close()
        return code
