"""A mailbox keeps the hours of the newest list, and nothing that was never the office's."""

from __future__ import annotations

from datetime import time

from activities.recording import RecordingActivities
from application.engine_room.mail_rules import OfficeMailRules
from domain.clock import VirtualClock
from domain.ids import supervision_workflow_id
from domain.ports.actions import MailKeeps
from domain.ports.ledger import Decision
from domain.rules.policy import SupervisionPolicy
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import MORNING
from tests.domain.samples import Desk

_CLOCK = VirtualClock()
_EARLY, _LATE, _STRANGE = (SupervisionPolicy(digest_at=time(hour)) for hour in (9, 10, 11))


async def _docketed(ledger: InMemoryLedger, year: int, policy: SupervisionPolicy) -> Desk:
    desk = Desk(policy=policy)
    stream = supervision_workflow_id(f"{year}-01")
    await RecordingActivities(ledger).record_decision(Decision(stream=stream, events=tuple(desk.events)))
    return desk


async def test_when_a_newer_list_has_other_hours_every_mailbox_keeps_them_and_nobody_is_accused() -> None:
    """Also one that wakes by those of the year before; a project of an older list that comes later changes nothing."""
    ledger = InMemoryLedger(lambda: MORNING)
    rules = OfficeMailRules(ledger)
    desk = await _docketed(ledger, 2018, _EARLY)
    keeps = MailKeeps(policy=_EARLY, calendar=desk.state.calendar, clock=_CLOCK, at=MORNING)
    assert await rules.instead("宣传部", keeps) is None
    await _docketed(ledger, 2019, _LATE)
    await _docketed(ledger, 2018, _EARLY.model_copy(update={"spread_minutes": 7}))
    instead = await rules.instead("宣传部", keeps)
    assert instead is not None
    assert instead.policy == _LATE
    assert await rules.instead("宣传部", instead) is None
    assert list(ledger.refusals()) == []


async def test_hours_that_no_list_has_are_refused_on_record() -> None:
    """Whoever reaches the engine can start a mailbox with his own."""
    ledger = InMemoryLedger(lambda: MORNING)
    desk = await _docketed(ledger, 2018, _EARLY)
    keeps = MailKeeps(policy=_STRANGE, calendar=desk.state.calendar, clock=_CLOCK, at=MORNING)
    instead = await OfficeMailRules(ledger).instead("宣传部", keeps)
    assert instead is not None
    assert instead.policy == _EARLY
    assert [refusal.rule for refusal in ledger.refusals()] == ["mailbox_keeps_the_offices_calendar"]
