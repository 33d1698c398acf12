"""A SQLite file as one reads it who must not change it, on whatever medium it lies."""

from __future__ import annotations

import os
from pathlib import Path


def read_only_uri(path: Path) -> str:
    """How a reader opens the file: it can neither write nor checkpoint."""
    # On a medium that nobody can write, such as an auditor's copy, there is no place for the shared index of a log.
    still = not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro" + ("&immutable=1" if still else "")


def is_on_a_still_medium(path: Path) -> bool:
    """Whether the file lies on a medium that nobody can write, whoever he is: a snapshot, an auditor's copy."""
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
