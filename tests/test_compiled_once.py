"""The first process of a run collects alone, and no process waits for nothing."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.compiled_once import tell_the_others, wait_for_the_first


def process(name: str | None, folder: Path) -> Any:
    """What pytest knows in a process of a run; in a run of one process, nothing of other ones."""
    given = {"workerinput": {"workerid": name}} if name else {}
    return SimpleNamespace(option=SimpleNamespace(basetemp=str(folder / f"popen-{name}") if name else None), **given)


def waiting(config: Any) -> threading.Thread:
    """A process that was asked to wait, as a thread."""
    thread = threading.Thread(target=wait_for_the_first, args=(config,), daemon=True)
    thread.start()
    return thread


def test_the_others_wait_until_the_first_has_collected(tmp_path: Path) -> None:
    """Those that begin later do not wait at all."""
    second = waiting(process("gw1", tmp_path))
    time.sleep(0.5)
    assert second.is_alive()
    tell_the_others(process("gw1", tmp_path))  # says nothing
    assert second.is_alive()
    tell_the_others(process("gw0", tmp_path))
    second.join(5)
    third = waiting(process("gw2", tmp_path))
    third.join(5)
    assert not second.is_alive()
    assert not third.is_alive()


def test_whoever_is_first_or_alone_waits_for_nobody(tmp_path: Path) -> None:
    """Nor does it leave anything where no other process looks."""
    for config in (process("gw0", tmp_path), process(None, tmp_path)):
        alone = waiting(config)
        alone.join(5)
        assert not alone.is_alive()
    tell_the_others(process(None, tmp_path))
    assert list(tmp_path.iterdir()) == []
