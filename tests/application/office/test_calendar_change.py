"""A new calendar reaches every mailbox of the year, those of superiors whom the directory names among them."""

from __future__ import annotations

from pathlib import Path
from typing import cast
from unittest.mock import AsyncMock

import pytest

from application.engine_room.engine import Engine
from application.office.calendar_change import CalendarChange
from application.office.every_project import AskedBy
from application.office.office import Office
from application.office.starting import addressees_for
from application.settings import Settings
from domain.actors import operator
from domain.rules.calendar import WorkingCalendar
from entrypoints.bootstrap import engine_now, open_records
from tests.adapters.ledger.samples import decision, paper, reminder
from tests.domain.samples import Desk, milestone


class Told:
    """An engine that only notes which mailboxes it was to tell."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def use_calendar(self, name: str, calendar: WorkingCalendar) -> None:
        """Note the mailbox."""
        assert calendar == WorkingCalendar()
        self.names.append(name)


async def test_a_superior_by_name_hears_of_the_calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has had a paper under the name of a post's holder is told; a stranger to the year is not."""
    found = AsyncMock(return_value=[state := Desk(milestone(1)).state])
    monkeypatch.setattr("application.office.every_project.states_of_year", found)
    told, settings = Told(), Settings(data=tmp_path / "data")
    with open_records(settings) as records:
        order = paper(
            0, kind="escalation_order", to="分管领导（王伟）", copies_to=("组织部", "老干部局主要负责人（钱七）")
        )
        await records.ledger.record(decision(reminder(0), papers=(order,)))
        office = Office(settings, cast(Engine, told), None, lambda: records, engine_now)
        change = CalendarChange(2018, AskedBy(operator("王芳"), None, "放假安排"), lambda *_: WorkingCalendar())
        problems = await change.tell_mailboxes(office)
    assert problems == {}
    assert told.names == [*addressees_for(state.project, state.policy), "分管领导（王伟）"]
