"""All projects are brought back one after the other: one that does not answer holds up no other."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock

import pytest

from application.audit.kept_histories import Archive
from application.office import repairing
from application.office.overdue import DoneBy
from application.office.repairing import Mended, Repairing
from domain.errors import DubanError, EngineUnreachableError, ProjectUnavailableError

SILENT, AHEAD = "2018-01", "2018-02"
SAYS_NOTHING = ProjectUnavailableError("2018-01 没有应答", project_id=SILENT)


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Two projects that seem well."""
    monkeypatch.setattr(repairing, "recorded_projects", lambda _: (SILENT, AHEAD))
    monkeypatch.setattr(repairing, "known_state", lambda *_: SimpleNamespace(closed=False))
    monkeypatch.setattr(repairing, "overdue_among", lambda *_: None)
    monkeypatch.setattr(repairing, "sick_projects", AsyncMock(return_value=[]))
    monkeypatch.setattr(repairing, "preflight", AsyncMock(return_value=SimpleNamespace(differences=())))
    monkeypatch.setattr(Repairing, "one", AsyncMock(return_value=Mended(AHEAD, None, "已按台账接着办")))
    return cast(Archive, SimpleNamespace(engine=AsyncMock(), ledger=None))


def answers(monkeypatch: pytest.MonkeyPatch, silent: DubanError) -> None:
    """The first one answers with an error, the second one knows more than its ledger."""

    async def ahead_by(_: Any, project_id: str) -> int:
        if project_id == SILENT:
            raise silent
        return 1

    monkeypatch.setattr(repairing, "ahead_by", ahead_by)


async def test_one_that_does_not_answer_is_told_and_the_next_is_repaired(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails for one project is its result."""
    answers(monkeypatch, SAYS_NOTHING)
    done = await Repairing(archive, "王芳", cast(DoneBy, None)).each()
    assert done == {SILENT: SAYS_NOTHING, AHEAD: Mended(AHEAD, None, "已按台账接着办")}


async def test_an_engine_that_is_gone_ends_it(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """No project is told as silent for it."""
    answers(monkeypatch, EngineUnreachableError("引擎没有应答"))
    with pytest.raises(EngineUnreachableError):
        await Repairing(archive, "王芳", cast(DoneBy, None)).each()


async def test_one_that_lacks_what_the_ledger_has_takes_it_in(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's database was put back: a look is enough, nothing is reset, and nothing more is on record."""
    monkeypatch.undo()
    monkeypatch.setattr(repairing, "recorded_state", lambda *_: SimpleNamespace(closed=False))
    monkeypatch.setattr(repairing, "overdue_among", lambda *_: None)
    monkeypatch.setattr(repairing, "sickness_of", AsyncMock(return_value=None))
    monkeypatch.setattr(repairing, "_would_stop", AsyncMock(return_value=False))
    monkeypatch.setattr(repairing, "ahead_by", AsyncMock(side_effect=[-2, -2, -2, 0]))
    monkeypatch.setattr(repairing, "_LOOK_AGAIN_SECONDS", 0)
    given = SimpleNamespace(**vars(archive), log=AsyncMock())
    done = await Repairing(cast(Archive, given), "王芳", cast(DoneBy, None)).one("key-project/2018/01")
    assert done == Mended(SILENT, None, "督办流程缺台账里的 2 条记录，已经补上")
    given.engine.look_at_the_clock.assert_awaited_once_with(SILENT)
    given.log.record_repair.assert_not_awaited()
