"""Memory that was freed goes back to the system, though some of what lies around it is still in use."""

import platform
import subprocess
import sys

import pytest

SCRIPT = """
from pathlib import Path
import numpy as np
from importer.freed_memory import give_back_freed_memory, keep_freed_memory

def resident():
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) // 1024

keep_freed_memory()
blocks = [np.ones(1 << 17) for _ in range(200)]
used = blocks[::10]
del blocks
before = resident()
give_back_freed_memory()
print(before - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library than glibc")
def test_freed_memory_is_given_back_from_between_what_is_in_use():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 100
