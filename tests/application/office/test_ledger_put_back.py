"""A ledger's file that somebody put back alone, from an older copy, is told of before anybody acts on it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from application.office.record_checks import record_checks
from entrypoints import at_work
from entrypoints.bootstrap import engine_now
from tests.entrypoints.desk.small_office import SmallOffice, projects, small_office


def signed(office: SmallOffice, ahead: timedelta = timedelta()) -> tuple[bool, str]:
    """What the doctor says of the heads, where the writer's clock was ahead by so much."""
    told = record_checks(office.office.records, office.office.settings, engine_now() - ahead)
    checks = {check.name: check for check in told}
    return checks["signed"].ok, checks["signed"].text


async def test_the_doctor_says_that_the_ledger_was_put_back(tmp_path: Path) -> None:
    """The last signed head is kept beside it: how many entries are left, and what to do; before, all is well."""
    ledger, copied = tmp_path / "data" / "ledger.db", tmp_path / "copy.db"
    with small_office(tmp_path) as made:
        await made.take(projects()[0])
        await made.office.records.log.seal()
    await asyncio.to_thread(shutil.copyfile, ledger, copied)
    with small_office(tmp_path) as made:
        await made.take(projects()[1])
        await made.office.records.log.seal()
        assert signed(made)[0]
    for path in await asyncio.to_thread(lambda: list(ledger.parent.glob("ledger.db*"))):
        await asyncio.to_thread(path.unlink)
    await asyncio.to_thread(shutil.copyfile, copied, ledger)
    with small_office(tmp_path) as made:
        well, text = signed(made)
        assert not well
        assert "台账只剩" in text
        assert "duban restore" in text


async def test_the_doctor_says_that_the_clock_of_whoever_writes_ran_ahead(tmp_path: Path) -> None:
    """Until that instant has come no entry is dated as it was: whose clock is to be set, and what need not be done."""
    with small_office(tmp_path) as made:
        await made.take(projects()[0])
        await made.office.records.log.seal()
        well, text = signed(made, timedelta(days=1))
        assert not well
        assert "写台账的机器时钟走快过" in text
        assert signed(made)[0]


async def test_a_worker_begins_with_what_the_head_on_another_disk_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole folder was put back, the head beside the key with it: before it hears an act the worker knows."""
    data, apart, copied = tmp_path / "data", tmp_path / "apart", tmp_path / "copy"
    await asyncio.to_thread(apart.mkdir)
    for number in range(2):
        with small_office(tmp_path, guard=str(apart)) as made:
            await made.take(projects()[number])
            await made.office.records.log.seal()
        if number == 0:
            await asyncio.to_thread(shutil.copytree, data, copied)
    await asyncio.to_thread(shutil.rmtree, data)
    await asyncio.to_thread(copied.rename, data)
    known = []
    with small_office(tmp_path, guard=str(apart)) as made:

        @asynccontextmanager
        async def hears(*_: object, **__: object) -> AsyncIterator[None]:
            known.append(str(made.office.records.log.fork(near=True)))
            yield

        monkeypatch.setattr(at_work, "build_worker", hears)
        made.engine.client = MagicMock()  # type: ignore[attr-defined]  # a worker is built for it
        async with at_work.working(made.office):
            assert "台账只剩" in known[0]


async def test_a_worker_begins_where_the_heads_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of keys that may not be read ends no supervision: it is told in the log, and asked for again."""
    begun = []

    @asynccontextmanager
    async def hears(*_: object, **__: object) -> AsyncIterator[None]:
        begun.append(True)
        yield

    with small_office(tmp_path) as made:
        monkeypatch.setattr(type(made.office.records.log), "fork", MagicMock(side_effect=PermissionError("last-head")))
        monkeypatch.setattr(at_work, "build_worker", hears)
        made.engine.client = MagicMock()  # type: ignore[attr-defined]  # a worker is built for it
        async with at_work.working(made.office):
            assert begun
