"""What is woken: a project to which nothing came that was due, and no other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from application.engine_room.standing import Overdue
from application.office import overdue
from application.office.lost_timeouts import IN_TURN, LOOKS, LostTimeouts
from application.office.office import Office
from application.office.outlook import OutlookDesk
from application.office.overdue import MAY_TAKE, Waker, overdue_projects
from application.office.register import RegisterDesk
from domain.ids import supervision_workflow_id
from domain.ports.ledger import Decision
from domain.rungs.wakeups import next_wakeup
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.domain.samples import PROJECT, Desk, at


@dataclass
class Sleeping:
    """An office whose engine wakes nobody: a project is recorded until an instant, and time goes on."""

    ledger: InMemoryLedger
    now: datetime
    first: datetime
    """When something comes due next."""
    woken: list[str] = field(default_factory=list)
    hurried: list[datetime] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    begun: dict[str, datetime] = field(default_factory=dict)
    """What is under way in the engine, and since when."""
    waker: Waker | None = None

    def __post_init__(self) -> None:
        self.register = self.ledger.register()
        outbox = SimpleNamespace(open_mail=lambda: ())
        self.records = SimpleNamespace(ledger=self.ledger, register=self.register, outbox=outbox)
        self.engine = self

    def engine_now(self) -> datetime:
        return self.now

    def supervised(self, at: datetime) -> datetime:
        return at

    async def look_at_the_clock(self, project_id: str) -> None:
        self.woken.append(project_id)

    async def look(self) -> list[str]:
        """One pass; who was woken in it."""
        self.woken.clear()

        async def hurry(now: datetime) -> None:
            self.hurried.append(now)

        async def at_once() -> None:
            return None

        async def repair(workflow_id: str) -> str:
            self.repaired.append(workflow_id)
            return "reset"

        self.waker = self.waker or Waker(cast(Office, self), hurry, at_once, repair)
        await self.waker.look()
        return list(self.woken)


@pytest.fixture
async def sleeping(monkeypatch: pytest.MonkeyPatch) -> Sleeping:
    """A project with everything recorded that is due until a working morning, looked ahead in on that day."""

    async def all_rest(of: Any, which: Overdue) -> dict[str, datetime | None]:
        return {workflow_id: of.begun.get(workflow_id) for workflow_id in which.ids}

    monkeypatch.setattr(overdue, "resting", all_rest)
    ledger, desk = InMemoryLedger(lambda: at("04-25")), Desk()
    desk.run_until(at("05-10 10:00"))
    first = next_wakeup(desk.state, at("05-10 10:00"))
    assert first is not None
    office = Sleeping(ledger, at("05-10 10:00"), first)
    await ledger.record(Decision(stream=supervision_workflow_id(PROJECT), events=tuple(desk.events)))
    await RegisterDesk(cast(Any, ledger), office.register, office.engine_now).follow()
    await OutlookDesk(cast(Any, ledger), office.register, office.engine_now).follow()
    return office


async def test_what_was_due_is_waited_for_five_minutes_and_then_woken(sleeping: Sleeping) -> None:
    """Before its instant and just after it nobody is woken; then it is, in every pass until something comes of it."""
    first = sleeping.first
    for now, woken in ((first, []), (first + MAY_TAKE, []), (first + MAY_TAKE * 1.1, [PROJECT])):
        sleeping.now = now
        assert await sleeping.look() == woken
        assert list((await overdue_projects(cast(Office, sleeping))).ids) == list(map(supervision_workflow_id, woken))
    assert await sleeping.look() == [PROJECT]
    assert sleeping.hurried[-1] == sleeping.now - MAY_TAKE


async def test_a_paper_that_missed_its_day_waits_for_the_next_opening_and_nobody_is_woken_before(
    sleeping: Sleeping,
) -> None:
    """In the evening the paper goes out no more: the project is put off until the morning, and woken then."""
    sleeping.now = sleeping.first.replace(hour=20, minute=0)
    assert await sleeping.look() == []
    (kept,) = sleeping.register.outlook.kept()
    assert kept.wakes_at is not None
    assert kept.wakes_at > sleeping.now
    assert list((await overdue_projects(cast(Office, sleeping))).ids) == []
    sleeping.now = kept.wakes_at + MAY_TAKE * 1.1
    assert await sleeping.look() == [PROJECT]


async def test_what_was_begun_and_never_ends_is_repaired_in_the_fourth_look_and_ever_more_seldom(
    sleeping: Sleeping,
) -> None:
    """The same beginning in four looks one after another; another beginning, or a look without it, counts anew."""
    sleeping.now = sleeping.first + MAY_TAKE * 1.1
    workflow_id = supervision_workflow_id(PROJECT)
    for minute in (1, 1, 1, 2, 2, 2, None, 2, 2, 2):
        sleeping.begun = {workflow_id: sleeping.first + timedelta(minutes=minute)} if minute else {}
        await sleeping.look()
    assert sleeping.repaired == []
    repaired_in = []
    for look in range(4, 40):
        await sleeping.look()
        repaired_in += [look] * len(sleeping.repaired)
        sleeping.repaired.clear()
    assert repaired_in == [4, 8, 16, 32]


async def test_what_was_begun_and_never_ends_is_repaired_where_nothing_is_due(sleeping: Sleeping) -> None:
    """Nobody need act first, and no day need come: four looks, as with what is overdue; nobody is woken for it."""
    sleeping.now = sleeping.first - timedelta(minutes=30)
    workflow_id = supervision_workflow_id(PROJECT)
    sleeping.begun = {workflow_id: sleeping.now - timedelta(minutes=10)}
    for _ in range(LOOKS):
        assert sleeping.repaired == []
        assert await sleeping.look() == []
    assert sleeping.repaired == [workflow_id]


def test_of_many_projects_a_few_are_looked_at_in_turn_and_what_is_doubtful_each_time() -> None:
    """Each look asks the engine about as many as before, however many there are, and none is left out."""

    async def nothing(_: str) -> str:
        return ""

    every = [f"key-project/2018/{number:03d}" for number in range(3 * IN_TURN)]
    lost = LostTimeouts(nothing)
    looks = [lost.to_look_at(every) for _ in range(4)]
    assert [len(look) for look in looks] == [IN_TURN] * 4
    assert sorted(each for look in looks[:3] for each in look) == every
    assert looks[3] == looks[0]
    asyncio.run(lost.look({every[5]: at("05-10 10:00")}))
    assert len(lost.to_look_at(every)) == IN_TURN + 1
    assert every[5] in lost.to_look_at(every)
    assert every[5] not in lost.to_look_at(every[:5])
    assert lost.to_look_at([]) == []
