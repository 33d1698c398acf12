"""Where the web desk of a data folder answers, for whoever makes a link to it in another process.

The desk holds a lock on the file as long as it lives: the system takes it from one that was killed, whose port may be
another desk's by now.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from application.engine_room.data_folder import write_whole

DESK_ADDRESS: Final = "desk-address"


@contextmanager
def telling_address(data: Path, address: str) -> Iterator[None]:
    """Say in the data folder where the desk answers, as long as it does; a folder that takes nothing stops no desk."""
    place, lock = data / DESK_ADDRESS, None
    with suppress(OSError):
        write_whole(place, f"{address}\n")
        lock = os.open(place, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_SH)
    try:
        yield
    finally:
        if lock is not None:
            with suppress(OSError):  # another desk of the folder may answer by now
                if os.path.samestat(os.fstat(lock), place.stat()):
                    place.unlink()
            os.close(lock)


def told_address(data: Path) -> str | None:
    """Where the desk of this folder says that it answers; none where it has ended, or was killed."""
    with suppress(OSError), (data / DESK_ADDRESS).open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip().rstrip("/")
    return None
