"""Scripts that run with a file system of their own mounted, such as a small disk that is soon full."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ALONE = ("/usr/bin/unshare", "-rm", "/bin/sh", "-c")
"""Runs a shell line in a mount name space of its own."""


def run_in_mounts(
    mount: str, script: str, folder: Path, timeout: float = 120, options: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a script after a mount that it alone sees; skip the test where none may be made."""
    if not Path(ALONE[0]).exists():
        pytest.skip("needs mounts of its own")
    if subprocess.run([*ALONE, mount], check=False, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    (folder / "script.py").write_text(script, encoding="utf-8")
    inside = f"{mount} && {sys.executable} {folder}/script.py {folder} {shlex.join(options)}"
    root = Path(__file__).resolve().parents[1]
    return subprocess.run([*ALONE, inside], cwd=root, capture_output=True, text=True, check=False, timeout=timeout)
