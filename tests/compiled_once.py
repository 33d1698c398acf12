"""On a fresh checkout each process of a run would compile the program and all of its tests: the first one does it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

_FIRST = "gw0"
_WAITS_SECONDS, _LOOKS_EVERY_SECONDS = 180.0, 0.2


def wait_for_the_first(config: pytest.Config) -> None:
    """Wait in the other processes of a run: what was compiled is read in a third of the time."""
    if (told := _told_by(config)) is None or _process(config) == _FIRST:
        return
    until = time.monotonic() + _WAITS_SECONDS
    while not told.exists() and time.monotonic() < until:
        time.sleep(_LOOKS_EVERY_SECONDS)


def tell_the_others(config: pytest.Config) -> None:
    """Say in the first process that all was collected."""
    if (told := _told_by(config)) is not None and _process(config) == _FIRST:
        told.touch()


def _process(config: pytest.Config) -> str | None:
    given: dict[str, str] = getattr(config, "workerinput", {})
    return given.get("workerid")


def _told_by(config: pytest.Config) -> Path | None:
    """A file beside the folders that the processes of a run have for themselves; none in a run of one process."""
    own = config.option.basetemp
    return Path(own).parent / "collected" if own and _process(config) else None
