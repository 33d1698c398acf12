"""Changing the code under running years, by the commands that operators have."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.ledger.sqlite_schema import VERSIONS
from application.audit.preflight import Preflight, preflight
from application.audit.replaying import ReplayVerdict
from application.engine_room.build import build_id
from application.engine_room.versions import Build
from application.settings import load_settings
from entrypoints.bootstrap import open_office
from entrypoints.cli.upgrading import must_agree_with_this_build
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import Home, apart


def _version_of(ledger: Path, becomes: int | None = None) -> int:
    with closing(sqlite3.connect(ledger, isolation_level=None)) as file:
        if becomes is not None:
            file.execute(f"PRAGMA user_version={becomes}")
        return int(file.execute("PRAGMA user_version").fetchone()[0])


def test_a_healthy_installation_is_ready_for_its_own_code(
    home: Home, running: Duban, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`duban engine preflight` replays projects and mailboxes and ends in 0; an older ledger stays an older one."""
    _version_of(home.data / "ledger.db", len(VERSIONS) - 1)
    found: list[Preflight] = []

    async def replayed(*given: Any, **more: Any) -> Preflight:
        found.append(await preflight(*given, **more))
        return found[-1]

    async def as_found(*_: object, **__: object) -> Preflight:
        return found[-1]

    monkeypatch.setattr("entrypoints.cli.upgrading.preflight", replayed)
    answer = running("engine", "preflight")
    left = _version_of(home.data / "ledger.db")
    _version_of(home.data / "ledger.db", len(VERSIONS))
    assert (answer.status, "全部相符" in answer.out, left) == (0, True, len(VERSIONS) - 1)
    monkeypatch.setattr("entrypoints.cli.upgrading.preflight", as_found)  # replayed once, told twice
    told = running("engine", "preflight", "--json")
    assert told.status == 0
    assert told.document["workflows"] > 17
    assert told.document["differences"] == []


def test_each_workflow_that_differs_is_one_line_and_the_end_status_says_so(
    running: Duban, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A difference is a line with the workflow and the place; the command ends in 1, so that a deploy stops there."""
    verdict = ReplayVerdict(
        workflow_id="key-project/2018/01", runs=1, history_events=9, computed=2, recorded=2, problem="第19个事件不符"
    )

    async def differs(*_: object, **__: object) -> Preflight:
        return Preflight(workflows=3, history_events=40, differences=(verdict,))

    monkeypatch.setattr("entrypoints.cli.upgrading.preflight", differs)
    answer = running("engine", "preflight")
    assert answer.status == 1
    assert answer.out.splitlines()[0] == "2018-01 第19个事件不符"
    assert "1个流程与这套新程序不符" in answer.out.splitlines()[-1]


def test_without_pinned_projects_there_are_no_builds_to_wait_for(
    running: Duban, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data folder's own engine pins nothing: `builds` says so, and `current` says what would have to be there."""
    document = running("engine", "builds", "--json").document
    assert document == {"installed": build_id(), "builds": []}
    assert "由现在安装的版本办理" in running("engine", "builds").out
    monkeypatch.setattr("application.engine_room.versions._KNOWN_WITHIN_SECONDS", 0)
    answer = running("engine", "current")
    assert (answer.status, build_id() in answer.sentence) == (2, True)


def test_a_build_that_is_waited_for_in_vain_ends_in_1(running: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something is pinned to a build whose worker has gone: a line says which, and what to do."""

    async def known(*_: object) -> list[Build]:
        return [
            Build(build_id="new", current=True, pinned=2, workers=1),
            Build(build_id="old", current=False, pinned=3, workers=0),
        ]

    monkeypatch.setattr("entrypoints.cli.upgrading.builds", known)
    answer = running("engine", "builds")
    assert answer.status == 1
    assert "old" in answer.out.splitlines()[-1]
    assert running("engine", "builds", "--json").status == 1


@pytest.mark.parametrize("agrees", [True, False])
def test_a_start_under_another_build_asks_the_histories_first(
    home: Home, running: Duban, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, agrees: bool
) -> None:
    """What agrees is remembered and not asked again; what differs is named and asked again, and nothing is refused."""
    verdict = ReplayVerdict(
        workflow_id="key-project/2018/01", runs=1, history_events=9, computed=2, recorded=2, problem="第19个事件不符"
    )
    asked = []

    async def found(*_: object, **__: object) -> Preflight:
        asked.append(1)
        return Preflight(workflows=3, history_events=40, differences=() if agrees else (verdict,))

    async def start() -> None:
        async with open_office(load_settings({}, data=home.data)) as office:
            await must_agree_with_this_build(office)

    monkeypatch.setattr("entrypoints.cli.upgrading.preflight", found)
    (home.data / "engine" / "build").write_text("another", encoding="utf-8")
    for _ in range(2):
        apart(lambda: asyncio.run(start()))
    assert len(asked) == (1 if agrees else 2)
    assert ("第19个事件不符" in capsys.readouterr().err) is not agrees
    (home.data / "engine" / "build").write_text(build_id(), encoding="utf-8")


def test_whoever_comes_back_after_a_build_that_differed_asks_too(
    home: Home, running: Duban, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build worked on, differing in one project: the one before has not seen what it did, and asks again."""
    verdict = ReplayVerdict(
        workflow_id="key-project/2018/01", runs=1, history_events=9, computed=2, recorded=2, problem="第19个事件不符"
    )
    asked = []

    async def found(*_: object, **__: object) -> Preflight:
        asked.append(1)
        return Preflight(workflows=3, history_events=40, differences=(verdict,))

    async def start() -> None:
        async with open_office(load_settings({}, data=home.data)) as office:
            await must_agree_with_this_build(office)

    monkeypatch.setattr("entrypoints.cli.upgrading.preflight", found)
    monkeypatch.setattr("entrypoints.cli.upgrading.build_id", lambda: "another")
    apart(lambda: asyncio.run(start()))
    monkeypatch.setattr("entrypoints.cli.upgrading.build_id", build_id)
    apart(lambda: asyncio.run(start()))
    assert asked == [1, 1]
