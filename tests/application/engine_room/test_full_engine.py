"""A full disk under the engine and under the keys of a running installation: what it says, and that it goes on.

That heads are signed when there is room again is held in `tests/adapters/test_full_disks.py`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.entrypoints.installation import DUBAN, Home, part_of_the_plan, until
from tests.small_disk import SmallDisk, small_disk


class Running:
    """An installation whose engine and keys lie on small disks of their own."""

    def __init__(self, home: Home, engine: SmallDisk, keys: SmallDisk) -> None:
        self.home = home
        self.engine = engine
        self.keys = keys

    def report(self) -> int:
        """Give a command; answer its exit status."""
        lead = "组织部"
        done = self.home.call("report", "2018-01", "1", f"进展 {time.monotonic_ns()}", "--by", lead)
        assert "Traceback" not in done.stderr
        return done.returncode

    def check(self, name: str) -> tuple[bool, str]:
        """What the doctor says under a name."""
        done = self.home.call("doctor", "--json")
        assert "Traceback" not in done.stderr
        checks = {check["name"]: (check["ok"], check["text"]) for check in json.loads(done.stdout)["checks"]}
        return checks[name]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two projects under `duban run`."""
    home = Home(tmp_path_factory.mktemp("full"))
    with ExitStack() as disks:
        engine = disks.enter_context(small_disk(home.data / "engine", 24_000))
        keys = disks.enter_context(small_disk(home.data / "keys", 64))
        try:
            plan = part_of_the_plan(home.folder, 2)
            home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25").shows("按 Ctrl-C 停止")
            yield Running(home, engine, keys)
        finally:
            home.close()


def test_acts_go_on_while_the_disk_of_the_keys_is_full(running: Running) -> None:
    """No head can be signed meanwhile, which holds up no act, and the doctor says what is full."""
    with running.keys.full():
        assert running.report() == 0
        good, text = running.check("room")

    assert not good
    assert "keys" in text


def test_acts_go_on_after_the_engines_disk_was_full(running: Running) -> None:
    """What is asked meanwhile is answered by a sentence, the doctor says what is full, and the next act works."""
    with running.engine.full():
        statuses = {running.report() for _ in range(2)}
        good, text = running.check("room")

    assert statuses <= {0, 1, 3}
    assert not good
    assert "engine" in text
    until(lambda: running.report() == 0, "an act")
    reconciled = running.home.call("audit", "reconcile")
    assert reconciled.returncode == 0, reconciled.stdout
