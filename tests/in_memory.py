"""Folders for a test's files in memory: a commit waits for no disk there, and none is worn by some hundred thousand.

What a disk does when the power goes is nothing that a test can see: it kills processes, and what those wrote is there.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

ENOUGH = 4 << 30
"""A run of everything writes about one of these; where there is less, what is written goes to the disk."""


def write_in_memory(memory: Path = Path("/dev/shm"), meminfo: Path = Path("/proc/meminfo")) -> bool:
    """Have temporary folders made in memory, if nobody said where, it has room and programs may be started there."""
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK | os.X_OK):
        return False
    there = os.statvfs(memory)
    if there.f_bavail * there.f_frsize < ENOUGH or there.f_flag & os.ST_NOEXEC:
        return False
    # How much a folder may take is no memory that is there; what is tested runs in the other half.
    if _free(meminfo) < 2 * ENOUGH:
        return False
    os.environ["TMPDIR"] = tempfile.tempdir = str(memory)
    return True


def _free(meminfo: Path) -> int:
    lines = meminfo.read_text("ascii").splitlines() if meminfo.exists() else []
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:")), 0)
