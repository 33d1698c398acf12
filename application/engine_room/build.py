"""Which build of the code runs here: the name under which the engine knows it."""

from __future__ import annotations

import contextlib
import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import domain
import workflows
from application.engine_room.data_folder import write_whole

DEPLOYMENT = "duban"
"""The deployment whose versions are our builds."""
_MARK = "build"


@cache
def build_id() -> str:
    """The installed version, and a digest of what a decision depends on: the core, the workflows, the engine's library.

    A command, a document or an adapter that changes makes no other build.
    """
    digest = hashlib.sha256(version("temporalio").encode())
    for package in (domain, workflows):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            digest.update(path.relative_to(root.parent).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return f"{version('duban')}-{digest.hexdigest()[:12]}"


def worked_last(engine_folder: Path) -> str | None:
    """The build that has agreed with everything on a data folder's engine, or none."""
    try:
        return (engine_folder / _MARK).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def works_now(engine_folder: Path) -> None:
    """Remember that this build agrees with everything on a data folder's engine."""
    write_whole(engine_folder / _MARK, build_id())


def none_agrees(engine_folder: Path) -> None:
    """Forget which build agreed: another one works from now on, and the one that comes back is to ask as well."""
    with contextlib.suppress(OSError):  # a disk that takes nothing is told by whatever needs it
        (engine_folder / _MARK).unlink(missing_ok=True)
