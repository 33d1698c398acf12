"""A disk so small that a test can fill it: a mount of its own, or, where the tests may not mount, a limit on files."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class SmallDisk:
    """A folder that can be full."""

    folder: Path
    mounted: bool
    _filler: Path = field(init=False)

    def __post_init__(self) -> None:
        self._filler = self.folder / "filler"

    def fill(self) -> None:
        """Leave no room: whoever wants another byte hears that there is none."""
        if not self.mounted:
            # No file of this process may grow; what is asked hears an error instead of a signal.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
            return
        for size in (1 << 16, 1):
            with self._filler.open("ab", buffering=0) as file:
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    def free(self) -> None:
        """Make room again."""
        if self.mounted:
            self._filler.unlink(missing_ok=True)
        else:
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))

    @contextmanager
    def full(self) -> Iterator[None]:
        """Full as long as the block lasts."""
        self.fill()
        try:
            yield
        finally:
            self.free()


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[SmallDisk]:
    """A disk of so many kilobytes at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = False
    if os.geteuid() == 0 and shutil.which("mount"):
        command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    disk = SmallDisk(folder, mounted)
    try:
        yield disk
    finally:
        disk.free()
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)
